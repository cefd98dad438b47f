"""Logs and ledgers only grow: the database refuses everybody else, and the one door leaves its mark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import call_command
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Appointment, AppointmentChange, LedgerEntry
from booking.testing import make_appointment, make_session_type
from portal.models import LessonChange, RecordNote, SessionNote
from portal.testing import make_lesson
from practice.access.actions.open_record import log_action
from practice.append_only import guard
from practice.append_only.door import Why, left_open, open_door
from practice.models import AccessLog, DoorOpening, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NOW = dt.datetime(2027, 3, 2, 18, 0, tzinfo=dt.UTC)


def refused() -> Any:
    return pytest.raises(IntegrityError, match="append_only")


@pytest.fixture
def ann(db: None) -> User:
    ann = make_user("Ann Lee")
    log_action(None, ann, "access:record", now=NOW)
    return ann


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def lines() -> list[tuple[int, str]]:
    return list(AccessLog.objects.values_list("pk", "code"))


CHANGES: dict[str, Any] = {
    "a changed row": lambda: AccessLog.objects.update(code="x"),
    "a saved row": lambda: AccessLog.objects.get().save(update_fields=["code"]),
    "a removed row": lambda: AccessLog.objects.all()._raw_delete("default"),
    "rows removed one by one": lambda: AccessLog.objects.get().delete(),
    "an update in SQL": lambda: run("UPDATE practice_accesslog SET at = at"),
    "a delete in SQL": lambda: run("DELETE FROM practice_accesslog WHERE id > %s", 0),
    "the person removed past the erasure": lambda: User.objects.all().delete(),
    "the reader forgotten": lambda: AccessLog.objects.update(reader=None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_of_the_access_log_can_neither_be_changed_nor_removed(change: str, ann: User) -> None:
    before = lines()
    with refused(), transaction.atomic():
        CHANGES[change]()
    assert lines() == before
    assert User.objects.filter(pk=ann.pk).exists()


def test_what_empties_or_replaces_a_whole_table_is_refused(ann: User) -> None:
    before = lines()
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        sql = "TRUNCATE practice_accesslog"
    else:
        sql = "INSERT OR REPLACE INTO practice_accesslog SELECT * FROM practice_accesslog"
    with refused(), transaction.atomic():
        run(sql)
    assert lines() == before


def test_a_line_is_added_as_ever(ann: User) -> None:
    log_action(None, ann, "access:record", now=NOW)
    assert AccessLog.objects.filter(whose=ann).count() == 2


def test_the_door_lets_through_what_it_was_opened_for_and_closes_behind_it(ann: User) -> None:
    with open_door(Why.RETENTION):
        AccessLog.objects.update(code="old")
    with refused(), transaction.atomic():
        AccessLog.objects.update(code="older")
    assert [code for _pk, code in lines()] == ["old"]
    assert list(DoorOpening.objects.values_list("why", "is_open")) == [("retention", False)]


def test_what_fails_on_the_way_leaves_neither_a_change_nor_an_open_door(ann: User) -> None:
    before = lines()
    with pytest.raises(ZeroDivisionError), open_door(Why.RETENTION):
        AccessLog.objects.all().delete()
        raise ZeroDivisionError
    assert lines() == before
    assert not DoorOpening.objects.exists()
    with refused(), transaction.atomic():
        AccessLog.objects.all().delete()


def test_within_an_open_door_another_one_may_open(ann: User) -> None:
    with open_door(Why.RETENTION):
        with open_door(Why.ERASURE):
            pass
        AccessLog.objects.all().delete()
    assert not AccessLog.objects.exists()
    assert sorted(DoorOpening.objects.values_list("why", flat=True)) == ["erasure", "retention"]


MARKS: dict[str, Any] = {
    "removed": lambda: DoorOpening.objects.all()._raw_delete("default"),
    "removed in SQL": lambda: run("DELETE FROM practice_dooropening"),
    "said otherwise": lambda: DoorOpening.objects.update(why="keys"),
    "dated otherwise": lambda: DoorOpening.objects.update(at=timezone.now()),
    "opened again": lambda: DoorOpening.objects.update(is_open=True),
}


@pytest.mark.parametrize("way", MARKS)
@pytest.mark.parametrize("inside", [False, True], ids=["", "within a door"])
def test_that_the_door_was_open_can_never_be_taken_away(way: str, inside: bool, ann: User) -> None:
    with open_door(Why.RETENTION):
        pass
    before = list(DoorOpening.objects.values_list())
    with refused(), transaction.atomic():
        if inside:
            with open_door(Why.ERASURE):
                MARKS[way]()
        else:
            MARKS[way]()
    assert list(DoorOpening.objects.values_list()) == before


def test_a_reason_of_ones_own_opens_nothing(ann: User) -> None:
    with pytest.raises(IntegrityError, match="door_opens_for_a_reason"), transaction.atomic():
        DoorOpening.objects.create(why="because")
    with refused(), transaction.atomic():
        AccessLog.objects.all().delete()


def test_a_table_that_only_has_the_doors_name_opens_nothing(ann: User) -> None:
    """A temporary table would be found before the real one, by its name alone."""
    run("CREATE TEMPORARY TABLE practice_dooropening AS SELECT * FROM practice_dooropening")
    try:
        columns = "(why, at, is_open, transaction_id)"
        number = "txid_current()" if connection.vendor == "postgresql" else "0"
        opened = "true" if connection.vendor == "postgresql" else "1"
        run(
            f"INSERT INTO practice_dooropening {columns} VALUES ('erasure', %s, {opened}, {number})",
            timezone.now(),
        )
        with refused(), transaction.atomic():
            AccessLog.objects.all().delete()
    finally:
        temporary = "pg_temp" if connection.vendor == "postgresql" else "temp"
        run(f"DROP TABLE {temporary}.practice_dooropening")


# The other tables that promise it.


@pytest.fixture
def booked(ann: User) -> Appointment:
    tess = make_practitioner()
    booked = make_appointment(session_type=make_session_type(tess), practitioner=tess, start=NOW, client=ann)
    AppointmentChange.objects.create(appointment=booked, what="booked", starts_at=NOW)
    LedgerEntry.objects.create(appointment=booked, what="payment", how="cash", cents=9000, key="k")
    SessionNote.objects.create(appointment=booked, author=tess, signed_at=NOW, signed_by=tess.user)
    RecordNote.objects.create(client=ann, author=tess, by=tess.user, text="Called.")
    return booked


@pytest.mark.parametrize("model", [AppointmentChange, LedgerEntry, SessionNote, RecordNote])
def test_ledgers_histories_and_signed_notes_stay_as_they_are(
    model: type[models.Model], booked: Appointment
) -> None:
    rows = model._base_manager.all()
    column = model._meta.concrete_fields[-1]
    value = rows.values_list(column.attname, flat=True)[0]
    with refused(), transaction.atomic():
        rows.update(**{column.attname: value})
    with refused(), transaction.atomic():
        rows._raw_delete("default")
    assert rows.count() == 1


def test_a_lesson_nobody_was_given_is_deleted_with_its_history(ann: User) -> None:
    lesson = make_lesson()
    LessonChange.objects.create(lesson=lesson, what="created")
    browser = at_work(make_practitioner().user)
    browser.post(reverse("admin:portal_lesson_delete", args=[lesson.pk]), {"post": "yes"})
    assert not LessonChange.objects.exists()
    assert list(DoorOpening.objects.values_list("why", flat=True)) == ["lesson"]


def test_a_draft_is_written_over_until_it_is_signed(booked: Appointment) -> None:
    other = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    draft = SessionNote.objects.create(appointment=booked, author=other, low_back="Stiff.")
    draft.low_back = "Soft."
    draft.save(update_fields=["low_back"])
    draft.delete()
    assert SessionNote.objects.count() == 1


def test_every_model_that_says_it_only_grows_is_guarded() -> None:
    says = ("Only appended", "Only ever appended")
    promised = {
        model._meta.db_table
        for model in apps.get_models()
        if any(text in (model.__doc__ or "") for text in says)
    }
    assert promised >= {"practice_accesslog", "portal_lessonchange", "portal_recordnote"}
    assert promised <= {one.table for one in guard.guarded_tables()}


# The guard comes back, and is missed when it does not.


@pytest.fixture
def without_guard(transactional_db: None) -> Iterator[None]:
    guard.remove()
    yield
    guard.install()


def test_without_the_guard_the_log_can_be_rewritten(without_guard: None) -> None:
    log_action(None, make_user("Ann Lee"), "access:record", now=NOW)
    assert AccessLog.objects.update(code="x") == 1


def check() -> list[str | None]:
    return [one.id for one in checks.run_checks(tags=[checks.Tags.database], databases=["default"])]


def test_a_missing_guard_is_named_by_the_check_and_turns_health_red(without_guard: None) -> None:
    assert check() == ["practice.E010"]
    answer = Client().get("/healthz").json()["parts"]["append_only"]
    assert not answer["ok"]
    assert "practice_accesslog" in answer["says"]


def test_one_table_without_its_guard_is_missed_too(transactional_db: None) -> None:
    guard.remove(tables=[guard.Guarded("booking_receipt")])
    assert guard.missing() == ["booking_receipt"]
    guard.install()
    assert guard.missing() == []


def test_a_guard_that_was_switched_off_or_rewritten_counts_as_missing(transactional_db: None) -> None:
    if connection.vendor == "postgresql":
        run("ALTER TABLE practice_accesslog DISABLE TRIGGER append_only_row")
    else:
        run("DROP TRIGGER append_only_UPDATE_practice_accesslog")
        run(
            "CREATE TRIGGER append_only_UPDATE_practice_accesslog BEFORE UPDATE ON practice_accesslog "
            "BEGIN SELECT 1; END"
        )
    assert guard.missing() == ["practice_accesslog"]
    guard.install()
    assert guard.missing() == []


def test_a_door_left_open_is_named_by_the_check_and_turns_health_red(db: None) -> None:
    DoorOpening.objects.create(why=Why.RETENTION)
    assert left_open() == 1
    assert check() == ["practice.E011"]
    assert not Client().get("/healthz").json()["parts"]["append_only"]["ok"]


def test_a_standing_guard_is_no_matter_for_the_check(db: None) -> None:
    assert guard.missing() == []
    assert check() == []


def test_before_its_own_migration_a_table_is_left_alone_for_older_ones_to_change(db: None) -> None:
    """After a migrate back, `post_migrate` must not refuse what the next migrate forward has to do."""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("booking", "0037_append_only")
    guard.remove(tables=[guard.Guarded("booking_receipt")])
    guard.install()
    assert guard.missing() == ["booking_receipt"]
    recorder.record_applied("booking", "0037_append_only")
    guard.install()
    assert guard.missing() == []


def test_a_later_migration_leaves_the_guard_standing(transactional_db: None) -> None:
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    wider = migrations.AlterField("accesslog", "what", models.CharField(max_length=90, blank=True))
    wider.state_forwards("practice", after)
    with connection.schema_editor() as editor:
        wider.database_forwards("practice", editor, before, after)
    assert guard.missing() == (["practice_accesslog"] if connection.vendor == "sqlite" else [])
    call_command("migrate", verbosity=0, skip_checks=True)
    assert guard.missing() == []
    back = migrations.AlterField("accesslog", "what", models.CharField(max_length=80, blank=True))
    with connection.schema_editor() as editor:
        back.database_forwards("practice", editor, after, before)
    guard.install()
