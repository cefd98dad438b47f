"""A closure names who is booked before it is saved; hours past midnight are said, never slipped into."""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from booking.availability import listing
from booking.availability.loading import closure_of, weekly_of
from booking.models import Appointment, Closure, OpeningHours
from booking.tests.people import BEN, DENVER, TEN, booked, denver, kept, minutes
from practice.core import formatting
from practice.models import Practitioner, User
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
WHEN = formatting.moment(TEN, DENVER)
CLOSURE, HOURS = "/backoffice/booking/closure/add/", "/backoffice/booking/openinghours/add/"
DAY = "2027-03-16"
SUNDAY, NOON, NINE = 6, dt.time(12), dt.time(9)


@pytest.fixture
def owner(tess: Practitioner) -> Client:
    return at_work(tess.user)


def said(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def typed(tess: Practitioner | None, **more) -> dict[str, str]:
    whose = str(tess.pk) if tess else ""
    return {"practitioner": whose, "first_day": DAY, "last_day": DAY, "reason": "", "seen": "", **more}


def second(answer, data: dict[str, str]) -> dict[str, str]:
    """The same, as the page that asked sends it again."""
    return {**data, "seen": re.search(r'name="seen" value="([0-9a-f]+)"', answer.content.decode())[1]}


def test_who_is_booked_is_named_before_a_closure_is_saved_and_a_second_press_saves_it(both, tess, owner):
    anns, held = booked(both, tess), kept(both, tess, TEN + minutes(180))
    first = owner.post(CLOSURE, typed(tess))

    assert f"One person is booked then: Ann Lee ({WHEN})." in said(first)
    assert "Nothing is saved yet." in said(first)
    assert (Closure.objects.count(), Appointment.objects.get(pk=held.pk).state) == (0, "held")
    assert owner.post(CLOSURE, second(first, typed(tess))).status_code == 302
    assert Closure.objects.count() == 1
    assert Appointment.objects.get(pk=anns.pk).state == "booked"
    assert Appointment.objects.get(pk=held.pk).state == "released"


def test_someone_who_books_in_between_is_asked_about_too(both, tess, owner):
    booked(both, tess)
    first = owner.post(CLOSURE, typed(tess))
    booked(both, tess, TEN + minutes(60), attendee=BEN)
    again = owner.post(CLOSURE, second(first, typed(tess)))

    assert f"2 people are booked then: Ann Lee ({WHEN}) and Ben Hart" in said(again)
    assert not Closure.objects.exists()


def test_other_hours_and_closures_of_everyone_are_asked_about_and_free_days_are_not(both, tess, owner):
    booked(both, tess)
    hours = {"opens": "12:00", "closes": "16:00"}
    assert "Ann Lee" in said(owner.post(CLOSURE, typed(tess, **hours)))
    assert "Ann Lee" in said(owner.post(CLOSURE, typed(None)))
    assert owner.post(CLOSURE, typed(tess, opens="09:00", closes="16:00")).status_code == 302
    assert owner.post(CLOSURE, typed(tess, first_day="2027-03-18", last_day="2027-03-18")).status_code == 302


def test_a_closure_that_grows_over_someone_asks_and_one_whose_reason_changes_does_not(both, tess, owner):
    booked(both, tess)
    closure = Closure.objects.create(practitioner=tess, first_day="2027-03-15", last_day="2027-03-15")
    page = f"/backoffice/booking/closure/{closure.pk}/change/"
    grown = typed(tess, first_day="2027-03-15")
    first = owner.post(page, grown)
    assert "Ann Lee" in said(first)
    assert owner.post(page, second(first, grown)).status_code == 302
    assert owner.post(page, {**grown, "reason": "Ill"}).status_code == 302


def test_the_front_desk_is_asked_too(both, tess):
    booked(both, tess)
    desk = at_work(make_user("Faye", role=User.Role.FRONT_DESK))

    assert "Ann Lee" in said(desk.post(CLOSURE, typed(tess)))


# --- Hours that end before they begin ---------------------------------------------------------------


def sunday(tess, **more) -> dict[str, str]:
    fields = {"practitioner": str(tess.pk), "weekday": str(SUNDAY), "opens": "12:00", "closes": "09:00"}
    return {**fields, **more}


def test_sunday_from_noon_to_nine_is_a_question_and_opens_nothing(both, tess, owner):
    tess.opening_hours.all().delete()
    answer = owner.post(HOURS, sunday(tess))

    assert "These hours end before they begin." in said(answer)
    assert "at 9:00 AM on the next day" in said(answer)
    assert not tess.opening_hours.exists()


def test_they_run_past_midnight_when_someone_says_so(both, tess, owner):
    tess.opening_hours.all().delete()
    assert owner.post(HOURS, sunday(tess, past_midnight="on")).status_code == 302
    span = {"first": denver("2027-03-07 00:00"), "until": denver("2027-03-09 00:00")}
    found = listing.free_starts(both, [tess], **span, now=denver("2027-03-01 08:00"))

    assert found[0].start == denver("2027-03-07 12:00")
    assert found[-1].end == denver("2027-03-08 09:00")
    assert str(tess.opening_hours.get()) == "Sunday 12:00 PM – 9:00 AM (+1)"


def test_the_same_of_the_hours_of_one_day(tess, owner):
    hours = {"opens": "22:00", "closes": "02:00"}
    assert "These hours end before they begin." in said(owner.post(CLOSURE, typed(tess, **hours)))
    assert not Closure.objects.exists()
    assert owner.post(CLOSURE, typed(tess, **hours, past_midnight="on")).status_code == 302


@pytest.mark.parametrize("closes", ["00:00", "23:59"])
def test_until_midnight_needs_no_question(tess, owner, closes):
    assert owner.post(HOURS, sunday(tess, closes=closes)).status_code == 302


def test_no_other_way_into_the_database_takes_them_either(tess):
    row = {"practitioner": tess, "opens": NOON, "closes": NINE}
    for make in (
        lambda: OpeningHours.objects.create(weekday=SUNDAY, **row),
        lambda: OpeningHours.objects.bulk_create([OpeningHours(weekday=SUNDAY, **row)]),
        lambda: Closure.objects.create(first_day=DAY, last_day=DAY, **row),
        lambda: tess.opening_hours.update(opens=NOON, closes=NINE),
        lambda: tess.opening_hours.update(opens=NINE, closes=NINE),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_and_the_engine_reads_such_a_row_as_closed():
    row = OpeningHours(weekday=SUNDAY, opens=NOON, closes=NINE)
    day = Closure(first_day=dt.date(2027, 3, 16), last_day=dt.date(2027, 3, 16), opens=NOON, closes=NINE)

    assert weekly_of([row]) == ()
    assert closure_of(day).windows == ()
    with pytest.raises(ValidationError):
        row.clean()


@contextmanager
def before_the_constraint() -> Iterator[None]:
    """As the table was before the migration; the test's transaction takes it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE booking_openinghours DROP CONSTRAINT hours_end_after_they_begin")
            yield
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.parametrize(("opens", "closes", "marked"), [(22, 2, True), (9, 0, False), (9, 17, False)])
def test_existing_hours_keep_running_past_midnight(tess, opens, closes, marked):
    migration = importlib.import_module("booking.migrations.0019_hours_past_midnight")
    with before_the_constraint():
        tess.opening_hours.update(opens=dt.time(opens), closes=dt.time(closes))
        migration.keep_what_is_open(apps, None)

    assert set(tess.opening_hours.values_list("past_midnight", flat=True)) == {marked}


# --- The day's page ---------------------------------------------------------------------------------


def test_the_page_of_a_closed_day_says_closed(tess, owner):
    assert "Closed" not in said(owner.get("/workspace/", {"day": DAY}))
    Closure.objects.create(practitioner=tess, first_day=DAY, last_day=DAY)
    page = said(owner.get("/workspace/", {"day": DAY}))

    assert "Closed. No one can book this day." in page
    assert "New bookings appear here" not in page


def test_it_says_who_of_several_is_away_and_that_a_weekday_has_no_hours(tess, jonah, owner):
    Closure.objects.create(practitioner=tess, first_day=DAY, last_day=DAY)
    jonah.opening_hours.filter(weekday=SUNDAY).delete()

    page = said(owner.get("/workspace/", {"day": DAY}))
    assert "Closed: Tess is away" in page
    assert "New bookings appear here" in page
    assert "No opening hours: Jonah" in said(owner.get("/workspace/", {"day": "2027-03-21"}))
