"""The page of a week: whose it is, what is kept as typed, the preview that writes nothing, two who save."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment, Closure, OpeningHours
from booking.opening_hours.actions import row_of
from booking.opening_hours.engine.week import OpenSpan
from booking.opening_hours.queries import mark_of, saved_week
from booking.testing import make_session_type
from booking.tests.people import booked, denver
from practice.models import Practice, Practitioner, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
PAGE = "/workspace/practice/hours/"
TUESDAY = 1


@pytest.fixture
def owner(tess: Practitioner) -> Client:
    return at_work(tess.user)


def sent(
    whose: Practitioner, days: dict[int, list[tuple[str, ...]]] | None = None, **more: Any
) -> dict[str, Any]:
    """What the page sends: all days as they are saved but those given."""
    found: dict[str, Any] = {"seen": mark_of(saved_week(whose)), "do": "preview", **more}
    week = {day: [("9:00 AM", "5:00 PM")] for day in range(7)} | (days or {})
    for day, rows in week.items():
        for number, (opens, closes, *late) in enumerate(rows):
            found |= {f"d{day}-{number}-opens": opens, f"d{day}-{number}-closes": closes}
            if late:
                found[f"d{day}-{number}-late"] = "on"
    return found


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def field(answer: Any, name: str) -> str | None:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found and found[1]


def hours(person: Practitioner, weekday: int) -> list[tuple[int, int]]:
    return [tuple(one) for one in saved_week(person)[weekday]]


# --- Saving ---------------------------------------------------------------------------------------


@pytest.mark.engines
def test_tuesday_is_changed_and_every_other_row_stays_the_same_row(owner, tess, jonah):
    before = dict(OpeningHours.objects.exclude(practitioner=tess, weekday=TUESDAY).values_list("pk", "opens"))
    rows = {
        TUESDAY: [
            ("8", "noon"),
            ("1 pm", "24:00"),
        ]
    }
    answer = owner.post(f"{PAGE}tess/", sent(tess, rows, do="save"), follow=True)

    assert hours(tess, TUESDAY) == [(480, 720), (780, 1440)]
    assert "Saved. Clients now see these hours." in said(answer)
    after = OpeningHours.objects.exclude(practitioner=tess, weekday=TUESDAY)
    assert dict(after.values_list("pk", "opens")) == before


@pytest.mark.engines
def test_a_night_is_saved_only_where_it_is_said_to_end_on_the_next_day(owner, tess):
    answer = owner.post(PAGE, sent(tess, {4: [("22:00", "2:00")]}, do="save"))
    assert answer.status_code == 422
    assert "These hours end before they begin." in said(answer)
    assert (field(answer, "d4-0-opens"), field(answer, "d4-0-closes")) == ("22:00", "2:00")
    assert hours(tess, 4) == [(540, 1020)]

    owner.post(PAGE, sent(tess, {4: [("22:00", "2:00", "late")]}, do="save"))
    assert hours(tess, 4) == [(1320, 1560)]
    assert OpeningHours.objects.get(practitioner=tess, weekday=4).past_midnight


@pytest.mark.parametrize("text", ["later", "25:00", "<b>9</b>", "9;00", "９９"])
def test_garbage_is_kept_as_typed_with_a_message_at_its_field(owner, tess, text):
    answer = owner.post(PAGE, sent(tess, {2: [(text, "5:00 PM")]}, do="save"))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert page.count(text.replace("<", "&lt;").replace(">", "&gt;")) >= 1
    assert 'aria-describedby="d2-0-opens-w"' in page
    assert '<a href="#d2-0-opens">Wednesday: We can’t read that time.' in page
    assert hours(tess, 2) == [(540, 1020)]


def test_overlapping_hours_are_named_and_combined_only_where_that_is_agreed(owner, tess):
    rows = {TUESDAY: [("9", "13:00"), ("12:00", "5 pm")]}
    answer = owner.post(PAGE, sent(tess, rows, do="save"))
    assert answer.status_code == 422
    assert "9:00 AM – 1:00 PM and 12:00 – 5:00 PM overlap. Together: 9:00 AM – 5:00 PM." in said(answer)
    assert not OpeningHours.objects.filter(practitioner=tess, weekday=TUESDAY).exclude(opens="09:00").exists()

    rows[TUESDAY] = [("9", "13:00"), ("12:00", "6 pm")]
    owner.post(PAGE, sent(tess, rows, do="save", merge="on"))
    assert hours(tess, TUESDAY) == [(540, 1080)]


def test_a_day_whose_fields_are_empty_is_closed(owner, tess):
    owner.post(PAGE, sent(tess, {6: [("", ""), (" ", "")]}, do="save"))
    assert hours(tess, 6) == []


def test_a_new_persons_week_is_filled_in_three_presses(owner, tess):
    wim = make_practitioner("Wim Near", role=User.Role.PRACTITIONER)
    page = f"{PAGE}wim/"
    typed = {"seen": mark_of(saved_week(wim)), "d0-0-opens": "9", "d0-0-closes": "5"}
    shown = owner.get(page).content.decode()
    assert re.findall(r'name="to" value="(\d)" checked', shown) == ["0", "1", "2", "3", "4"]

    copied = owner.post(page, typed | {"do": "copy", "from": "0", "to": ["1", "2", "3", "4"]})
    assert not saved_week(wim)[0]
    values = {
        f"d{day}-0-{end}": field(copied, f"d{day}-0-{end}") for day in range(5) for end in ("opens", "closes")
    }
    owner.post(page, {"seen": typed["seen"], "do": "save"} | values)
    assert [len(day) for day in saved_week(wim)] == [1, 1, 1, 1, 1, 0, 0]


def test_a_week_is_copied_from_another_person_and_only_shown(owner, tess, jonah):
    OpeningHours.objects.filter(practitioner=jonah).exclude(weekday=3).delete()
    answer = owner.post(PAGE, sent(tess, do="take", person="jonah"))
    assert (field(answer, "d3-0-opens"), field(answer, "d2-0-opens")) == ("9:00 AM", "")
    assert len(hours(tess, 2)) == 1


# --- Two who save ---------------------------------------------------------------------------------


def test_who_saves_second_is_told_what_is_saved_now_and_loses_nothing(owner, tess):
    mine = sent(tess, {TUESDAY: [("10", "4")]}, do="save")
    owner.post(PAGE, sent(tess, {3: [("7 am", "9 am")]}, do="save"))
    answer = owner.post(PAGE, mine)

    assert answer.status_code == 409
    page = said(answer)
    assert "Someone saved other hours after you opened this page" in page
    assert "Thursday: 7:00 – 9:00 AM → 9:00 AM – 5:00 PM" in page
    assert field(answer, "d1-0-opens") == "10"
    assert hours(tess, TUESDAY) == [(540, 1020)]

    owner.post(PAGE, mine | {"seen": field(answer, "seen")})
    assert (hours(tess, TUESDAY), hours(tess, 3)) == ([(600, 960)], [(540, 1020)])


def test_the_same_week_saved_twice_is_no_quarrel(owner, tess):
    mine = sent(tess, {TUESDAY: [("10", "4")]}, do="save")
    assert [owner.post(PAGE, mine).status_code for _twice in range(2)] == [302, 302]


# --- The preview ----------------------------------------------------------------------------------


def wrote(queries: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in queries if re.match(r"\W*(INSERT|UPDATE|DELETE)", one["sql"])]


@pytest.mark.engines
def test_a_preview_says_what_changes_names_who_is_outside_and_writes_nothing(owner, tess, hourly):
    ann = booked(hourly, tess, denver("2027-03-09 16:00"))
    rows = {TUESDAY: [("8", "2 pm")], 5: []}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = owner.post(PAGE, sent(tess, rows))

    page = said(answer)
    assert wrote(queries) == []
    assert hours(tess, TUESDAY) == [(540, 1020)]
    # March 2 and 9: 8 AM is new on both; 2, 3 and 4 PM go, but for the hour that Ann has.
    assert "Tuesday: 2 times more, and 5 no longer offered" in page
    assert "Saturday: 16 times fewer" in page
    assert "One booked session would be outside these hours. It stays booked: Ann Lee" in page
    assert Appointment.objects.get(pk=ann.pk).state == "booked"


def test_sessions_outside_are_named_before_they_are_saved_past_and_stay(owner, tess, hourly):
    ann = booked(hourly, tess, denver("2027-05-11 16:00"))  # far beyond the preview
    typed = sent(tess, {TUESDAY: [("9", "noon")]}, do="save")
    answer = owner.post(PAGE, typed)
    assert (answer.status_code, len(hours(tess, TUESDAY))) == (409, 1)
    assert "Nothing is saved yet." in said(answer)
    assert "Ann Lee" in said(answer)

    done = owner.post(PAGE, typed | {"named": field(answer, "named")}, follow=True)
    assert hours(tess, TUESDAY) == [(540, 720)]
    assert "One booked session is outside these hours. It stays booked." in said(done)
    assert Appointment.objects.get(pk=ann.pk).state == "booked"


def test_a_session_that_was_outside_already_is_not_laid_to_these_hours(owner, tess, hourly):
    booked(hourly, tess, denver("2027-03-09 16:00"))
    OpeningHours.objects.filter(practitioner=tess, weekday=TUESDAY).delete()
    assert "outside these hours" not in said(owner.post(PAGE, sent(tess, {TUESDAY: []})))


def test_a_closed_day_stays_closed_in_the_preview_whatever_is_typed(owner, tess, hourly):
    day = dt.date(2027, 3, 2)
    Closure.objects.create(practitioner=tess, first_day=day, last_day=day)
    page = said(owner.post(PAGE, sent(tess, {TUESDAY: [("6 am", "noon")]})))
    assert "Tuesday, March 2 no times" in page
    assert "Tuesday: 3 times more, and 5 no longer offered" in page  # March 9 alone


def test_the_night_in_which_the_clocks_change_offers_what_can_be_booked(
    owner, tess, hourly, a_monday_in_march
):
    # Denver skips 2 AM on March 14: midnight to 6 AM is five hours, and six in the other Sunday.
    page = said(owner.post(PAGE, sent(tess, {6: [("midnight", "6 am")]})))
    assert "Sunday, March 7 6 times" in page
    assert "Sunday, March 14 5 times" in page
    assert "12:00 AM 1:00 AM 3:00 AM" not in page.partition("Sunday, March 14")[0]
    assert re.search(r"12:00 AM new 1:00 AM new 3:00 AM new", page.partition("Sunday, March 14")[2])

    a_monday_in_march.move_to(denver("2027-11-01 08:00"))  # and on November 7, 1 AM comes twice
    owner = at_work(tess.user)
    page = said(owner.post(PAGE, sent(tess, {6: [("midnight", "6 am")]})))
    assert "Sunday, November 7 7 times" in page
    assert "1:00 AM MDT" in page
    assert "1:00 AM MST" in page


def test_a_new_client_sees_no_type_for_others_unless_there_is_nothing_else(owner, tess):
    make_session_type(tess, slug="back", name="Back again", who="returning")
    assert "What returning clients will see" in said(owner.get(PAGE))
    make_session_type(tess, slug="first", name="First", who="new", order=5)
    assert "What a new client will see" in said(owner.get(PAGE))


def test_the_number_of_queries_does_not_grow_with_what_is_booked(owner, tess, hourly):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.post(PAGE, sent(tess, {TUESDAY: [("8", "9")]}))
        return len(queries)

    booked(hourly, tess, denver("2027-03-09 16:00"))
    few = asked()
    for hour in range(9, 15):
        booked(hourly, tess, denver(f"2027-03-16 {hour:02}:00"))
    assert asked() == few


# --- Whose hours ----------------------------------------------------------------------------------


def test_a_practitioner_sees_and_changes_their_own_hours_and_nobody_elses(tess, jonah):
    his = at_work(jonah.user)
    assert "Jonah" in said(his.get(PAGE))
    assert his.get(f"{PAGE}tess/").status_code == 404
    assert his.post(f"{PAGE}tess/", sent(tess, {TUESDAY: []}, do="save")).status_code == 404
    assert his.post(f"{PAGE}jonah/", sent(jonah, {TUESDAY: []}, do="save")).status_code == 302
    assert (len(hours(tess, TUESDAY)), len(hours(jonah, TUESDAY))) == (1, 0)


def test_the_front_desk_reads_the_hours_of_all_and_changes_none(tess, jonah):
    desk = at_work(make_user("Faye", role=User.Role.FRONT_DESK))
    page = desk.get(f"{PAGE}jonah/")
    assert "Tuesday 9:00 AM – 5:00 PM" in said(page)
    assert b"<input" not in page.content.partition(b"<main")[2].partition(b"</main>")[0]
    assert desk.post(f"{PAGE}jonah/", sent(jonah, {TUESDAY: []}, do="save")).status_code == 404
    assert len(hours(jonah, TUESDAY)) == 1


def test_a_practice_without_practitioners_is_told_so(practice):
    answer = at_work(make_user("Olga", role=User.Role.OWNER)).get(PAGE)
    assert (answer.status_code, "There is no practitioner yet." in said(answer)) == (200, True)


def test_hours_on_other_clocks_say_whose_clocks_they_are(owner, tess):
    assert "own clocks" not in said(owner.get(PAGE))
    Practitioner.objects.filter(pk=tess.pk).update(zone="America/New_York")
    assert "These are Tess’s own clocks: Eastern Time (New York)." in said(owner.get(PAGE))


def test_the_week_begins_and_the_times_are_written_as_the_practice_does(owner, tess):
    Practice.objects.update(home_locale="de")
    page = owner.get(PAGE)
    assert field(page, "d0-0-opens") == "09:00"
    assert re.findall(r'id="day-(\d)"', page.content.decode())[0] == "0"
    Practice.objects.update(home_locale="en-us")
    assert re.findall(r'id="day-(\d)"', owner.get(PAGE).content.decode())[0] == "6"


@pytest.mark.parametrize(
    "doing",
    ["", "more", "more:9", "more:", "remove:", "remove:d9-9", "copy", "take", "save:1", "copy:6"],
)
def test_a_press_of_no_button_of_ours_changes_nothing(owner, tess, doing):
    more = {"from": "x", "to": ["9", "y"], "person": "nobody", "type": "none"}
    assert owner.post(PAGE, sent(tess, do=doing, **more)).status_code == 200
    assert hours(tess, TUESDAY) == [(540, 1020)]


@pytest.mark.parametrize(
    ("window", "row"),
    [
        ((540, 1440), (dt.time(9), dt.time(0), False)),
        ((0, 1440), (dt.time(0), dt.time(0), False)),
        ((1320, 1560), (dt.time(22), dt.time(2), True)),
        ((540, 1980), (dt.time(9), dt.time(9), True)),
    ],
)
@pytest.mark.engines
def test_hours_are_stored_as_rows_that_are_read_back_as_they_were(tess, window, row):
    weekday, *stored = row_of(TUESDAY, OpenSpan(*window))
    assert tuple(stored) == row
    OpeningHours.objects.filter(practitioner=tess).delete()
    opens, closes, late = stored
    OpeningHours.objects.create(
        practitioner=tess, weekday=weekday, opens=opens, closes=closes, past_midnight=late
    )
    assert hours(tess, TUESDAY) == [window]
