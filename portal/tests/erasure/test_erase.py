"""A client is erased: what goes, what stays as numbers, and what happens at the same time."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models
from django.db.models.functions import Now
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from booking.links import appointment_path
from booking.models import Appointment, Offer, Package, WaitlistEntry
from booking.testing import make_appointment, make_session_type, open_every_day
from portal.erasure.actions import erase as erasing
from portal.erasure.actions.erase import AlreadyErased, BeingSent, WorksHere, erase
from portal.erasure.table import ELSEWHERE, NOBODYS, TABLE
from portal.models import PracticeEntry, Segment
from portal.practice_log.actions.listen import Batch, listen
from portal.practice_log.listening import Report
from portal.testing import make_lesson, make_recording
from practice.mail import suppression
from practice.mail.delivery.claims import claim_one, finish
from practice.mail.delivery.deliver import check_and_send
from practice.mail.unsubscribe import email_token
from practice.models import AccessLog, Letter, Practitioner, Suppression, User
from practice.testing import as_it_leaves, at_work, both_parts, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    tess = make_practitioner()
    open_every_day(tess)
    return tess


@pytest.fixture
def ann(tess: Practitioner) -> User:
    return make_user("Ann Lee", phone="+13035550101")


@pytest.fixture
def booked(tess: Practitioner, ann: User) -> Appointment:
    kind = make_session_type(tess)
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + 50 * HOUR
    return make_appointment(session_type=kind, practitioner=tess, start=start, client=ann)


# --- The table ----------------------------------------------------------------------------------------
LABELS = {line.model._meta.label for line in TABLE} | ELSEWHERE | NOBODYS
POINTING = (models.ForeignKey, models.OneToOneField)


def test_every_kind_of_row_has_a_line_in_the_table_of_erasure() -> None:
    assert {model._meta.label for model in apps.get_models()} - LABELS == set()
    assert LABELS - {model._meta.label for model in apps.get_models()} == set()


def test_what_is_called_nobodys_points_at_no_client_and_holds_no_address() -> None:
    """Staff alone are pointed at: who taught a lesson, who sent a recording."""
    staff = {
        *("practice.Practitioner.user", "portal.RecordingUpload.by", "practice.Practice.email"),
        *(
            "booking.BlockedTime.made_by",
            "booking.Import.by",
            "portal.LessonChange.by",
            "portal.ExerciseMedia.by",
            "practice.EmailText.by",
        ),
    }
    pointing = {
        f"{label}.{field.name}"
        for label in NOBODYS
        for field in apps.get_model(label)._meta.concrete_fields
        if (isinstance(field, POINTING) and field.related_model in {line.model for line in TABLE})
        or isinstance(field, models.EmailField)
    }
    assert pointing - staff == set()


def test_what_stays_of_a_row_holds_no_words_and_nobody() -> None:
    codes = {
        "state",
        "status",
        "place",
        "what",
        "how",
        "currency",
        "by",
        "sold_by",
        "issued_by",
    }  # of a list, or somebody who works here
    worded = {
        f"{line.model.__name__}.{field.name}"
        for line in TABLE
        for field in line.model._meta.concrete_fields
        if field.name in line.keeps
        and field.name not in codes
        and (isinstance(field, models.CharField | models.TextField) or field.related_model is User)
    }
    assert worded == set()


def test_what_is_not_kept_of_a_row_can_be_emptied() -> None:
    for line in TABLE:
        for field in line.model._meta.concrete_fields:
            if field.name in line.empties() and not field.unique:
                assert field.null or field.get_default() is not None, field


# --- What becomes of it -------------------------------------------------------------------------------


def test_a_session_ahead_is_canceled_its_time_is_free_and_the_practitioner_is_told_without_a_name(
    booked: Appointment, ann: User
) -> None:
    erase(ann, now=timezone.now())
    row = Appointment.objects.get(pk=booked.pk)
    assert (row.state, row.occupies, row.client, row.attendee_name) == ("cancelled", False, None, "")
    letter = as_it_leaves(Letter.objects.get())
    assert (letter.kind, letter.user) == ("notice_cancelled", booked.practitioner.user)
    assert "an erased client" in both_parts(letter)
    assert "Ann" not in f"{letter.subject} {both_parts(letter)}"


def test_the_freed_time_is_offered_to_the_person_who_waits_for_it(booked: Appointment, ann: User) -> None:
    ben = make_user("Ben Moss")
    last_day = (booked.starts_at + 48 * HOUR).date()
    WaitlistEntry.objects.create(
        client=ben,
        session_type=booked.session_type,
        last_day=last_day,
        created_at=timezone.now() - HOUR,
    )
    erase(ann, now=timezone.now())
    assert Offer.objects.get().entry.client == ben


def test_links_of_the_past_open_nothing(booked: Appointment, ann: User) -> None:
    path = appointment_path(booked)
    assert Browser().get(path).status_code == 200
    erase(ann, now=timezone.now())
    assert Browser().get(path).status_code == 404


def test_the_link_in_an_old_email_still_says_that_they_are_unsubscribed(ann: User) -> None:
    path = reverse("email_wishes", args=[email_token(ann)])
    erase(ann, now=timezone.now())
    one_click = Browser().post(path, {"List-Unsubscribe": "One-Click"})
    assert (one_click.status_code, one_click.content[:20]) == (200, b"You are unsubscribed")
    assert b"You are unsubscribed" in Browser().get(path).content


@pytest.mark.engines
def test_an_address_that_complained_is_not_written_to_after_the_erasure_either(ann: User) -> None:
    suppression.suppress("ann@example.com", cause=Suppression.Cause.COMPLAINT, detail="ann@example.com")
    erase(ann, now=timezone.now())
    assert not Suppression.objects.filter(address="ann@example.com").exists()
    letter = make_letter("follow_up", to_address="Ann@example.com", due_at=timezone.now())
    claimed = claim_one(timezone.now())
    assert claimed is not None
    check_and_send(claimed, None, timezone.now())  # type: ignore[arg-type]
    letter.refresh_from_db()
    assert (letter.state, "unwanted" in letter.reason) == ("cancelled", True)
    assert suppression.complained("ann@example.com")


def test_a_person_who_works_here_is_not_erased(tess: Practitioner) -> None:
    with pytest.raises(WorksHere):
        erase(tess.user, now=timezone.now())
    assert User.objects.filter(pk=tess.user_id).exists()


def test_nobody_is_erased_twice(ann: User) -> None:
    erase(ann, now=timezone.now())
    with pytest.raises(AlreadyErased):
        erase(ann, now=timezone.now())


def test_others_keep_everything_of_theirs(booked: Appointment, ann: User) -> None:
    ben = make_user("Ben Moss")
    AccessLog.objects.create(reader=booked.practitioner.user, whose=ben, code="access:record")
    make_letter(user=ben, to_address="ben@example.com")
    theirs = make_appointment(
        session_type=booked.session_type,
        practitioner=booked.practitioner,
        start=booked.starts_at + 3 * HOUR,
        client=ben,
    )
    erase(ann, now=timezone.now())
    assert Appointment.objects.get(pk=theirs.pk).attendee_name == "Ben Moss"
    assert (ben.letters.count(), AccessLog.objects.filter(whose=ben).count()) == (1, 1)


def test_every_page_at_work_opens_after_an_erasure(booked: Appointment, ann: User) -> None:
    start = timezone.now() - HOUR / 2
    package = {"session_type": booked.session_type, "sessions": 3, "price_cents": 9000}
    Package.objects.create(client=ann, **package)
    now = make_appointment(
        session_type=booked.session_type,
        practitioner=booked.practitioner,
        start=start,
        client=ann,
        state="completed",
    )
    erase(ann, now=timezone.now())
    row = Appointment.objects.get(pk=now.pk)
    desk = at_work(booked.practitioner.user)
    paths = [reverse(name) for name in ("workspace", "workspace_clients", "workspace_letters")]
    paths.append(reverse("workspace_appointment", args=[row.uid]))
    paths += [reverse(f"admin:booking_{name}_changelist") for name in ("appointment", "package")]
    paths.append(reverse("admin:booking_appointment_change", args=[row.pk]))
    assert {path: desk.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


# --- At the same time ---------------------------------------------------------------------------------


@pytest.mark.engines
def test_while_an_email_is_being_sent_nothing_is_erased_and_after_that_nothing_comes_back(ann: User) -> None:
    make_letter(user=ann, due_at=timezone.now())
    claimed = claim_one(timezone.now())
    assert claimed is not None
    with pytest.raises(BeingSent):
        erase(ann, now=timezone.now())
    assert User.objects.filter(pk=ann.pk).exists()

    Letter.objects.update(leased_until=Now() - HOUR)  # its sender is gone, or very slow
    erase(ann, now=timezone.now())
    assert finish(claimed, state=Letter.State.SENT) is False
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.engines
@pytest.mark.skipif(settings.SQLITE, reason="one writer at a time")
def test_a_lesson_that_reports_at_the_same_moment_leaves_nothing_behind() -> None:
    make_practice()
    ann = make_user("Ann Lee")
    recording = make_recording(make_lesson())
    since = timezone.now() - HOUR
    begun = listen(ann, a_batch(uuid.uuid4(), 0), recording=recording, since=since, now=timezone.now())
    together = threading.Barrier(9, timeout=20)

    def report(number: int) -> None:
        uid = begun.uid if number % 2 else uuid.uuid4()
        together.wait()
        with suppress(IntegrityError, PracticeEntry.DoesNotExist):  # there is nobody to write about
            listen(ann, a_batch(uid, number), recording=recording, since=since, now=timezone.now())
        connection.close()

    def go() -> None:
        together.wait()
        erase(ann, now=timezone.now())
        connection.close()

    with ThreadPoolExecutor(9) as pool:
        for one in [pool.submit(go), *(pool.submit(report, number) for number in range(8))]:
            one.result()
    assert not PracticeEntry.objects.exists()
    assert not Segment.objects.exists()
    assert not User.objects.exists()


def a_batch(uid: uuid.UUID, seq: int) -> Batch:
    began = seq * 20_000
    heard = Report(seq=seq, start_ms=began, end_ms=began + 9000, rate=1.0, elapsed_ms=began + 9000, age_ms=0)
    return Batch(uid, [heard])


@pytest.mark.django_db(transaction=True)
@pytest.mark.engines
def test_what_someone_wrote_at_the_same_moment_makes_it_try_again(monkeypatch: Any) -> None:
    make_practice()
    ann = make_user("Ann Lee")
    really, refusals = erasing._erase, [IntegrityError("a row that points at them")]

    def refused_once(pk: int, **options: Any) -> erasing.Report:
        if refusals:
            raise refusals.pop()
        return really(pk, **options)

    monkeypatch.setattr(erasing, "_erase", refused_once)
    erase(ann, now=timezone.now())
    assert not User.objects.exists()


@pytest.mark.skipif(not settings.SQLITE, reason="PostgreSQL's VACUUM does it")
@pytest.mark.engines
def test_a_removed_name_is_overwritten_in_the_file_of_the_database(tmp_path: Path) -> None:
    path = tmp_path / "as-we-open-it.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
        file.execute("CREATE TABLE person (name TEXT)")
        file.execute("INSERT INTO person VALUES ('Zuleika Montague')")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"Zuleika" in path.read_bytes()
        file.execute("DELETE FROM person")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"Zuleika" not in b"".join(one.read_bytes() for one in tmp_path.iterdir())


# --- The commands -------------------------------------------------------------------------------------


def output_of(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_shows_first_and_erases_only_with_yes(ann: User) -> None:
    for said in (
        output_of("erase_client", "ann@example.com"),
        output_of("erase_client", str(ann.pk), "--dry-run"),
    ):
        assert "Nothing was changed." in said
        assert "1  practice.User" in said
    assert User.objects.filter(pk=ann.pk).exists()
    said = output_of("erase_client", "ANN@example.com", "--yes")
    assert "Erased." in said
    assert "Ann" not in said
    assert not User.objects.filter(pk=ann.pk).exists()


def test_the_command_refuses_the_person_who_works_here_or_is_unknown(tess: Practitioner) -> None:
    for who in ("tess@example.com", "nobody@example.com", "999999"):
        with pytest.raises(CommandError):
            call_command("erase_client", who, "--yes")
    assert User.objects.count() == 1


def test_a_copy_is_written_for_its_owner_alone_and_noted(ann: User, tmp_path: Any) -> None:
    path = tmp_path / "ann.zip"
    output_of("export_client", "ann@example.com", to=path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ann.access_log.get().words == "a copy of the whole record, taken on the server"
    hers = Browser()
    hers.force_login(ann)
    page = hers.get(reverse("portal_data")).content.decode()
    assert "Juniper Street Myopractic: a copy of the whole record" in page
    with pytest.raises(CommandError):  # no file is written over
        output_of("export_client", "ann@example.com", to=path)
