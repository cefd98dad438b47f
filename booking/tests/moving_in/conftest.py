"""The practice into which tests import: Tess gives sessions, and is the owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from booking.models import Import, SessionType
from booking.moving_in.actions import steps
from booking.moving_in.actions.upload import choose, receive
from booking.moving_in.actions.work import work_on_next
from booking.testing import make_session_type, open_every_day
from practice.models import Practitioner, User
from practice.testing import make_practice, make_practitioner

Upload = Callable[..., Import]
CLIENTS = "name,email,phone\n"
TIMES = "name,email,start\n"


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    tess = make_practitioner()
    open_every_day(tess)
    return tess


@pytest.fixture
def session(tess: Practitioner) -> SessionType:
    return make_session_type(tess)


@pytest.fixture
def upload(tess: Practitioner) -> Upload:
    """A file, uploaded by Tess, with some of its choices changed."""

    def uploaded(kind: str, text: str, **chosen: object) -> Import:
        incoming = SimpleUploadedFile("clients.csv", text.encode())
        job = receive(incoming, kind=kind, by=tess.user, now=timezone.now())
        choose(job, {**job.choices, "order": job.choices["order"] or "mdy", **chosen})
        return job

    return uploaded


def checked(job: Import) -> Import:
    """The import, with all its rows checked."""
    steps.start_check(job)
    work_on_next()
    job.refresh_from_db()
    return job


def imported(job: Import) -> Import:
    """The import, checked and done."""
    steps.start_import(checked(job))
    work_on_next()
    job.refresh_from_db()
    return job


def undone(job: Import) -> Import:
    """The import, with all undone that can be."""
    steps.start_undo(job)
    work_on_next()
    job.refresh_from_db()
    return job


def results(job: Import) -> list[tuple[int, str, list[str]]]:
    """The number, the verdict and the codes of each row."""
    return [
        (one.number, one.verdict, [why["code"] for why in one.why]) for one in job.rows.order_by("number")
    ]


def people(count: int, start: int = 0) -> str:
    """A file of so many clients."""
    return CLIENTS + "".join(
        f"Person {n},p{n}@example.com,303 555 {n:04}\n" for n in range(start, start + count)
    )


def names() -> list[str]:
    """All clients here."""
    return sorted(User.objects.clients().values_list("name", flat=True))
