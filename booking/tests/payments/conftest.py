"""Ann's session with Tess this morning, for $95; the late fee is half of it."""

from __future__ import annotations

from typing import Any

import pytest

from booking.models import Appointment, SessionType
from booking.testing import make_appointment
from booking.tests.people import denver
from practice.models import Practitioner, User
from practice.testing import make_user

POLICY = {"free_hours": 24, "locked_hours": 2, "late_percent": 50, "moves_allowed": 2}


@pytest.fixture
def ann(practice: Any) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def faye(practice: Any) -> User:
    return make_user("Faye Moss", role=User.Role.FRONT_DESK)


@pytest.fixture
def one(session: SessionType, tess: Practitioner, ann: User) -> Appointment:
    """It took place at nine."""
    return session_of(session, tess, ann, "2027-03-02 09:00", state="completed")


def session_of(
    session: SessionType, practitioner: Practitioner, client: User | None, when: str, **fields: Any
):
    """A session of $95 with a late fee of $47.50."""
    start = denver(when)
    fields = {"policy": POLICY, "booked_at": denver("2027-02-01 12:00"), **fields}
    return make_appointment(
        session_type=session, practitioner=practitioner, start=start, client=client, **fields
    )
