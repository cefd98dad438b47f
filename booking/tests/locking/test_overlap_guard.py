"""The database refuses overlaps to everybody: tables of intervals, the guard's coming back, its check."""

import datetime as dt
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from booking.locking import overlap_guard
from booking.models import Appointment, SessionType
from booking.testing import make_appointment, make_session_type
from practice.models import Practitioner, User
from practice.testing import make_practitioner, make_user
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.engines]

TEN = dt.datetime(2027, 3, 16, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def tess(db: None) -> Practitioner:
    return make_practitioner()


@pytest.fixture
def ann(db: None) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def session(tess: Practitioner) -> SessionType:
    return make_session_type(tess)


def at(minutes: float) -> dt.datetime:
    return TEN + dt.timedelta(minutes=minutes)


OVERLAPPING = [(0, 60), (-30, 30), (30, 90), (15, 45), (-15, 75), (59, 61), (-60, 1)]
BESIDE = [(60, 120), (-60, 0), (90, 120)]


@pytest.mark.parametrize(("begin", "end"), OVERLAPPING)
def test_the_database_refuses_an_overlap(begin, end, tess, session, ann):
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann)
    with pytest.raises(IntegrityError, match="no_overlap_practitioner"), transaction.atomic():
        make_appointment(
            session_type=session, practitioner=tess, start=at(begin), ends_at=at(end), client=ann
        )


@pytest.mark.parametrize(("begin", "end"), BESIDE)
def test_touching_is_not_overlapping(begin, end, tess, session, ann):
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann)
    make_appointment(session_type=session, practitioner=tess, start=at(begin), ends_at=at(end), client=ann)
    assert Appointment.objects.count() == 2


MICRO = dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (TEN - MICRO, TEN, False),  # "10:00:00" beside "09:59:59.999999"
        (TEN - MICRO, TEN + MICRO, True),  # "10:00:00" before "10:00:00.000001"
        (at(60) - MICRO, at(61), True),
        (at(60), at(60) + MICRO, False),
        (at(60) + MICRO, at(61), False),
    ],
)
def test_microseconds_compare_rightly_where_times_are_text(start, end, refused, tess, session, ann):
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann)
    said = pytest.raises(IntegrityError, match="no_overlap") if refused else nullcontext()
    with said, transaction.atomic():
        make_appointment(session_type=session, practitioner=tess, start=start, ends_at=end, client=ann)


@pytest.mark.parametrize(
    "shape", ["2027-03-16T10:15:00", "2027-03-16 10:15:00+00:00", "2027-03-16 10:15:00Z", "1805191200"]
)
def test_a_time_another_program_wrote_in_its_own_way_is_refused(shape, tess, session, ann):
    if connection.vendor != "sqlite":
        return  # PostgreSQL has a type for it
    ours = make_appointment(session_type=session, practitioner=tess, start=at(90), client=ann)
    with (
        pytest.raises(IntegrityError, match="no_overlap"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE booking_appointment SET starts_at = %s WHERE id = %s", [shape, ours.pk])


def test_moving_onto_another_is_refused_and_onto_itself_is_not(tess, session, ann):
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann)
    later = make_appointment(session_type=session, practitioner=tess, start=at(120), client=ann)
    Appointment.objects.filter(pk=later.pk).update(starts_at=at(130), ends_at=at(190))
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        Appointment.objects.filter(pk=later.pk).update(starts_at=at(30), ends_at=at(90))


def test_a_canceled_row_cannot_be_brought_back_onto_a_taken_time(tess, session, ann):
    gone = make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann, occupies=False)
    make_appointment(session_type=session, practitioner=tess, start=at(30), client=ann)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        Appointment.objects.filter(pk=gone.pk).update(occupies=True)


def test_two_practitioners_cannot_share_a_room_at_one_time(tess, session, ann):
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, room=tess.room)
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann)
    with pytest.raises(IntegrityError, match="no_overlap_room"), transaction.atomic():
        make_appointment(session_type=session, practitioner=jonah, start=at(30), client=ann)


def test_two_practitioners_without_a_room_do_not_meet(session, ann):
    for name in ("Una One", "Val Two"):
        alone = make_practitioner(name, role=User.Role.PRACTITIONER, room=None)
        make_appointment(session_type=session, practitioner=alone, start=TEN, client=ann)
    assert Appointment.objects.count() == 2


def test_an_empty_time_is_refused(tess, session, ann):
    with pytest.raises(IntegrityError, match="appointment_ends_after"), transaction.atomic():
        make_appointment(session_type=session, practitioner=tess, start=TEN, ends_at=TEN, client=ann)


@pytest.fixture
def without_guard(transactional_db: None) -> Iterator[None]:
    overlap_guard.remove()
    yield
    overlap_guard.install()


def test_without_the_guard_the_accident_happens(without_guard):
    tess, ann = make_practitioner(), make_user("Ann Lee")
    session = make_session_type(tess)
    for _ in range(2):
        make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann)
    assert Appointment.objects.filter(starts_at=TEN, occupies=True).count() == 2
    Appointment.objects.all().delete()


def test_the_check_names_a_missing_guard(without_guard):
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    assert [error.id for error in found] == ["booking.E001"]
    assert not overlap_guard.is_installed()


def test_the_check_is_content_with_a_standing_guard(db):
    assert overlap_guard.is_installed()
    assert checks.run_checks(tags=[checks.Tags.database], databases=["default"]) == []


def altered(field: str, became: models.Field) -> tuple[ProjectState, ProjectState, migrations.AlterField]:
    """The state before and after a later migration that changes a column of the table."""
    from django.db.migrations.loader import MigrationLoader

    before = MigrationLoader(connection).project_state()
    operation = migrations.AlterField("appointment", field, became)
    after = before.clone()
    operation.state_forwards("booking", after)
    return before, after, operation


def apply(before: ProjectState, after: ProjectState, operation: migrations.AlterField) -> None:
    with connection.schema_editor() as editor:
        operation.database_forwards("booking", editor, before, after)


def test_a_later_migration_leaves_the_guard_standing(transactional_db):
    before, after, operation = altered("phone", models.CharField(max_length=60, blank=True))
    apply(before, after, operation)
    dropped = not overlap_guard.is_installed()
    call_command("migrate", verbosity=0, skip_checks=True)
    assert overlap_guard.is_installed()
    assert dropped == (connection.vendor == "sqlite")  # why it has to come back after every migrate
    apply(
        after,
        before,
        migrations.AlterField("appointment", "phone", models.CharField(max_length=40, blank=True)),
    )
    overlap_guard.install()
    assert overlap_guard.is_installed()


def one_before_the_last() -> str:
    """Return the name of the migration of booking before the last."""
    from django.db.migrations.loader import MigrationLoader

    names = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "booking")
    return names[-2]


# A migration that drops the guard with its table is above. To go back builds the models of every state on the
# way, which takes ten seconds and more: at full size only.
@proof_only
@pytest.mark.parametrize("target", [lambda: "0001", one_before_the_last], ids=["0001", "one back"])
def test_even_a_migrate_back_leaves_the_guard_standing(target, transactional_db):
    call_command("migrate", "booking", target(), verbosity=0, skip_checks=True)
    assert overlap_guard.is_installed()
    call_command("migrate", verbosity=0, skip_checks=True)
    assert overlap_guard.is_installed()


def test_installing_twice_is_as_good_as_once(db):
    overlap_guard.install()
    overlap_guard.install()
    assert overlap_guard.is_installed()
