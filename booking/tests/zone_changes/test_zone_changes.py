"""Booked by the rules of 2025b, opened by those of 2026f: found, shown, and moved only when a person says so.

Vancouver on Tuesday, March 9, 2027, at ten: by 2025b that is 18:00 UTC, by 2026f, which changes no clocks
there, 17:00 UTC.
"""

from __future__ import annotations

import ast
import datetime as dt
import importlib
from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from booking.appointments.actions.book import Attendee
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.availability import listing
from booking.letters.digest import plan_digest
from booking.models import Appointment, AppointmentChange, Closure, ImportedCalendar, Offer, WaitlistEntry
from booking.tasks import check_zones
from booking.testing import make_appointment, make_session_type, open_every_day
from booking.tests.people import booked, kept, kinds
from booking.zone_changes import queries as zone_changes_queries
from booking.zone_changes.actions.check_zones import find_mismatches
from booking.zone_changes.actions.keep_wall_times import keep_wall_times
from practice.celery import app
from practice.core import zone_data
from practice.core.clock import day_bounds
from practice.core.reasons import because
from practice.mail import wall_times
from practice.mail.send_check import Cancel, Send, check_before_sending
from practice.models import Letter, Practice, User
from practice.testing import (
    as_it_leaves,
    at_work,
    is_in_both_parts,
    make_practice,
    make_practitioner,
    make_user,
    old_rules,
)
from practice.tests.code.reading_order import ROOT, sources

pytestmark = pytest.mark.django_db
VANCOUVER = "America/Vancouver"
PAGE = "/workspace/clocks/"


def there(hour: int, day: int = 9) -> dt.datetime:
    """That hour in March 2027 on Vancouver's clocks, by the rules of this moment."""
    return dt.datetime(2027, 3, day, hour, tzinfo=ZoneInfo(VANCOUVER))


def ann(name: str = "Ann Lee", zone: str = VANCOUVER) -> Attendee:
    return Attendee(name, f"{name.partition(' ')[0].lower()}@example.com", "", zone)


@pytest.fixture(scope="module")
def scenario(module_db: None) -> SimpleNamespace:
    """A practice in Vancouver that has booked Ann at ten, and asked nobody's leave for 2026f."""
    with old_rules():
        make_practice(zone=VANCOUVER)
        tess = make_practitioner(zone=VANCOUVER)
        open_every_day(tess)
        hourly = make_session_type(tess)
        appointment = booked(hourly, tess, there(10), attendee=ann(), now=timezone.now())
    Letter.objects.filter(kind="confirmation").update(state=Letter.State.SENT)
    return SimpleNamespace(tess=tess, hourly=hourly, ann=appointment)


@pytest.fixture
def desk(scenario: SimpleNamespace):
    return at_work(scenario.tess.user)


def old_booking(scenario: SimpleNamespace, hour: int, name: str, **options) -> Appointment:
    with old_rules():
        return booked(
            scenario.hourly, scenario.tess, there(hour), attendee=ann(name), now=timezone.now(), **options
        )


def keep(scenario: SimpleNamespace):
    return keep_wall_times([scenario.tess], by=scenario.tess.user, now=timezone.now())


def hour_of(appointment: Appointment) -> str:
    """What Vancouver's clocks show for it now."""
    appointment.refresh_from_db()
    return f"{appointment.starts_at.astimezone(ZoneInfo(VANCOUVER)):%H:%M}"


@pytest.mark.engines
def test_it_is_found_and_nothing_moves(scenario):
    found = find_mismatches(now=timezone.now())

    assert [one.appointment.pk for one in found.appointments] == [scenario.ann.pk]
    assert found.appointments[0].start == dt.datetime(2027, 3, 9, 17, tzinfo=dt.UTC)
    assert (hour_of(scenario.ann), scenario.ann.sequence) == ("11:00", 0)


def test_a_tick_finds_it_at_least_once_a_day(scenario):
    check_zones()

    assert Practice.objects.get().off_the_clock
    assert hour_of(scenario.ann) == "11:00"
    assert [
        one["schedule"] <= 86400 for one in app.conf.beat_schedule.values() if one["task"] == check_zones.name
    ] == [True]


def test_by_the_rules_it_was_booked_under_nothing_is_found(scenario):
    with old_rules():
        assert zone_changes_queries.zone_mismatches([scenario.tess], now=timezone.now()) == []


def test_the_button_keeps_the_hour_and_says_so_once_with_a_higher_sequence(scenario, desk):
    before = {letter.pk for letter in Letter.objects.all()}
    for _twice in range(2):
        assert desk.post(PAGE).status_code == 302
    scenario.ann.refresh_from_db()

    assert (hour_of(scenario.ann), scenario.ann.sequence) == ("10:00", 1)
    assert scenario.ann.ends_at - scenario.ann.starts_at == dt.timedelta(hours=1)
    letter = as_it_leaves(Letter.objects.get(kind="clocks_changed"))
    assert is_in_both_parts(letter, "Your session stays at the time we agreed on:")
    assert is_in_both_parts(letter, "11:00 AM")
    event = Calendar.from_ical(letter.attachments[0]["content"]).walk("VEVENT")[0]
    assert (event["SEQUENCE"], event["DTSTART"].dt) == (1, dt.datetime(2027, 3, 9, 17, tzinfo=dt.UTC))
    assert str(event["UID"]).startswith(str(scenario.ann.uid))
    waiting = Letter.objects.filter(about=scenario.ann.about, kind="reminder", state=Letter.State.PLANNED)
    assert {one.due_at for one in waiting} == {
        scenario.ann.starts_at - dt.timedelta(hours=hours) for hours in (48, 2)
    }
    assert not waiting.filter(pk__in=before).exists()
    assert AppointmentChange.objects.filter(appointment=scenario.ann, what="moved").count() == 1


@pytest.mark.engines
def test_news_of_other_clocks_is_worded_when_it_leaves_and_gives_way_to_later_news(scenario):
    keep(scenario)
    letter = Letter.objects.get(kind="clocks_changed")
    sent = check_before_sending(letter, timezone.now())
    assert isinstance(sent, Send)
    assert sent.fresh is not None
    assert "Your session stays at the time we agreed on:" in sent.fresh.words.text
    assert "11:00 AM" in sent.fresh.words.text
    assert [one.filename for one in sent.fresh.attachments or ()] == ["invite.ics"]
    scenario.ann.refresh_from_db()
    cancel(scenario.ann, now=timezone.now())
    assert check_before_sending(letter, timezone.now()) == Cancel(because("appointment_canceled"))


def test_a_day_of_sessions_moves_along_though_each_takes_the_hour_of_the_next(scenario):
    others = [old_booking(scenario, hour, name) for hour, name in ((9, "Ben"), (11, "Cleo"), (12, "Dan"))]

    assert len(keep(scenario).moved) == 4
    assert [hour_of(one) for one in (others[0], scenario.ann, *others[1:])] == [
        "09:00",
        "10:00",
        "11:00",
        "12:00",
    ]


@pytest.mark.engines
def test_anyone_who_has_the_hour_by_now_keeps_it_and_the_conflict_is_listed(scenario, desk):
    ben = booked(scenario.hourly, scenario.tess, there(10), attendee=ann("Ben"), now=timezone.now())
    page = desk.get(PAGE).content.decode()
    after = desk.post(PAGE, follow=True).content.decode()

    assert "Cannot be kept: Ben has that time" in page
    assert "1 could not be kept: someone else has that time." in after
    assert (hour_of(scenario.ann), scenario.ann.sequence, hour_of(ben)) == ("11:00", 0, "10:00")
    assert "clocks_changed" not in kinds(scenario.ann)
    assert "Cannot be kept: Ben has that time" in desk.get(PAGE).content.decode()


def test_one_that_cannot_be_kept_holds_up_no_other(scenario):
    booked(scenario.hourly, scenario.tess, there(10), attendee=ann("Ben"), now=timezone.now())
    cleo = old_booking(scenario, 14, "Cleo")
    result = keep(scenario)

    assert [one.pk for one in result.moved] == [cleo.pk]
    assert [one.pk for one in result.in_the_way] == [scenario.ann.pk]


@pytest.mark.engines
def test_a_request_a_hold_and_an_offer_keep_their_hours_too(scenario):
    now = timezone.now()
    scenario.hourly.needs_approval = True
    scenario.hourly.save(update_fields=["needs_approval"])
    asked = old_booking(scenario, 13, "Ben")
    with old_rules():
        held = kept(scenario.hourly, scenario.tess, there(14), now=now)
        offered = kept(scenario.hourly, scenario.tess, there(15), visitor="another", now=now)
    wish = WaitlistEntry.objects.create(
        client=make_user("Cleo"), session_type=scenario.hourly, last_day=dt.date(2027, 4, 1)
    )
    Offer.objects.create(entry=wish, appointment=offered, expires_at=now + dt.timedelta(minutes=50))
    letters = Letter.objects.count()

    assert len(keep(scenario).moved) == 4
    assert [hour_of(one) for one in (asked, held, offered)] == ["13:00", "14:00", "15:00"]
    assert not AppointmentChange.objects.filter(appointment__in=[held, offered], what="moved").exists()
    told = Letter.objects.filter(kind="clocks_changed")
    assert {one.about for one in told} == {scenario.ann.about, asked.about}
    assert as_it_leaves(told.get(about=asked.about)).attachments == []
    assert Letter.objects.count() > letters


@pytest.mark.engines
def test_of_a_series_each_that_no_longer_matches_is_found(scenario, desk):
    weeks = [old_booking(scenario, 12, "Ben")]
    with old_rules():
        after_march_14 = dt.datetime(2027, 3, 16, 12, tzinfo=ZoneInfo(VANCOUVER))
        weeks.append(
            booked(scenario.hourly, scenario.tess, after_march_14, attendee=ann("Ben"), now=timezone.now())
        )
    Appointment.objects.filter(pk__in=[one.pk for one in weeks]).update(series=scenario.ann.uid)

    assert len(keep(scenario).moved) == 2
    assert [(hour_of(one), one.sequence) for one in weeks] == [("12:00", 1), ("12:00", 0)]


def test_a_client_elsewhere_whose_own_clock_changed_is_told_once_and_nothing_moves(scenario, desk):
    denver = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, zone="America/Denver")
    open_every_day(denver)
    scenario.hourly.practitioners.add(denver)
    start = dt.datetime(2027, 3, 9, 10, tzinfo=ZoneInfo("America/Denver"))
    with old_rules():
        far = booked(scenario.hourly, denver, start, attendee=ann("Ben"), now=timezone.now())
    page = desk.get(PAGE).content.decode()
    for _twice in range(2):
        desk.post(PAGE)
    far.refresh_from_db()

    assert "In Vancouver it was Tuesday, March 9 at 9:00 AM; clocks there will now show 10:00 AM." in page
    assert (far.starts_at, far.sequence) == (start, 0)
    letter = as_it_leaves(Letter.objects.get(kind="clocks_changed", about=far.about))
    assert letter.subject == "Now Tuesday, March 9 at 10:00 AM on your clock: your session with Jonah"
    assert is_in_both_parts(letter, "Your session has not moved.")
    assert letter.attachments == []


@pytest.mark.engines
def test_who_booked_from_another_zone_is_told_that_the_hour_on_their_clock_is_another(scenario):
    """What stays at ten in Vancouver was eleven in Denver, and is ten there now."""
    with old_rules():
        far = booked(
            scenario.hourly,
            scenario.tess,
            there(13),
            attendee=ann("Ben", "America/Denver"),
            now=timezone.now(),
        )
    keep(scenario)
    far.refresh_from_db()
    letter = as_it_leaves(Letter.objects.get(kind="clocks_changed", about=far.about))

    assert hour_of(far) == "13:00"
    assert letter.subject == "Now Tuesday, March 9 at 1:00 PM on your clock: your session with Tess"
    assert is_in_both_parts(letter, "instead of Tuesday, March 9 at 2:00 PM.")
    assert far.wall_time == "2027-03-09 13:00 MST"


def test_one_that_is_left_unchanged_is_no_longer_listed_and_its_client_is_told(scenario, desk):
    for _twice in range(2):
        desk.post(reverse("workspace_clocks_leave", args=[scenario.ann.uid]))

    assert (hour_of(scenario.ann), scenario.ann.sequence) == ("11:00", 0)
    assert zone_changes_queries.zone_mismatches([scenario.tess], now=timezone.now()) == []
    assert Letter.objects.filter(kind="clocks_changed").count() == 1


def test_who_has_no_email_address_is_named_to_be_called(scenario, desk):
    User.objects.filter(pk=scenario.ann.client_id).update(email=None)
    page = desk.post(PAGE, follow=True).content.decode()

    assert "We have no email address for Ann Lee: please call." in page
    assert hour_of(scenario.ann) == "10:00"


@pytest.mark.engines
def test_today_says_that_it_needs_a_person(scenario, desk):
    find_mismatches(now=timezone.now())  # as the tick does every hour, and `up`
    assert "One booking or email no longer matches its time zone" in desk.get("/workspace/").content.decode()
    desk.post(PAGE)
    assert "matches its time zone" not in desk.get("/workspace/").content.decode()
    assert not Practice.objects.get().off_the_clock


def test_a_practitioner_sees_and_keeps_own_ones_only(scenario):
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    page = at_work(jonah.user).post(PAGE, follow=True).content.decode()

    assert "All bookings match their time zones" in page
    assert hour_of(scenario.ann) == "11:00"
    gone = at_work(jonah.user).post(reverse("workspace_clocks_leave", args=[scenario.ann.uid]))
    assert gone.status_code == 404


def test_the_command_names_each_and_moves_nothing(scenario):
    said = StringIO()
    call_command("zone_changes", stdout=said)

    assert (
        "Ann Lee: agreed for Tuesday, March 9 at 10:00 AM (Vancouver); clocks will show 11:00 AM"
        in said.getvalue()
    )
    assert f"(time zone data {zone_data.version()})" in said.getvalue()
    assert hour_of(scenario.ann) == "11:00"
    keep(scenario)
    call_command("zone_changes", quiet=True, stdout=(silent := StringIO()))
    assert silent.getvalue() == ""


def test_what_is_over_or_canceled_is_not_asked_about(scenario):
    Appointment.objects.filter(pk=scenario.ann.pk).update(state=Appointment.State.CANCELLED, occupies=False)
    assert zone_changes_queries.zone_mismatches([scenario.tess], now=timezone.now()) == []


@pytest.mark.engines
def test_an_hour_that_is_over_by_the_new_rules_is_left_to_a_person(scenario, desk):
    """At 17:30 UTC its agreed hour has passed half an hour ago, though it stands for half an hour later."""
    now = dt.datetime(2027, 3, 9, 17, 30, tzinfo=dt.UTC)
    [one] = zone_changes_queries.zone_mismatches([scenario.tess], now=now)

    assert one.stuck
    assert keep_wall_times([scenario.tess], by=scenario.tess.user, now=now).moved == []


# What is not an appointment


@pytest.mark.engines
def test_an_email_that_waits_for_an_hour_of_someones_clock_goes_at_that_hour(scenario, desk):
    now = timezone.now()
    scenario.tess.notices = "digest"
    with old_rules():
        letter = plan_digest(scenario.tess, now=now)
    assert letter.due_at == dt.datetime(2027, 3, 3, 15, tzinfo=dt.UTC)
    assert wall_times.count_shifted(Letter.objects.all(), now=now) == 1
    assert "One scheduled email would be sent at a different hour" in desk.get(PAGE).content.decode()
    for _twice in range(2):
        desk.post(PAGE)
    letter.refresh_from_db()

    assert letter.due_at == dt.datetime(2027, 3, 3, 14, tzinfo=dt.UTC)
    assert wall_times.count_shifted(Letter.objects.all(), now=now) == 0


def test_an_email_that_leaves_this_moment_is_left_alone(scenario):
    now = timezone.now()
    scenario.tess.notices = "digest"
    with old_rules():
        letter = plan_digest(scenario.tess, now=now)
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.CLAIMED)

    assert wall_times.keep_wall_times(Letter.objects.all(), now=now) == 0


def test_a_closure_follows_the_clocks_by_itself(scenario):
    """It is kept as days and hours: by the new rules it closes the new hours, and nothing is to be moved."""
    Closure.objects.create(
        practitioner=scenario.tess,
        first_day=dt.date(2027, 3, 10),
        last_day=dt.date(2027, 3, 10),
        opens=dt.time(9),
        closes=dt.time(12),
    )
    first, until = day_bounds(dt.date(2027, 3, 10), ZoneInfo(VANCOUVER))
    free = listing.free_starts(scenario.hourly, [scenario.tess], first=first, until=until, now=timezone.now())

    assert [one.start.hour for one in free] == [16, 17, 18]


def test_other_calendars_are_read_again_once_for_each_version(scenario):
    later = timezone.now() + dt.timedelta(days=1)
    other = ImportedCalendar.objects.create(
        practitioner=scenario.tess, name="Home", url="https://x.example/a.ics", etag="a", fetch_at=later
    )
    now = timezone.now()
    assert find_mismatches(now=now).calendars == 1
    other.refresh_from_db()
    assert (other.fetch_at, other.etag) == (now, "")
    assert find_mismatches(now=now).calendars == 0
    Practice.objects.update(zone_data="2025b")
    assert find_mismatches(now=now).calendars == 1


# What stands on the row


def test_a_move_writes_both_wall_times_again(scenario):
    with old_rules():
        move(scenario.ann, start=there(12), by=scenario.tess.user, now=timezone.now())
    scenario.ann.refresh_from_db()

    assert scenario.ann.wall_here == "2027-03-09T12:00:00-08:00[America/Vancouver]"
    assert scenario.ann.wall_time == "2027-03-09 12:00 PST"


@pytest.mark.engines
def test_a_row_without_a_wall_time_gets_one_by_the_rules_of_today(scenario):
    Appointment.objects.filter(pk=scenario.ann.pk).update(wall_here="")
    find_mismatches(now=timezone.now())
    scenario.ann.refresh_from_db()

    assert scenario.ann.wall_here == "2027-03-09T11:00:00-07:00[America/Vancouver]"


#: How clocks show a new start; or how they showed the one that is put back.
WALLS = ("walls(", "restored_fields(")


def starts_without_walls(text: str) -> Iterator[int]:
    """Return the lines of `update()` that write a start and not how clocks show it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update":
            names = {keyword.arg for keyword in node.keywords}
            spread = [ast.unparse(one.value) for one in node.keywords if one.arg is None]
            if "starts_at" in names and not any(one.startswith(WALLS) for one in spread):
                yield node.lineno


def test_whatever_writes_a_start_writes_how_clocks_show_it():
    found = {
        name: lines
        for name, text in sources().items()
        if ".tests" not in name and (lines := list(starts_without_walls(text)))
    }
    assert found == {}
    assert list(starts_without_walls("rows.update(starts_at=start)")) == [1]
    assert list(starts_without_walls("rows.update(starts_at=start, **walls(start, here=zone))")) == []


def the_migration():
    [path] = (ROOT / "booking" / "migrations").glob("*_wall_times.py")
    return importlib.import_module(f"booking.migrations.{path.stem}")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "2027-03-09T10:00:00-08:00[America/Vancouver]"),  # as the row tells it
        ({"wall_time": ""}, "2027-03-09T10:00:00-08:00[America/Vancouver]"),  # by the machine's old rules
        (
            {"zone": "Asia/Tokyo", "wall_time": "2027-03-10 03:00 JST"},
            "2027-03-09T10:00:00-08:00[America/Vancouver]",
        ),
        (
            {"wall_time": "2027-03-12 10:00 PST"},
            "2027-03-09T10:00:00-08:00[America/Vancouver]",
        ),  # of another start
    ],
)
def test_what_was_booked_before_wall_times_were_kept_is_filled_by_the_rules_of_then(
    scenario, monkeypatch, change, expected
):
    migration = the_migration()
    with old_rules():
        then = ZoneInfo(VANCOUVER)
    monkeypatch.setattr(migration, "system_zone", lambda key: then if key == VANCOUVER else None)
    Appointment.objects.filter(pk=scenario.ann.pk).update(wall_here="", **change)
    migration.fill(apps, None)
    scenario.ann.refresh_from_db()

    assert scenario.ann.wall_here == expected


def test_a_moved_one_is_filled_without_what_its_booker_read_before(scenario, monkeypatch):
    migration = the_migration()
    with old_rules():
        then = ZoneInfo(VANCOUVER)
        move(scenario.ann, start=there(11), by=scenario.tess.user, now=timezone.now())
    monkeypatch.setattr(migration, "system_zone", lambda _key: then)
    Appointment.objects.filter(pk=scenario.ann.pk).update(wall_here="", wall_time="2027-03-09 10:00 PST")
    migration.fill(apps, None)
    scenario.ann.refresh_from_db()

    assert scenario.ann.wall_here == "2027-03-09T11:00:00-08:00[America/Vancouver]"
    assert scenario.ann.wall_time == "2027-03-09 11:00 PST"


def test_a_row_made_by_hand_has_a_wall_time(scenario):
    made = make_appointment(
        session_type=scenario.hourly, practitioner=scenario.tess, start=there(15), client=scenario.ann.client
    )
    assert made.wall_here == "2027-03-09T15:00:00-07:00[America/Vancouver]"
