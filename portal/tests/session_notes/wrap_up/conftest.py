"""Ann's session with Tess; Jonah works here too."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from practice.models import Practitioner, User
from practice.testing import make_practice, make_practitioner, make_user

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def jonah(tess: Practitioner) -> Practitioner:
    return make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)


@pytest.fixture
def ann(db: None) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def session(tess: Practitioner, ann: User, now: dt.datetime) -> Appointment:
    """Ann's session with Tess; it ended an hour ago."""
    return make_appointment(
        session_type=make_session_type(tess), practitioner=tess, start=now - 2 * HOUR, client=ann
    )
