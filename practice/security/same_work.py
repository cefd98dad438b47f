"""Equal work whether it is wanted or not: the time an answer takes must not tell who is a client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import transaction


class _NotWanted(Exception):
    """Raised to undo what was written."""


@contextmanager
def rolled_back_unless(wanted: bool) -> Iterator[None]:
    """Do the work within, and keep what it writes only if it is `wanted`; else undo it at the end.

    For rows alone: nothing within may send, log or publish anything.
    """
    with suppress(_NotWanted), transaction.atomic():
        yield
        if not wanted:
            raise _NotWanted
