"""On the boards: what was changed a moment ago with its undo, and what is blocked."""

import pytest

from booking.appointments.actions.move import move
from booking.models import Appointment, BlockedTime
from booking.tests.people import NOW, TEN, booked, minutes
from booking.tests.web_client import hidden, words_of
from practice.testing import at_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
WEEK = "/workspace/week/?day=2027-03-16"
UNDO = "Ann Lee was moved to Tuesday, March 16 at 2:00 PM."


@pytest.fixture
def hers(tess, session) -> Appointment:
    """Ann's session on Tuesday at ten."""
    return booked(session, tess)


def test_a_move_is_undone_from_the_week_for_three_minutes_only(hers, tess, jonah, a_monday_in_march):
    browser, move = at_work(tess.user), f"/workspace/appointments/{hers.uid}/move/"
    sure = browser.get(move, {"at": "2027-03-16T14:00", "next": WEEK})
    week = browser.post(move, hidden(sure), follow=True)
    assert UNDO in words_of(week)
    assert UNDO not in words_of(at_work(jonah.user).get(WEEK))
    back = browser.post(f"/workspace/appointments/{hers.uid}/bring-back/", {"next": WEEK}, follow=True)
    assert "Undone. Everything is back" in words_of(back)
    assert UNDO not in words_of(back)
    assert Appointment.objects.get(pk=hers.pk).starts_at == TEN
    browser.post(move, {**hidden(sure), "sequence": "2"})
    a_monday_in_march.shift(181)
    assert UNDO not in words_of(browser.get(WEEK))


def test_a_week_with_an_undo_costs_no_more_than_twelve_queries(hers, tess, django_assert_max_num_queries):
    move(hers, start=TEN + minutes(240), by=tess.user, now=NOW)
    browser = at_work(tess.user)
    with django_assert_max_num_queries(12):
        assert UNDO in words_of(browser.get(WEEK))


def test_no_undo_is_offered_once_somebody_else_has_moved_it_on(hers, tess, jonah):
    mine = move(hers, start=TEN + minutes(240), by=tess.user, now=NOW)
    move(mine, start=TEN + minutes(300), by=jonah.user, now=NOW)
    assert "was moved to" not in words_of(at_work(tess.user).get(WEEK))
    assert "was moved to" in words_of(at_work(jonah.user).get(WEEK))


def test_what_is_blocked_lies_on_the_board_and_is_not_open(tess, jonah):
    one = BlockedTime.objects.create(
        practitioner=tess, starts_at=TEN, ends_at=TEN + minutes(60), reason="The accountant"
    )
    page = at_work(tess.user).get("/workspace/day/?day=2027-03-16")
    html = page.content.decode()
    assert 'class="slot is-blocked at-1000 for-60' in html
    assert f'href="/workspace/block/{one.pk}/"' in html
    assert "The accountant" not in html
    assert NOW < TEN
    assert "/block/" not in at_work(jonah.user).get(
        "/workspace/day/?day=2027-03-16"
    ).content.decode().replace("/workspace/block/?", "").replace('data-block="/workspace/block/"', "")
