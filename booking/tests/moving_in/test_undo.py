"""The way back: what an undo removes, what it leaves and why, and what is forgotten by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from booking.appointments.actions.cancel import cancel
from booking.models import Appointment, AppointmentChange, Import, ImportRow, Package, SessionType
from booking.moving_in.actions import steps
from booking.moving_in.actions.retention import forget_imported_files
from booking.moving_in.actions.work import work_on_next
from booking.testing import make_appointment
from booking.tests.moving_in.conftest import (
    CLIENTS,
    TIMES,
    Upload,
    checked,
    imported,
    names,
    people,
    undone,
)
from booking.tests.people import denver
from portal.erasure.actions.erase import erase
from practice.models import Letter, Practitioner, User
from practice.testing import make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


# --- Undo ---------------------------------------------------------------------------------------------


def test_an_undo_removes_what_was_made_and_nothing_else(upload: Upload, session: SessionType) -> None:
    make_user("Ann Lee", email="ann@x.com")
    job = imported(
        upload(
            "appointments",
            TIMES + "Ann Lee,ann@x.com,3/16/2027 10:00 AM\nBen,b@x.com,3/16/2027 1:00 PM\n",
        )
    )
    assert Appointment.objects.count() == 2
    undone(job)
    assert (job.state, names()) == ("undone", ["Ann Lee"])
    assert not Appointment.objects.exists()
    assert not AppointmentChange.objects.exists()
    assert not Letter.objects.exists()


def test_what_was_used_since_stays_and_says_why(
    upload: Upload, session: SessionType, tess: Practitioner
) -> None:
    job = imported(upload("clients", people(4)))
    one, two, three, _four = User.objects.clients().order_by("email")
    start = denver("2027-03-16 10:00")
    make_appointment(session_type=session, practitioner=tess, start=start, client=one)
    User.objects.filter(pk=two.pk).update(last_login=timezone.now())
    User.objects.filter(pk=three.pk).update(role="front_desk")
    undone(job)
    assert set(User.objects.exclude(pk=tess.user_id)) == {one, two, three}
    stays = job.rows.exclude(stays=[]).values_list("stays", flat=True)
    assert [why[0]["code"] for why in stays] == ["stays_client_used"] * 3


def test_an_appointment_that_was_canceled_or_confirmed_since_stays_with_its_client(
    upload: Upload, session: SessionType, tess: Practitioner
) -> None:
    text = TIMES + "Ann,a@x.com,3/16/2027 10:00 AM\nBen,b@x.com,3/16/2027 1:00 PM\n"
    job = imported(upload("appointments", text))
    first, second = Appointment.objects.order_by("starts_at")
    cancel(first, by=tess.user, now=timezone.now())
    Appointment.objects.filter(pk=second.pk).update(confirmed_at=timezone.now())
    undone(job)
    assert (Appointment.objects.count(), names()) == (2, ["Ann", "Ben"])


def test_a_package_that_paid_for_a_session_stays(upload: Upload, session: SessionType) -> None:
    job = imported(upload("packages", "name,email,left\nAnn,a@x.com,3\nBen,b@x.com,3\n"))
    used = imported(upload("appointments", TIMES + "Ann,a@x.com,3/16/2027 10:00 AM\n"))
    undone(job)
    assert (Package.objects.get().client.name, names()) == ("Ann", ["Ann"])
    undone(used)
    assert Appointment.objects.count() == 0


def test_an_undo_that_is_killed_goes_on(upload: Upload) -> None:
    job = imported(upload("clients", people(400)))
    steps.start_undo(job)
    work_on_next(portions=1)
    assert User.objects.clients().count() == 150
    work_on_next()
    assert User.objects.clients().count() == 0


# --- What is kept -------------------------------------------------------------------------------------


def test_cells_and_headings_rest_encrypted(upload: Upload) -> None:
    checked(upload("clients", CLIENTS + "Ann Canary,canary@x.com,\n"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, choices, headings FROM booking_import")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT raw, why FROM booking_importrow")
        assert "anary" not in stored + str(cursor.fetchall())


def test_after_two_weeks_the_cells_are_gone_and_what_was_made_stays(upload: Upload) -> None:
    job = imported(upload("clients", people(2)))
    left = upload("clients", people(2))
    later = timezone.now() + dt.timedelta(days=15)
    assert forget_imported_files(later, dry=True) == forget_imported_files(later) == 3
    assert set(job.rows.values_list("raw", flat=True)) == {None}
    assert not Import.objects.filter(pk=left.pk).exists()
    assert User.objects.clients().count() == 2


def test_an_erased_client_is_in_no_row_and_in_no_file(upload: Upload) -> None:
    imported(upload("clients", CLIENTS + "Ann Lee,ann@x.com,\nBen,b@x.com,\n"))
    failed = imported(upload("clients", CLIENTS + "Ann Lee,ann@x.com,bad\nBen,b@x.com,\n"))
    waiting = upload("clients", CLIENTS + "Ann Lee,ann@x.com,\n")
    erase(User.objects.get(email="ann@x.com"), now=timezone.now())
    left = [row.raw for row in ImportRow.objects.all() if row.raw]
    assert [cells[0] for cells in left] == ["Ben", "Ben"]
    assert failed.rows.count() == 2
    assert not Import.objects.filter(pk=waiting.pk).exists()
