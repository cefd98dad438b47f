"""The people and the session type most tests of booking need."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from booking.models import SessionType
from booking.testing import make_session_type
from booking.tests.people import NOW, make_denver, make_jonah, make_tess
from practice.models import Practice, Practitioner


@pytest.fixture
def practice(db: None) -> Practice:
    return make_denver()


@pytest.fixture
def tess(practice: Practice) -> Practitioner:
    return make_tess()


@pytest.fixture
def jonah(tess: Practitioner) -> Practitioner:
    return make_jonah()


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
def a_monday_in_march() -> Iterator[Any]:
    """Monday, March 1, 2027, eight in the morning in Denver; it can be moved."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock
