"""Free times that are kept are the free times there are: after any change, at any time.

Each input of the engine is changed, column by column, and the answer with the cache is compared with one made
anew. Without the triggers the same comparison fails, so it can.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.api import kept_slots, routes
from booking.availability.versions import versions_now
from booking.locking import version_triggers
from booking.locking.checks import changes_are_noted
from booking.models import (
    Appointment,
    AvailabilityVersion,
    BlockedTime,
    BusyTime,
    Closure,
    ImportedCalendar,
    OpeningHours,
    SessionType,
)
from booking.testing import make_appointment, make_session_type, open_every_day
from booking.tests.people import NOW, TEN, make_both
from practice.models import Practice, Practitioner, Room, User
from practice.testing import make_practitioner, make_user
from practice.tests.sampling import SEED, size

pytestmark = pytest.mark.engines
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
#: Two weeks from Monday, March 15; Ten is on its second day.
ASKED = {"session_type": "session", "from": "2027-03-15", "to": "2027-03-28", "tz": "America/Denver"}


def asked(practitioner: str = "any", **changes: str) -> bytes:
    """What the API answers, from the cache if it can."""
    return Client().get("/api/v1/slots", {"practitioner": practitioner, **ASKED, **changes}).content


def uncached(practitioner: str = "any", **changes: str) -> bytes:
    """What it answers without a cache, which stays as it is."""
    kept, kept_slots.CACHE = kept_slots.CACHE, kept_slots.SlotsCache()
    try:
        return asked(practitioner, **changes)
    finally:
        kept_slots.CACHE = kept


def starts(body: bytes) -> list[str]:
    return [one["start"] for one in json.loads(body)["slots"]]


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    kept_slots.CACHE.clear()
    yield
    kept_slots.CACHE.clear()


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moving:
        yield moving


@pytest.fixture
def world(db: None, clock: Any) -> SessionType:
    """Two practitioners, and a row of everything that their free times are made of."""
    kind, tess, jonah = make_both()
    other = make_session_type(tess, slug="other", minutes=30)
    ann, there = make_user("Ann Lee"), {"session_type": kind, "client": make_user("Ben Hart")}
    make_appointment(practitioner=tess, start=TEN, **there)
    make_appointment(practitioner=jonah, start=TEN + DAY, **{**there, "client": ann, "session_type": other})
    held = make_appointment(practitioner=jonah, start=TEN + 2 * DAY, **{**there, "client": None})
    Appointment.objects.filter(pk=held.pk).update(
        state="held", hold_expires_at=NOW + dt.timedelta(minutes=10)
    )
    BlockedTime.objects.create(practitioner=tess, starts_at=TEN + 3 * DAY, ends_at=TEN + 3 * DAY + HOUR)
    Closure.objects.create(practitioner=jonah, first_day="2027-03-20", last_day="2027-03-20")
    Closure.objects.create(first_day="2027-03-21", last_day="2027-03-21", opens="10:00", closes="12:00")
    calendar = ImportedCalendar.objects.create(practitioner=tess, name="Home", url="https://c.example/a.ics")
    BusyTime.objects.create(calendar=calendar, starts_at=TEN + 4 * DAY, ends_at=TEN + 4 * DAY + HOUR)
    Room.objects.create(name="A third")
    return kind


# --- Every input, every column ---------------------------------------------------------------------------

#: The models whose rows are read for free times. `test_what_is_read_is_noted` finds any other.
READ: tuple[type[Model], ...] = (
    *(Appointment, BlockedTime, BusyTime, Closure, ImportedCalendar, OpeningHours, SessionType),
    *(Practitioner, Practice, User),
)
LATER = NOW + dt.timedelta(days=60)
#: Another value for a column, where one more or less would break a rule of its table.
OTHER: dict[str, Callable[[Any], Any]] = {
    "starts_at": lambda was: was - dt.timedelta(minutes=30),
    "ends_at": lambda was: was + dt.timedelta(minutes=30),
    "first_day": lambda was: was - DAY,
    "last_day": lambda was: was + DAY,
    "closes": lambda _was: dt.time(15),
    "opens": lambda _was: dt.time(9, 30),
    "zone": lambda _was: "Asia/Tokyo",
    "hold_expires_at": lambda _was: LATER,
    "place": lambda _was: "phone",
    "buffer_rule": lambda _was: "add",
    "who": lambda _was: "staff",
    "gaps": lambda _was: "require",
    "step": lambda _was: 20,
    "daily_limit": lambda _was: 1,
    "state": lambda _was: "cancelled",
    "weekday": lambda was: (was + 1) % 7,
    "slug": lambda was: f"{was}-too",
}
EVERYBODY = ("any", "tess", "jonah")
FIXED = {"uid", "id", "created_at", "key"}


def columns(model: type[Model]) -> list[str]:
    return [
        one.attname for one in model._meta.concrete_fields if one.name not in FIXED and not one.primary_key
    ]


def another(model: type[Model], column: str, was: Any) -> Any:
    """A value that the column has not now; the same where none can be made up."""
    field = next(one for one in model._meta.concrete_fields if one.attname == column)
    if column in OTHER:
        return OTHER[column](was)
    if isinstance(field, ForeignKey):
        found = field.related_model._default_manager.exclude(pk=was).order_by("pk")
        return found.values_list("pk", flat=True).last() or was
    if isinstance(was, bool):
        return not was
    if isinstance(was, int):
        return was + 15
    return was


def whose_is_kept() -> list[str]:
    """For whom the answer that is kept would be given now: a change that matters is to end that."""
    now = timezone.now()
    noted = versions_now(now=now)
    span = (ASKED["from"], ASKED["to"], ASKED["tz"])
    return [
        who
        for who in EVERYBODY
        if kept_slots.CACHE.get((ASKED["session_type"], who, *span), noted=noted, now=now) is not None
    ]


def changed_one_by_one(model: type[Model], rows_each: int = 3) -> list[str]:
    """Change each column of some rows alone; return those after which an old answer would be given.

    Each change is undone.
    """
    stale = []
    for pk in list(model._default_manager.order_by("pk").values_list("pk", flat=True))[:rows_each]:
        for column in columns(model):
            rows = model._default_manager.filter(pk=pk)
            was = rows.values_list(column, flat=True).get()
            for who in set(EVERYBODY).difference(whose_is_kept()):
                asked(who)
            try:
                with transaction.atomic():
                    rows.update(**{column: another(model, column, was)})
                    if any(asked(who) != uncached(who) for who in whose_is_kept()):
                        stale.append(f"{model.__name__}.{column}")
                    transaction.set_rollback(True)
            except IntegrityError:  # a rule of the table: then nothing has changed
                continue
    return stale


@pytest.mark.parametrize("model", READ, ids=lambda one: one.__name__)
def test_every_column_of_every_input_makes_an_answer_anew(model: type[Model], world: SessionType) -> None:
    assert changed_one_by_one(model) == []


def test_without_the_triggers_the_same_comparison_finds_stale_answers(world: SessionType) -> None:
    """The control: what the triggers prevent."""
    version_triggers.remove()
    try:
        assert {"Appointment.starts_at", "Appointment.occupies"} <= set(changed_one_by_one(Appointment, 1))
        assert "OpeningHours.closes" in changed_one_by_one(OpeningHours)
    finally:
        version_triggers.install()


def test_without_the_triggers_the_start_is_refused(db: None) -> None:
    assert changes_are_noted(databases=["default"]) == []
    version_triggers.remove()
    try:
        assert [one.id for one in changes_are_noted(databases=["default"])] == ["booking.E002"]
    finally:
        version_triggers.install()
    assert changes_are_noted(databases=["default"]) == []


def test_what_is_read_is_noted(world: SessionType) -> None:
    """A table that an answer reads and no trigger watches would leave it stale."""
    kept_slots.CACHE.clear()
    with CaptureQueriesContext(connection) as queries:
        asked()
        asked("tess", tz="")
    read = {
        table
        for table in connection.introspection.table_names()
        for query in queries
        if f'"{table}"' in query["sql"]
    }
    # The room's own row says only what it is called; the versions are what is asked.
    assert read - {"practice_room", AvailabilityVersion._meta.db_table} <= version_triggers.SUBJECTS.keys()
    assert {one._meta.db_table for one in READ} <= version_triggers.SUBJECTS.keys()


def test_rows_that_come_and_go_are_noted(world: SessionType) -> None:
    tess = Practitioner.objects.get(slug="tess")
    for made in (
        lambda: BlockedTime.objects.create(practitioner=tess, starts_at=TEN + HOUR, ends_at=TEN + 2 * HOUR),
        lambda: OpeningHours.objects.create(practitioner=tess, weekday=1, opens="18:00", closes="20:00"),
        lambda: Closure.objects.create(first_day="2027-03-16", last_day="2027-03-16"),
        lambda: world.practitioners.remove(tess),
        lambda: world.practitioners.add(make_practitioner("Mina Sol", role="practitioner")),
        lambda: BusyTime.objects.bulk_create(
            [BusyTime(calendar=ImportedCalendar.objects.get(), starts_at=TEN, ends_at=TEN + 5 * HOUR)]
        ),
        lambda: BusyTime.objects.all().delete(),
        lambda: ImportedCalendar.objects.all().delete(),
        lambda: OpeningHours.objects.filter(weekday=2).delete(),
        lambda: Appointment.objects.filter(starts_at=TEN).delete(),
    ):
        asked()
        made()
        assert asked() == uncached()


# --- The clock -------------------------------------------------------------------------------------------


def test_a_hold_that_ends_by_itself_gives_its_time_free(world: SessionType, clock: Any) -> None:
    held = (TEN + 2 * DAY).astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    assert held not in starts(asked("jonah"))
    clock.move_to(NOW + dt.timedelta(minutes=10))
    assert held in starts(asked("jonah"))
    clock.move_to(NOW)  # set back: it is held again
    assert held not in starts(asked("jonah"))


def test_notice_and_horizon_move_with_the_clock(world: SessionType, clock: Any) -> None:
    SessionType.objects.filter(pk=world.pk).update(notice_hours=48, horizon_days=20)
    for days in (0, 0.1, 8, 13.9, 15, 17.3, 3):
        clock.move_to(NOW + days * DAY)
        assert asked() == uncached()
    assert starts(asked(**{"from": "2027-03-16", "to": "2027-03-16"}))


# --- What it is good for ---------------------------------------------------------------------------------


def test_a_repeated_answer_is_one_query_and_the_same_to_the_byte(
    world: SessionType, django_assert_num_queries: Any
) -> None:
    first = asked()
    with django_assert_num_queries(1):
        assert asked() == first
    assert json.loads(first) == {"tz": "America/Denver", "slots": json.loads(first)["slots"], "reason": None}


def test_a_booking_with_one_leaves_the_others_answer(
    world: SessionType, django_assert_num_queries: Any
) -> None:
    for who in ("tess", "jonah"):
        asked(who)
    jonah, ann = Practitioner.objects.get(slug="jonah"), User.objects.get(name="Ann Lee")
    make_appointment(session_type=world, practitioner=jonah, start=TEN + 5 * DAY, client=ann)
    make_user("Cara Sun")
    User.objects.update(last_login=NOW)
    with django_assert_num_queries(1):
        asked("tess")
    assert asked("jonah") == uncached("jonah")


def test_what_is_rolled_back_leaves_nothing_behind(world: SessionType) -> None:
    before = asked()
    with transaction.atomic():
        BlockedTime.objects.all().delete()
        asked()
        transaction.set_rollback(True)
    assert asked() == before == uncached()


def test_who_begins_to_give_a_type_while_it_is_read_is_not_forgotten(
    world: SessionType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version is read first: what is committed after it makes the answer old at once."""
    mina = make_practitioner("Mina Sol", role="practitioner")
    open_every_day(mina, "18:00", "20:00")
    read = routes.type_and_practitioners

    def meanwhile(*asked_for: Any) -> Any:
        found = read(*asked_for)
        world.practitioners.add(mina)
        return found

    monkeypatch.setattr(routes, "type_and_practitioners", meanwhile)
    assert b"mina" not in asked()
    monkeypatch.undo()
    assert b"mina" in asked()


def test_the_cache_keeps_no_more_than_its_share(world: SessionType) -> None:
    cache = kept_slots.SlotsCache(most_bytes=12_000)
    kept_slots.CACHE, before = cache, kept_slots.CACHE
    try:
        for day in range(15, 29):
            asked(**{"to": f"2027-03-{day}"})
            assert sum(one.size for one in cache._kept.values()) == cache._bytes <= 12_000
        assert 0 < len(cache._kept) < 14
    finally:
        kept_slots.CACHE = before


# --- Anything, in any order ------------------------------------------------------------------------------


def test_after_any_sequence_of_changes_and_moves_of_the_clock_the_answers_agree(
    world: SessionType, clock: Any
) -> None:
    chance, now = random.Random(SEED), NOW
    for step in range(size(sampled=60, full=1_000)):
        what = chance.randrange(10)
        if what < 3:
            now += chance.choice((1, 9, 61, 3000, -700)) * dt.timedelta(minutes=1)
            clock.move_to(now)
        else:
            model = chance.choice(READ)
            rows, column = model._default_manager.order_by("pk"), chance.choice(columns(model))
            pk, was = chance.choice(list(rows.values_list("pk", column)))
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{column: another(model, column, was)})
            except IntegrityError:  # a rule of the table
                continue
        who = chance.choice(EVERYBODY)
        assert asked(who) == uncached(who), (step, who)
