"""Two pages that save at once, where two can write at once: SQLite lets one write at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from booking.intake import actions
from booking.intake.answers import read
from booking.models import Intake
from booking.tests.people import NOW
from practice.testing import make_practice, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]


@pytest.fixture
def intake(db: None) -> Intake:
    make_practice()
    return Intake.objects.create(client=make_user("Ann Lee"))


def save_two_steps_at_once(intake: Intake) -> set[str]:
    """Each page saves its own step. Which steps are kept."""
    together = threading.Barrier(2, timeout=20)

    def save(step: str) -> None:
        together.wait()
        try:
            actions.save_step(intake, step, {"words": step}, version=0, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, ("change", "care")))
    return set(read(Intake.objects.get().answers).parts)


def test_two_steps_saved_at_once_are_both_kept(intake: Intake) -> None:
    assert save_two_steps_at_once(intake) == {"change", "care"}


def test_without_the_lock_one_of_them_would_be_lost(intake: Intake, monkeypatch: Any) -> None:
    both_have_read = threading.Barrier(2, timeout=20)

    def unlocked(row: Intake) -> Intake:
        found = Intake.objects.get(pk=row.pk)
        both_have_read.wait()
        return found

    monkeypatch.setattr(actions, "_locked", unlocked)
    assert len(save_two_steps_at_once(intake)) == 1
