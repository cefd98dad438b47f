"""The people and the session type most tests of booking need."""

from collections.abc import Iterator

import pytest
import time_machine

from booking.models import SessionType
from booking.testing import make_session_type, open_every_day
from booking.tests.cast import NOW
from practice.models import Practice, Practitioner, User
from practice.testing import make_practice, make_practitioner


@pytest.fixture
def practice(db: None) -> Practice:
    return make_practice(treatment_consent="Moving and cancelling as said above.")


@pytest.fixture
def tess(practice: Practice) -> Practitioner:
    tess = make_practitioner()
    open_every_day(tess)
    return tess


@pytest.fixture
def jonah(tess: Practitioner) -> Practitioner:
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)
    open_every_day(jonah)
    return jonah


@pytest.fixture
def session(tess: Practitioner) -> SessionType:
    """60 minutes, every 15, $95."""
    return make_session_type(tess, step=15)


@pytest.fixture
def hourly(tess: Practitioner) -> SessionType:
    """60 minutes, every hour."""
    return make_session_type(tess)


@pytest.fixture
def both(tess: Practitioner, jonah: Practitioner) -> SessionType:
    """60 minutes, every hour, with either of them."""
    return make_session_type(tess, jonah)


@pytest.fixture
def a_monday_in_march() -> Iterator[None]:
    """Monday 1 March 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False):
        yield
