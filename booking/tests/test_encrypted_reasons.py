"""What people at work write in their own words, and what opens a booking, cannot be read in the tables."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from booking.appointments.actions.approve import decline
from booking.appointments.actions.move import move
from booking.locking import overlap_guard
from booking.models import Appointment, AppointmentChange, Closure, IdempotencyKey, Package
from booking.packages.actions import sell
from booking.testing import make_appointment, make_session_type
from booking.tests.people import NOW, TEN, booked
from booking.tests.web_client import Api
from practice.models import Letter, User
from practice.security import reencrypt
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NIGHT = TEN.replace(hour=21)
COLUMNS = {
    "booking_appointment": "override_note",
    "booking_appointmentchange": "note",
    "booking_package": "note",
    "booking_closure": "reason",
    "booking_idempotencykey": "answer",
}


def resting() -> dict[str, list[str]]:
    """What stands in these columns themselves, in the order of writing."""
    found = {}
    with connection.cursor() as cursor:
        for table, column in COLUMNS.items():
            cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
            found[table] = [str(value) for (value,) in cursor.fetchall()]
    return found


def test_a_kept_answer_does_not_show_the_link_it_holds(hourly, a_monday_in_march):
    link = Api().book(TEN, key="one").json()["manage_url"]
    (rests,) = resting()["booking_idempotencykey"]
    assert (link in rests, "appointments" in rests, rests[:4]) == (False, False, "gAAA")


def test_a_lost_key_holds_up_neither_the_day_nor_a_move(session, tess, settings):
    late = booked(session, tess, NIGHT, by=tess.user, override_note="zebra")
    Closure.objects.create(first_day=TEN.date(), last_day=TEN.date(), reason="zebra", practitioner=None)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    late = Appointment.objects.get(pk=late.pk)
    moved = move(late, start=NIGHT + dt.timedelta(hours=1), by=tess.user, now=NOW, override_note="night")
    assert (moved.starts_at, moved.override_note) == (NIGHT + dt.timedelta(hours=1), "night")


def test_lists_of_the_back_office_show_them_and_search_beside_them(session, tess):
    late = booked(session, tess, NIGHT, by=tess.user, override_note="zebra at night")
    Closure.objects.create(first_day=TEN.date(), last_day=TEN.date(), reason="zebra day", practitioner=tess)
    browser = at_work(tess.user)
    for path, found, shown in (
        ("appointmentchange/?q=Ann", "1 appointment change", "zebra at night"),
        ("appointmentchange/?q=zebra", "0 appointment changes", ""),
        (f"appointment/{late.pk}/change/", "", "zebra at night"),
        ("closure/?q=Tess", "1 closure", "zebra day"),
        ("closure/?q=zebra", "0 closures", ""),
        ("package/?q=Ann", "0 packages", ""),
    ):
        page = browser.get(f"/backoffice/booking/{path}")
        html = page.content.decode()
        assert (page.status_code, found in html, shown in html) == (200, True, True), path


def test_what_a_no_says_is_read_by_the_practitioner_and_not_by_the_front_desk(session, tess):
    asked = make_appointment(
        session_type=session, practitioner=tess, client=make_user("Ann Lee"), start=TEN, state="pending"
    )
    decline(asked, by=tess.user, word="zebra", now=NOW)
    page = reverse("workspace_letter", args=[Letter.objects.get(kind="declined").pk])
    own, desk = at_work(tess.user), at_work(make_user("Dee Desk", role=User.Role.FRONT_DESK))
    assert [b"zebra" in browser.get(page).content for browser in (own, desk)] == [True, False]
    assert [browser.get(f"{page}preview/").status_code for browser in (own, desk)] == [200, 404]


# --- From tables that hold them in the clear -----------------------------------------------------
BEFORE, BETWEEN = [("booking", "0011_changes_lately")], [("booking", "0012_sealed_reasons")]
ZEBRAS = {
    "booking_appointment": ["zebra 0", "zebra 1", "zebra 2", ""],
    "booking_appointmentchange": ["zebra 0", "zebra 1", "zebra 2", ""],
    "booking_package": ["zebra, in cash"],
    "booking_closure": ["zebra"],
}
ANSWER = {"manage_url": "https://zebra.example/"}


@pytest.fixture
def old_tables(transactional_db, monkeypatch):
    """As they were before, with words in the clear; the test migrates on, and all is whole again after it."""
    monkeypatch.setattr(reencrypt, "AT_ONCE", 2)
    make_practice()
    tess, ann = make_practitioner(), make_user("Ann Lee")
    kind = make_session_type(tess)
    for number, note in enumerate(ZEBRAS["booking_appointment"]):
        start = TEN + dt.timedelta(days=number)
        one = make_appointment(
            session_type=kind, practitioner=tess, client=ann, start=start, override_note=note
        )
        AppointmentChange.objects.create(appointment=one, what="moved", starts_at=start, note=note)
    sell(kind, client=ann, sessions=2, price_cents=100, by=tess.user, paid="zebra, in cash", now=NOW)
    Closure.objects.create(first_day=TEN.date(), last_day=TEN.date(), reason="zebra")
    IdempotencyKey.objects.create(key="k", body_hash="b", status=201, answer=ANSWER)
    migrate(BEFORE)
    overlap_guard.install()  # later migrations rebuild the table on their way back
    yield
    onward()
    overlap_guard.install()


def migrate(where):
    MigrationExecutor(connection).migrate(where)


def onward():
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def in_the_clear() -> dict[str, list[str]]:
    return {table: words for table, words in resting().items() if table in ZEBRAS}


@proof_only  # a migration of the past; `test_overlap_guard.py` walks through all of them with empty tables
def test_the_migration_seals_every_word_and_opens_it_on_the_way_back(old_tables):
    """One walk there and back: each migration takes seconds. The guard stands meanwhile.

    Sealing writes to the guarded table and rebuilds none of it; nobody put the guard back.
    """
    assert overlap_guard.is_installed()
    assert in_the_clear() == ZEBRAS
    assert "zebra" in str(resting()["booking_idempotencykey"])
    migrate(BETWEEN)
    assert overlap_guard.is_installed()
    onward()
    assert "zebra" not in str(resting())
    assert [one.override_note for one in Appointment.objects.order_by("pk")] == ZEBRAS["booking_appointment"]
    assert [one.note for one in AppointmentChange.objects.order_by("pk")] == ZEBRAS[
        "booking_appointmentchange"
    ]
    assert (Package.objects.get().note, Closure.objects.get().reason) == ("zebra, in cash", "zebra")
    assert IdempotencyKey.objects.get().answer == ANSWER
    migrate(BEFORE)
    assert in_the_clear() == ZEBRAS


def test_what_is_encrypted_already_is_not_encrypted_twice():
    once = reencrypt.encrypted("zebra")
    assert (reencrypt.encrypted(once), reencrypt.decrypted(once), reencrypt.decrypted("zebra")) == (
        once,
        "zebra",
        "zebra",
    )
