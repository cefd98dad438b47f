"""The boards of the week and the day: who sees what, and what each state says."""

import pytest

from booking.testing import make_appointment
from booking.tests.people import denver
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/workspace/week/", "/workspace/day/"])
def test_a_session_and_the_open_time_before_it_are_on_the_board(path, tess, session):
    ann = make_user("Ann Lee")
    start = denver("2027-03-02 14:00")
    one = make_appointment(session_type=session, practitioner=tess, start=start, client=ann, buffer_before=15)
    page = at_work(tess.user).get(f"{path}?day=2027-03-02").content.decode()
    assert (
        '<li class="slot is-booked at-1400 for-60" '
        f'data-appointment="{one.uid}" data-start="2027-03-02T14:00" data-minutes="60" data-with="tess" '
        "data-movable>"
    ) in page
    assert 'href="/workspace/book/?at=2027-03-02T10:10&amp;with=tess">Book at 10:10 AM with Tess</a>' in page
    assert 'class="slot is-open at-1010 for-215" data-open' in page
