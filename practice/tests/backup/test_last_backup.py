"""The schedule, and who is told about the last good backup: health page, Today, first steps."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from practice import tasks
from practice.backup import heartbeats
from practice.backup.actions import back_up as making
from practice.backup.health_check import last_backup
from practice.backup.places import Folder, Trouble
from practice.health.findings import State
from practice.models import Heartbeat, Practice, User
from practice.testing import at_work, make_practice, make_practitioner

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
OLD = timedelta(hours=51)


@pytest.fixture
def is_set_up(settings: Any, tmp_path: Path) -> None:
    """Backups are made to a folder."""
    settings.BACKUP_TO = str(tmp_path)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the schedule makes; a real one cannot be made inside the transaction of a test."""
    done: list[str] = []

    def note(place: object, *, now: object) -> None:
        done.append(str(place))

    monkeypatch.setattr(making, "back_up", note)
    return done


def today(**user: Any) -> str:
    """Today, as the owner sees it, or somebody else."""
    make_practice(is_demo=False)
    person = make_practitioner("Tess Marlow", **{"role": User.Role.OWNER, **user})
    return at_work(person.user).get(reverse("workspace")).content.decode()


def test_the_schedule_makes_one_when_it_is_due_and_not_before(is_set_up, made, settings):
    tasks.backup()
    assert made == [settings.BACKUP_TO]
    heartbeats.record_made(timezone.now() - timedelta(hours=23))
    tasks.backup()
    assert len(made) == 1
    heartbeats.record_made(timezone.now() - timedelta(hours=24))
    tasks.backup()
    assert len(made) == 2


def test_without_the_setting_none_is_made_and_nobody_is_alarmed(made, settings):
    settings.BACKUP_TO = ""
    heartbeats.record_made(timezone.now() - OLD)
    tasks.backup()
    assert made == []
    assert last_backup(timezone.now()).says == "are not set up"
    assert "The last backup is too old" not in today()


def test_one_that_fails_is_noted_and_ends_no_worker(settings, tmp_path):
    settings.BACKUP_TO = str(tmp_path / "not-mounted")
    tasks.backup()
    reason = heartbeats.state().reason
    assert "The last try failed: The folder" in reason
    assert "Is its disk mounted?" in reason
    assert not Path(settings.BACKUP_TO).exists()


def test_a_failure_does_not_hide_when_the_last_good_one_was(is_set_up):
    at = timezone.now() - timedelta(hours=30)
    heartbeats.record_made(at)
    heartbeats.record_failed("The disk is full.", timezone.now())
    assert heartbeats.state().made == at
    heartbeats.record_made(timezone.now())
    assert heartbeats.state().failure is None
    assert Heartbeat.objects.filter(name__startswith="backup").count() == 1


def test_health_is_red_when_the_last_good_one_is_too_old(is_set_up):
    assert last_backup(timezone.now()).says == "the first one is due"
    heartbeats.record_made(timezone.now() - timedelta(hours=49))
    assert last_backup(timezone.now()).says == "the last one is 49 h old."
    heartbeats.record_made(timezone.now() - OLD)
    found = last_backup(timezone.now())
    assert (found.says, found.state) == ("The last good backup is 51 h old.", State.DOWN)


def test_health_is_red_when_the_first_one_failed(is_set_up):
    heartbeats.record_failed("The disk is full.", timezone.now())
    found = last_backup(timezone.now())
    assert found.says.startswith("No backup was ever made. The last try failed")
    assert found.state == State.DOWN


def test_the_owner_reads_on_today_when_the_last_one_was_made(is_set_up):
    heartbeats.record_made(timezone.now() - timedelta(hours=2))
    page = today()
    assert "Last backup: today at" in page or "Last backup: Tuesday" in page
    assert "The last backup is too old" not in page


def test_the_owner_is_told_on_today_that_it_is_too_old_and_why(is_set_up):
    heartbeats.record_made(timezone.now() - OLD)
    heartbeats.record_failed("The disk is full.", timezone.now())
    page = today()
    assert "The last backup is too old" in page
    assert "The last try failed: The disk is full." in page
    assert "Last backup:" not in page


def test_others_are_not_told(is_set_up):
    heartbeats.record_made(timezone.now() - OLD)
    page = today(role=User.Role.PRACTITIONER)
    assert "backup" not in page.lower()


def test_first_steps_ask_for_the_setting_and_are_done_with_the_first_backup(settings, tmp_path):
    settings.BACKUP_TO = ""
    assert "sets BACKUP_TO to a folder on another disk" in today()
    settings.BACKUP_TO = str(tmp_path)
    assert "The first one is made within minutes" in _again()
    heartbeats.record_made(timezone.now())
    assert "The first one is made within minutes" not in _again()


def _again() -> str:
    owner = User.objects.get(name="Tess Marlow")
    return at_work(owner, Client()).get(reverse("workspace")).content.decode()


def test_a_database_that_is_away_still_ends_in_a_sentence(is_set_up, monkeypatch, tmp_path):
    def gone(*args: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "x"))

    monkeypatch.setattr(making, "_make", gone)
    with pytest.raises(Trouble, match="No space left on device"):
        making.back_up(Folder(tmp_path), now=timezone.now())
    assert "No space left on device" in heartbeats.state().reason
    assert Practice.objects.count() == 0
