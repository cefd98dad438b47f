"""While the machine can't do what is asked, a page says so kindly, and tells a program when to come back."""

from __future__ import annotations

import errno

import pytest
from django.db import InternalError, OperationalError

from practice.web.errors import server_error


def answer(rf, error):
    try:
        raise error
    except type(error):
        return server_error(rf.get("/"))


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database is locked"),
        OperationalError("database or disk is full"),
        OperationalError("attempt to write a readonly database"),
        OperationalError("server closed the connection unexpectedly"),
        InternalError("cannot execute INSERT in a read-only transaction"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
    ids=str,
)
def test_what_passes_by_itself_is_a_503_in_words(rf, error):
    said = answer(rf, error)

    assert (said.status_code, said["Retry-After"]) == (503, "60")
    assert "having trouble right now" in said.content.decode()
    assert str(error) not in said.content.decode()


@pytest.mark.parametrize("error", [InternalError("aborted"), OSError(errno.ENOENT, "no file"), ValueError()])
def test_a_mistake_of_ours_is_a_500(rf, error):
    assert answer(rf, error).status_code == 500
