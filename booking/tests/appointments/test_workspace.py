"""The practitioner's pages: whose day it is, what a stranger sees, moving and cancelling by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, Closure, SessionType
from booking.testing import make_appointment
from practice.models import Letter, Practitioner, User
from practice.testing import as_it_leaves, at_work, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
TODAY = "/workspace/"


def around_noon(days: int = 1) -> dt.datetime:
    """Noon in Denver, so many days ahead."""
    return (timezone.now() + dt.timedelta(days=days)).replace(hour=19, minute=0, second=0, microsecond=0)


@pytest.fixture
def ann(db: None) -> User:
    return make_user("Ann Whitfield")


@pytest.fixture
def tomorrow(session: SessionType, tess: Practitioner, ann: User) -> Appointment:
    """Ann's session with Tess, tomorrow at noon."""
    return make_appointment(session_type=session, practitioner=tess, start=around_noon(), client=ann)


def day_page(start: dt.datetime) -> str:
    return f"{TODAY}?day={start.date().isoformat()}"


def test_another_practitioner_does_not_see_who_comes_to_tess(
    tomorrow: Appointment, jonah: Practitioner
) -> None:
    page = at_work(jonah.user).get(day_page(tomorrow.starts_at)).content.decode()
    assert "Ann Whitfield" not in page


def test_tess_sees_who_comes(tomorrow: Appointment, tess: Practitioner) -> None:
    page = at_work(tess.user).get(day_page(tomorrow.starts_at)).content.decode()
    assert "Ann Whitfield" in page


def test_the_owner_sees_everyones_day_or_one_persons(
    tomorrow: Appointment, session: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    make_appointment(
        session_type=session, practitioner=jonah, start=around_noon(), client=make_user("Ben Hart")
    )
    browser, day = at_work(tess.user), day_page(tomorrow.starts_at)
    seen = {
        whose: tuple(
            name in browser.get(f"{day}&with={whose}").content.decode() for name in ("Ann W", "Ben H")
        )
        for whose in ("", "tess", "jonah", "nobody")
    }
    both = (True, True)
    assert seen == {"": both, "tess": (True, False), "jonah": (False, True), "nobody": both}
    assert "with=jonah" in browser.get(f"{day}&with=tess").content.decode()


def test_who_sees_one_day_only_is_not_asked_whose(tomorrow: Appointment, jonah: Practitioner) -> None:
    page = at_work(jonah.user).get(f"{day_page(tomorrow.starts_at)}&with=tess").content.decode()
    assert ('aria-label="Whose"' in page, "Ann Whitfield" in page) == (False, False)


def test_another_practitioners_appointment_is_not_there(tomorrow: Appointment, jonah: Practitioner) -> None:
    assert at_work(jonah.user).get(f"/workspace/appointments/{tomorrow.uid}/").status_code == 404


def test_a_client_finds_no_workspace(tomorrow: Appointment, ann: User) -> None:
    browser = Client()
    browser.force_login(ann)
    assert browser.get(TODAY).status_code == 404


@pytest.mark.parametrize("day", ["2026-13-45", "0001-01-01", "9999-12-31", "²", "9" * 400])
def test_a_bogus_day_is_today(tess: Practitioner, day: str) -> None:
    assert "today" in at_work(tess.user).get(f"{TODAY}?day={day}").content.decode()


def test_an_empty_day_says_so(tess: Practitioner) -> None:
    assert "No sessions" in at_work(tess.user).get(f"{TODAY}?day=2031-01-01").content.decode()


def test_moving_by_hand_writes_to_the_client(tomorrow: Appointment, tess: Practitioner) -> None:
    at_work(tess.user).post(
        f"/workspace/appointments/{tomorrow.uid}/move/",
        {"start": (around_noon(2) - dt.timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")},
    )
    assert Letter.objects.filter(about=tomorrow.about, kind="moved").count() == 1


def test_a_time_outside_the_hours_wants_a_reason(tomorrow: Appointment, tess: Practitioner) -> None:
    late = {"start": (around_noon(2) - dt.timedelta(hours=7)).strftime("%Y-%m-%dT22:00")}
    at_work(tess.user).post(f"/workspace/appointments/{tomorrow.uid}/move/", late)
    assert Appointment.objects.get().starts_at == tomorrow.starts_at


def test_with_a_reason_it_moves_past_the_rule(tomorrow: Appointment, tess: Practitioner) -> None:
    late = {
        "start": (around_noon(2) - dt.timedelta(hours=7)).strftime("%Y-%m-%dT22:00"),
        "note": "Night shift",
    }
    at_work(tess.user).post(f"/workspace/appointments/{tomorrow.uid}/move/", late)
    assert Appointment.objects.get().override_note == "Night shift"


def test_a_time_that_does_not_exist_is_said_and_nothing_moves(
    tomorrow: Appointment, tess: Practitioner
) -> None:
    page = at_work(tess.user).post(
        f"/workspace/appointments/{tomorrow.uid}/move/", {"start": "2027-03-14T02:30"}, follow=True
    )
    assert "does not exist" in page.content.decode()


def test_cancelling_twice_says_so_and_writes_once(tomorrow: Appointment, tess: Practitioner) -> None:
    browser = at_work(tess.user)
    browser.post(f"/workspace/appointments/{tomorrow.uid}/cancel/")
    page = browser.post(f"/workspace/appointments/{tomorrow.uid}/cancel/", follow=True).content.decode()
    assert ("already canceled" in page, Letter.objects.filter(kind="cancelled").count()) == (True, 1)


def test_a_closure_over_a_booked_day_asks_for_a_person(tomorrow: Appointment, tess: Practitioner) -> None:
    Closure.objects.create(
        first_day=tomorrow.starts_at.date(), last_day=tomorrow.starts_at.date(), practitioner=tess
    )
    assert "is booked on a closed day" in at_work(tess.user).get(TODAY).content.decode()


@pytest.fixture
def request_of_ann(session: SessionType, tess: Practitioner, ann: User) -> Appointment:
    """Ann has asked for tomorrow at noon."""
    return make_appointment(
        session_type=session,
        practitioner=tess,
        start=around_noon(),
        client=ann,
        state="pending",
        answer_by=around_noon(),
    )


def test_a_request_is_on_today_until_it_is_answered(request_of_ann: Appointment, tess: Practitioner) -> None:
    browser = at_work(tess.user)
    assert "Ann Whitfield requested a session" in browser.get(TODAY).content.decode()
    browser.post(f"/workspace/appointments/{request_of_ann.uid}/approve/", {"from": "today"})
    assert "requested a session" not in browser.get(TODAY).content.decode()
    assert Appointment.objects.get().state == "booked"


def test_a_request_to_tess_is_not_jonahs_to_see_or_answer(
    request_of_ann: Appointment, jonah: Practitioner
) -> None:
    browser = at_work(jonah.user)
    assert "requested a session" not in browser.get(TODAY).content.decode()
    for answer in ("approve", "decline"):
        path = f"/workspace/appointments/{request_of_ann.uid}/{answer}/"
        assert browser.post(path).status_code == 404
    assert Appointment.objects.get().state == "pending"


def test_a_no_with_a_sentence_goes_by_email(request_of_ann: Appointment, tess: Practitioner) -> None:
    browser = at_work(tess.user)
    page = f"/workspace/appointments/{request_of_ann.uid}/"
    assert "Answer the request" in browser.get(page).content.decode()
    browser.post(f"{page}decline/", {"word": "I am away that day."})
    assert is_in_both_parts(as_it_leaves(Letter.objects.get(kind="declined")), "I am away that day.")
    assert "<dd>Declined</dd>" in browser.get(page).content.decode()


def test_an_answer_that_comes_second_says_what_happened(
    request_of_ann: Appointment, tess: Practitioner
) -> None:
    browser, page = at_work(tess.user), f"/workspace/appointments/{request_of_ann.uid}/"
    browser.post(f"{page}decline/")
    said = browser.post(f"{page}approve/", follow=True).content.decode()
    assert "This request was already declined." in said


def test_a_request_on_a_day_closed_since_asks_for_a_person(
    request_of_ann: Appointment, tess: Practitioner
) -> None:
    day = request_of_ann.starts_at.date()
    Closure.objects.create(first_day=day, last_day=day, practitioner=tess)
    assert "requested a day that is closed" in at_work(tess.user).get(TODAY).content.decode()
