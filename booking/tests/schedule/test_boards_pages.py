"""The boards of the week and the day: who sees what, and what each state says without its color."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment, BusyTime, Closure, ImportedCalendar, Offer, WaitlistEntry
from booking.testing import make_appointment, make_session_type
from booking.tests.people import denver
from practice.models import User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
NOW = denver("2027-03-02 10:07")
HELD_UNTIL = denver("2027-03-02 10:15")


def text_of(page) -> str:
    """What is read out, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def on(words: str, kind, practitioner, name: str = "Ann Lee", **fields) -> Appointment:
    """A session of somebody of that name."""
    fields.setdefault("attendee_name", name)
    return make_appointment(
        session_type=kind, practitioner=practitioner, start=denver(words), client=None, **fields
    )


def imported(practitioner, start: str, end: str) -> BusyTime:
    calendar = ImportedCalendar.objects.create(
        practitioner=practitioner, name="Chess club", url="https://x.example/a.ics"
    )
    return BusyTime.objects.create(calendar=calendar, starts_at=denver(start), ends_at=denver(end))


@pytest.fixture
def desk(tess) -> Client:
    return at_work(make_user("Faye", role=User.Role.FRONT_DESK))


@pytest.mark.parametrize("path", ["/workspace/week/", "/workspace/day/"])
def test_a_session_and_the_open_time_before_it_are_on_the_board(path, tess, session):
    one = on("2027-03-02 14:00", session, tess, buffer_before=15)
    page = at_work(tess.user).get(f"{path}?day=2027-03-02").content.decode()
    assert (
        '<li class="slot is-booked at-1400 for-60" '
        f'data-appointment="{one.uid}" data-start="2027-03-02T14:00" data-minutes="60" data-with="tess" '
        "data-movable>"
    ) in page
    assert 'href="/workspace/book/?at=2027-03-02T10:10&amp;with=tess">Book at 10:10 AM with Tess</a>' in page
    assert 'class="slot is-open at-1010 for-215" data-open' in page
    assert (
        '<ol class="lane levels-1" data-lane data-with="tess" data-day="2027-03-02" '
        'data-from="540" data-until="1020">'
    ) in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "2:00 – 3:00 PM Ann Lee Ann L. 60 min"),
        ({"state": "pending"}, "Ann Lee Ann L. request , 60 min"),
        ({"state": "completed"}, "Ann Lee Ann L. took place , 60 min"),
        ({"state": "no_show"}, "Ann Lee Ann L. did not come , 60 min"),
        ({"buffer_after": 15}, "3:00 – 3:15 PM buffer 15 min"),
        ({"place": "client", "buffer_before": 30}, "1:30 – 2:00 PM travel time 30 min"),
    ],
)
def test_each_state_is_said_in_words(fields, said, tess, session):
    on("2027-03-02 14:00", session, tess, **fields)
    assert said in text_of(at_work(tess.user).get("/workspace/week/"))


def test_a_hold_says_until_when_and_never_who_and_ends_with_its_time(tess, session):
    on("2027-03-02 14:00", session, tess, state="held", hold_expires_at=HELD_UNTIL)
    on(
        "2027-03-03 14:00",
        session,
        tess,
        "Ben Gone",
        state="held",
        hold_expires_at=NOW - dt.timedelta(hours=1),
    )
    page = text_of(at_work(tess.user).get("/workspace/week/"))
    assert "2:00 – 3:00 PM Held until 10:15 AM" in page
    assert "Ann" not in page
    assert page.count("Held") == 2  # on the board once, and in the legend


def test_an_offer_of_the_waitlist_is_told_from_a_visitors_hold(tess, session):
    held = on("2027-03-02 14:00", session, tess, state="held", hold_expires_at=HELD_UNTIL)
    wish = WaitlistEntry.objects.create(
        client=make_user("Ann Lee"), session_type=session, last_day=dt.date(2027, 3, 9)
    )
    Offer.objects.create(entry=wish, appointment=held, expires_at=HELD_UNTIL)
    page = text_of(at_work(tess.user).get("/workspace/week/"))
    assert "2:00 – 3:00 PM Offered until 10:15 AM" in page
    assert "Ann" not in page


def test_a_canceled_session_leaves_its_time_open(tess, session):
    on("2027-03-02 14:00", session, tess, state="cancelled", occupies=False)
    page = at_work(tess.user).get("/workspace/day/")
    assert "Ann Lee" not in text_of(page)
    assert "slot is-open at-1010 for-410" in page.content.decode()


def test_what_was_booked_before_its_day_was_closed_is_a_conflict_in_word_and_sign(tess, session):
    day = dt.date(2027, 3, 3)
    one = on("2027-03-03 14:00", session, tess)
    Closure.objects.create(practitioner=tess, first_day=day, last_day=day)
    page = at_work(tess.user).get("/workspace/week/")
    assert f'is-booked is-heed at-1400 for-60" data-appointment="{one.uid}"' in page.content.decode()
    assert "Ann Lee Ann L. closed , 60 min" in text_of(page)
    assert "Booked on a closed day" in text_of(page)


def test_a_day_that_is_only_closed_says_so(tess, session):
    Closure.objects.create(practitioner=tess, first_day=dt.date(2027, 3, 3), last_day=dt.date(2027, 3, 3))
    assert "Wednesday March 3 Closed" in text_of(at_work(tess.user).get("/workspace/week/"))


def test_busy_time_of_another_calendar_has_no_title_for_anybody(tess, session, desk):
    imported(tess, "2027-03-02 13:00", "2027-03-02 14:30")
    for browser in (desk, at_work(tess.user)):
        page = text_of(browser.get("/workspace/week/"))
        assert "1:00 – 2:30 PM Busy" in page
        assert "Chess club" not in page


def test_people_at_the_desk_see_everybody_and_a_practitioner_their_own(both, tess, jonah, desk):
    on("2027-03-02 14:00", both, tess, "Ann Lee")
    on("2027-03-02 15:00", both, jonah, "Ben Hart")
    everybody, own = (text_of(one.get("/workspace/week/")) for one in (desk, at_work(jonah.user)))
    assert "Ann Lee" in everybody
    assert "Ben Hart" in everybody
    assert "Ben Hart" in own
    assert "Ann Lee" not in own
    assert "Tess" not in own
    assert "Ann Lee" not in text_of(at_work(jonah.user).get("/workspace/week/?with=tess"))


def test_one_persons_week_shows_that_person_alone(both, tess, jonah, desk):
    on("2027-03-02 14:00", both, tess, "Ann Lee")
    on("2027-03-02 15:00", both, jonah, "Ben Hart")
    page = text_of(desk.get("/workspace/week/?with=jonah"))
    assert "Ben Hart" in page
    assert "Ann Lee" not in page


def test_rooms_say_who_works_in_them_and_no_more_than_taken_of_what_is_not_ones_own(tess, jonah, desk):
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    both = make_session_type(tess, jonah)
    on("2027-03-02 14:00", both, tess, "Ann Lee")
    on("2027-03-02 15:00", both, jonah, "Ben Hart")
    all_of_it, own = (text_of(one.get("/workspace/week/?view=rooms")) for one in (desk, at_work(jonah.user)))
    assert "Tess&#x27;s room" in all_of_it
    assert "2:00 – 3:00 PM Ann Lee Ann L. Tess" in all_of_it
    assert "2:00 – 3:00 PM Room in use" in own
    assert "Ben Hart" in own
    assert "Ann Lee" not in own
    assert "2:00 – 3:00 PM Room in use" in text_of(at_work(jonah.user).get("/workspace/week/"))


def test_a_colleague_in_another_zone_is_named_and_booked_in_their_own_time(tess, jonah, both):
    jonah.zone = "America/Chicago"
    jonah.save(update_fields=["zone"])
    page = at_work(tess.user).get("/workspace/day/?day=2027-03-03")
    assert "Jonah works in Central Time (Chicago): when it is 10:0" in text_of(page)
    assert '?at=2027-03-03T09:00&amp;with=jonah">Book at 8:00 AM with Jonah' in page.content.decode()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2027-03-14", "Clocks go forward: 2:00 AM becomes 3:00 AM, and the time between doesn’t exist."),
        ("2027-11-07", "Clocks go back: 2:00 AM becomes 1:00 AM again."),
    ],
)
def test_days_on_which_clocks_change_say_so(day, said, tess, session):
    assert said in text_of(at_work(tess.user).get(f"/workspace/day/?day={day}"))


def test_an_hour_that_comes_twice_says_which_one_is_meant(tess, session):
    for fold, name in enumerate(("Ann Lee", "Ben Hart")):
        start = denver("2027-11-07 01:00", fold=fold).astimezone(dt.UTC)
        make_appointment(
            session_type=session, practitioner=tess, start=start, client=None, attendee_name=name
        )
    page = text_of(at_work(tess.user).get("/workspace/week/?day=2027-11-07"))
    assert "1:00 AM MDT – 1:00 AM MST Ann Lee" in page
    assert "1:00 AM MST – 2:00 AM MST Ben Hart" in page


def test_what_is_over_or_not_ones_to_move_is_not_movable(tess, session):
    on("2027-03-02 09:00", session, tess)
    assert "data-movable" not in at_work(tess.user).get("/workspace/day/").content.decode()


@pytest.mark.parametrize(
    "day", ["1800-01-01", "1901-01-01", "2199-12-31", "2200-12-31", "9998-01-01", "soon"]
)
def test_days_at_the_ends_of_the_calendar_have_a_page(day, tess, session):
    for path in ("week", "day"):
        assert at_work(tess.user).get(f"/workspace/{path}/", {"day": day}).status_code == 200


def test_a_day_that_the_zone_left_out_has_an_empty_page(tess, session, practice):
    practice.zone = "Pacific/Apia"
    practice.save(update_fields=["zone"])
    assert "data-lane" not in at_work(tess.user).get("/workspace/day/?day=2011-12-30").content.decode()


@pytest.mark.parametrize("path", ["week", "day", "first"])
def test_a_client_finds_no_such_page_and_a_visitor_is_asked_to_sign_in(path, tess, client):
    assert client.get(f"/workspace/{path}/").status_code == 302
    client.force_login(make_user("Zoe"))
    assert client.get(f"/workspace/{path}/").status_code == 404


@pytest.mark.engines
@pytest.mark.parametrize("address", ["/workspace/week/", "/workspace/week/?view=rooms", "/workspace/day/"])
def test_a_page_asks_no_more_of_the_database_for_a_full_week(address, both, tess, jonah, desk):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.get(address).status_code == 200
        return len(found)

    on("2027-03-02 09:00", both, tess)
    few = queries()
    for day in range(1, 7):
        for hour in range(10, 17):
            on(f"2027-03-0{day} {hour}:00", both, tess if hour % 2 else jonah, f"Client {day} {hour}")
        imported(jonah, f"2027-03-0{day} 18:00", f"2027-03-0{day} 19:00")
    assert queries() == few
    assert few <= 12
