"""The demo lives by the real actions, and touches nothing that is not its own."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, AppointmentChange, Intake, WaitlistEntry
from booking.packages import queries as packages_queries
from portal.demo.ten import zone_at_ten
from portal.models import Exercise, FollowUp, FollowUpPlan, LessonAudio, PracticeEntry, Question, SessionNote
from practice.core.clock import zone_named
from practice.mail.delivery.deliver import step
from practice.management.commands import demo as demo_command
from practice.models import Article, Letter, User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.long  # three months are lived through twice


@pytest.fixture
def demo(db: None, settings: object, tmp_path: Path) -> None:
    settings.OUTBOX_DIR = tmp_path / "outbox"  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "practice.mail.channels.outbox.OutboxBackend"  # type: ignore[attr-defined]
    call_command("demo", verbosity=0)


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_only_while_the_demo_is_made_sqlite_does_not_wait_for_the_disk() -> None:
    for wait, level in ((False, 0), (True, 2)):
        demo_command.wait_for_the_disk(wait)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                assert cursor.execute("PRAGMA synchronous").fetchone() == (level,)


def goes_on_where_ann_stopped() -> None:
    """Her one button leads to the sound, not to guidelines that she has read."""
    ann = Client()
    ann.force_login(User.objects.get(name="Ann Whitfield"))
    way = re.search(r'href="([^"]+[?&]at=\d+)"', ann.get("/portal/").content.decode())
    assert way
    assert ann.get(way[1]).context["lands"] is True


def test_where_there_is_nothing_to_reset_that_is_said_and_the_demo_made(db, monkeypatch, capsys) -> None:
    monkeypatch.setattr(demo_command, "make", lambda: None)
    call_command("demo", "--reset")
    assert capsys.readouterr().out.splitlines() == [
        "There was nothing to reset.",
        "The demo practice is ready.",
    ]


@pytest.mark.sqlite  # as `make run` makes it; on PostgreSQL the browser's tests live in one
def test_the_demo_is_lived_in_and_can_be_reset(demo: None) -> None:
    """One demo for all that is asked of it: it takes seconds to live through three months."""
    booked = Appointment.objects.filter(client__isnull=False)
    assert User.objects.filter(role="client").count() == 8
    assert User.objects.exclude(role="client").count() == 2
    assert Article.objects.filter(published_at__isnull=False).count() == 6
    lengths = [recording.minutes for recording in LessonAudio.objects.order_by("-duration_ms")]
    assert len(lengths) == 4
    goes_on_where_ann_stopped()
    assert lengths[0] > 19
    assert all(5 <= minutes <= 8 for minutes in lengths[1:])
    assert Exercise.objects.filter(is_published=True).count() == 10
    for appointment in booked.exclude(state="pending"):
        assert AppointmentChange.objects.filter(appointment=appointment, what="booked").exists()
        assert Letter.objects.filter(about=appointment.about, kind="confirmation").exists()
    assert Letter.objects.filter(
        state="planned", kind="confirmation"
    ).exists()  # leaves when the worker starts
    assert not Letter.objects.filter(state__in=("missed", "failed", "unknown")).exists()
    assert [one.left for one in packages_queries.of_client(User.objects.get(email="ann@example.com"))] == [2]
    somebody_asks_and_somebody_waits()
    the_loop_is_closed()
    a_follow_up_leaves_within_a_minute()

    make_user("Somebody Real")
    with pytest.raises(CommandError, match="Not all data is from the demo"):
        call_command("demo", "--reset", verbosity=0)
    assert booked.count() > 10

    User.objects.get(name="Somebody Real").delete()
    call_command("demo", "--reset", verbosity=0)
    assert User.objects.filter(role="client").count() == 8


def somebody_asks_and_somebody_waits() -> None:
    """A request stands on today, to be answered there; two wishes stand on the waitlist."""
    asked = Appointment.objects.get(state="pending")
    assert (asked.attendee_name, asked.session_type.needs_approval) == ("Ruth Kaplan", True)
    assert asked.answer_by > timezone.now() + dt.timedelta(hours=40)
    today = at_work(asked.practitioner.user).get("/workspace/").content.decode()
    assert "Ruth Kaplan requested a session" in today
    assert f"/workspace/appointments/{asked.uid}/approve/" in today
    assert set(WaitlistEntry.objects.values_list("client__name", "state")) == {
        ("Owen Price", "waiting"),
        ("Ben Okafor", "waiting"),
    }


def the_loop_is_closed() -> None:
    """Notes, things to do at home, what was done and noticed, questions; letters sent, moved, called off."""
    assert SessionNote.objects.exclude(signed_at=None).count() == 9
    assert Intake.objects.exclude(handed_in_at=None).count() == 7
    half_written = Intake.objects.get(handed_in_at=None)
    assert (half_written.client.name, half_written.version) == ("Maya Lindqvist", 2)
    assert all(each.assignments.filter(ended_at=None).count() <= 3 for each in User.objects.all())
    assert PracticeEntry.objects.filter(lesson__isnull=False, heard_ms__gt=0).count() > 12
    assert PracticeEntry.objects.exclude(exercise=None).count() > 5
    assert PracticeEntry.objects.filter(needs_human="pain_rose").count() == 1
    assert Question.objects.exclude(answered_at=None).exists()
    assert Question.objects.filter(answered_at=None).exists()
    assert (
        FollowUp.objects.filter(asks_human=True).values_list("client__name", flat=True).get() == "Owen Price"
    )
    states = set(FollowUp.objects.values_list("letter__state", flat=True))
    assert {"sent", "cancelled", "planned"} <= states
    plans = set(FollowUpPlan.objects.values_list("name", flat=True))
    assert plans == {"Standard", "New pain", "Pain for years"}


def a_follow_up_leaves_within_a_minute() -> None:
    """Somewhere it is ten in the morning."""
    soon = timezone.now() + dt.timedelta(minutes=1)
    due = Letter.objects.get(kind="follow_up", state="planned", due_at__lte=soon)
    while Letter.objects.filter(pk=due.pk, state="planned").exists():
        assert step(now=soon)
    due.refresh_from_db()
    assert (due.to_name, due.state, due.reason) == ("Noor Aziz", "sent", "")


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("minute", [0, 59])
def test_at_every_hour_it_is_ten_in_the_morning_somewhere(hour: int, minute: int) -> None:
    now = dt.datetime(2026, 11, 21, hour, minute, tzinfo=dt.UTC)
    name, at = zone_at_ten(now)
    assert at.hour in (10, 11)
    assert now.astimezone(zone_named(name)).hour == 10


def test_the_demo_is_not_made_in_a_practice_with_data(db: None) -> None:
    make_user("Somebody Real")
    with pytest.raises(CommandError, match="This database already has a practice"):
        call_command("demo", verbosity=0)


def test_it_writes_to_no_real_mail_server(db: None, settings: object) -> None:
    settings.EMAIL_URL = "smtp://mail.example"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("demo", verbosity=0)
