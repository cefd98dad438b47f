"""The demo lives by the real actions, and touches nothing that is not its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from booking.models import Appointment, AppointmentChange
from portal.models import LessonAudio
from practice.models import Article, Letter, User
from practice.testing import make_user


@pytest.fixture
def demo(db: None, settings: object, tmp_path: Path) -> None:
    settings.OUTBOX_DIR = tmp_path / "outbox"  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "practice.mail.outbox.OutboxBackend"  # type: ignore[attr-defined]
    call_command("demo", verbosity=0)


def test_the_demo_is_lived_in_and_can_be_reset(demo: None) -> None:
    """One demo for all that is asked of it: it takes seconds to live through three months."""
    booked = Appointment.objects.filter(client__isnull=False)
    assert User.objects.filter(role="client").count() == 8
    assert User.objects.exclude(role="client").count() == 2
    assert Article.objects.filter(published_at__isnull=False).count() == 6
    assert LessonAudio.objects.get(lesson__is_free=True).duration_ms > 19 * 60_000
    assert LessonAudio.objects.filter(lesson__is_free=False, is_current=True).count() == 3
    for appointment in booked:
        assert AppointmentChange.objects.filter(appointment=appointment, what="booked").exists()
        assert Letter.objects.filter(about=appointment.about, kind="confirmation").exists()
    assert Letter.objects.filter(
        state="planned", kind="confirmation"
    ).exists()  # leaves when the worker starts
    assert not Letter.objects.filter(state__in=("missed", "failed", "unknown")).exists()

    make_user("Somebody Real")
    with pytest.raises(CommandError, match="Not everything here is the demo's"):
        call_command("demo", "--reset", verbosity=0)
    assert booked.count() > 10

    User.objects.get(name="Somebody Real").delete()
    call_command("demo", "--reset", verbosity=0)
    assert User.objects.filter(role="client").count() == 8


def test_it_moves_into_no_house_that_is_lived_in(db: None) -> None:
    make_user("Somebody Real")
    with pytest.raises(CommandError, match="There is a practice here already"):
        call_command("demo", verbosity=0)


def test_it_writes_to_no_real_mail_server(db: None, settings: object) -> None:
    settings.EMAIL_URL = "smtp://mail.example"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("demo", verbosity=0)
