"""Moving for a client at work: free times, also of colleagues; and all of it once more before it moves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from booking.models import Appointment
from booking.packages import actions as packages_actions
from booking.testing import make_appointment
from booking.tests.people import BEN, NOW, TEN, booked, denver
from booking.tests.web_client import hidden, starts_on, words_of
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
NIGHT = denver("2027-03-16 20:00").isoformat()


@pytest.fixture
def hers(both, tess) -> Appointment:
    """Ann's session with Tess; Jonah gives it, too."""
    return make_appointment(session_type=both, practitioner=tess, start=TEN, client=make_user("Ann Lee"))


@pytest.fixture
def owner(tess) -> Client:
    return at_work(tess.user)


def page(one: Appointment) -> str:
    return f"/workspace/appointments/{one.uid}/move/"


def as_it_is(one: Appointment) -> tuple[object, dt.datetime]:
    now_is = Appointment.objects.select_related("practitioner").get(pk=one.pk)
    return now_is.practitioner, now_is.starts_at


def test_free_times_begin_on_its_own_day_without_its_own_time(owner, hers, both, tess):
    booked(both, tess, denver("2027-03-16 11:00"), attendee=BEN)
    answer = owner.get(page(hers))
    today = [start for start in starts_on(answer) if start.startswith("2027-03-16")]
    assert [start[11:13] for start in today] == ["09", "12", "13", "14", "15", "16"]
    assert "Now: Tuesday, March 16, 10:00 – 11:00 AM, with Tess" in words_of(answer)


def test_it_says_from_when_to_when_and_to_whom_an_email_goes_before_it_moves(owner, hers, tess):
    sure = owner.get(page(hers), {"start": starts_on(owner.get(page(hers)))[0]})
    said = words_of(sure)
    assert "Tuesday, March 16, 2027 at 9:00 AM" in said
    assert "Current time Tuesday, March 16, 10:00 – 11:00 AM" in said
    assert "Email Ann about it?" in said
    assert "Yes, to ann@example.com" in said
    assert as_it_is(hers) == (tess, TEN)
    owner.post(page(hers), hidden(sure))
    assert as_it_is(hers) == (tess, denver("2027-03-16 09:00"))


def test_a_colleagues_times_are_offered_and_taken(owner, hers, both, jonah):
    listed = owner.get(page(hers), {"practitioner": "jonah"})
    assert denver("2027-03-16 10:00").isoformat() in starts_on(listed)
    sure = owner.get(page(hers), {"practitioner": "jonah", "start": TEN.isoformat()})
    assert "Jonah Reyes (now with Tess Marlow)" in words_of(sure)
    owner.post(page(hers), hidden(sure))
    assert as_it_is(hers) == (jonah, TEN)


def test_to_a_colleague_who_cannot_have_it_anymore_it_does_not_move(owner, hers, both, tess, jonah):
    sure = owner.get(page(hers), {"practitioner": "jonah", "start": denver("2027-03-16 14:00").isoformat()})
    both.practitioners.remove(jonah)
    for answer, status in (
        (owner.post(page(hers), hidden(sure)), 409),
        (owner.get(page(hers), hidden(sure)), 200),
    ):
        assert (answer.status_code, as_it_is(hers)) == (status, (tess, TEN))
        assert "This practitioner can’t be booked for this session." in words_of(answer)


def test_a_practitioner_moves_to_nobody_else(hers, jonah, tess, both):
    ben = make_user("Ben Hart")
    his = make_appointment(
        session_type=both, practitioner=jonah, start=denver("2027-03-17 10:00"), client=ben
    )
    browser = at_work(jonah.user)
    assert "Tess" not in words_of(browser.get(page(his)))
    browser.post(page(his), {"practitioner": "tess", "start": denver("2027-03-18 10:00").isoformat()})
    assert as_it_is(his) == (jonah, denver("2027-03-17 10:00"))
    assert browser.get(page(hers)).status_code == 404


def test_past_a_rule_it_says_which_and_moves_with_a_reason_only(owner, hers, tess):
    sure = owner.get(page(hers), {"start": NIGHT})
    assert "8:00 PM is outside the opening hours on Tuesday, March 16." in words_of(sure)
    assert owner.post(page(hers), hidden(sure)).status_code == 409
    owner.post(page(hers), {**hidden(sure), "note": "She flies out."})
    assert as_it_is(hers) == (tess, denver("2027-03-16 20:00"))


def test_onto_someone_no_reason_helps_and_it_says_who_is_there(owner, hers, both, tess):
    booked(both, tess, denver("2027-03-16 11:00"), attendee=BEN)
    answer = owner.post(page(hers), {"start": denver("2027-03-16 11:00").isoformat(), "note": "Both."})
    said = words_of(answer)
    assert (answer.status_code, as_it_is(hers)) == (409, (tess, TEN))
    assert "It would overlap Ben Hart’s session" in said
    assert "Move anyway" not in said
    assert len(starts_on(answer)) > 3


def test_a_package_that_does_not_last_until_then_is_named_before(owner, hers, both, tess):
    last = dt.date(2027, 3, 20)
    packages_actions.sell(
        both, client=hers.client, sessions=5, price_cents=1, by=tess.user, now=NOW, valid_until=last
    )
    packages_actions.use_for(hers, now=NOW)
    words = "The package that covers it ends before then."
    assert words in words_of(owner.get(page(hers), {"start": denver("2027-03-22 10:00").isoformat()}))
    assert words not in words_of(owner.get(page(hers), {"start": denver("2027-03-19 10:00").isoformat()}))


@pytest.mark.parametrize("state", ["cancelled", "completed"])
def test_what_is_over_has_no_such_page(state, owner, hers):
    Appointment.objects.filter(pk=hers.pk).update(state=state)
    answer = owner.get(page(hers))
    assert (answer.status_code, answer["Location"]) == (302, f"/workspace/appointments/{hers.uid}/")
