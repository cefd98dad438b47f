"""Two people who save one week at the same moment, where two can write at once: SQLite lets one at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from booking.opening_hours import actions
from booking.opening_hours.actions import ChangedSince, save_week
from booking.opening_hours.engine.week import EMPTY, OpenSpan, Week
from booking.opening_hours.queries import mark_of, saved_week
from practice.models import Practitioner

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]
MINE: Week = ((OpenSpan(540, 1020),), *EMPTY[1:])
YOURS: Week = (*EMPTY[:6], (OpenSpan(600, 660),))


def at_once(tess: Practitioner, *typed: Week) -> list[str]:
    """Each saves in a thread of their own, begun together, and has seen the same hours: what came of each."""
    together, seen = threading.Barrier(len(typed), timeout=20), mark_of(saved_week(tess))

    def save(week: Week) -> str:
        together.wait()
        try:
            save_week(tess, week, seen=seen)
        except ChangedSince:
            return "told"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(len(typed)) as pool:
        return list(pool.map(save, typed))


def test_one_saves_and_the_other_is_told(tess: Practitioner) -> None:
    came = at_once(tess, MINE, YOURS)
    assert sorted(came) == ["saved", "told"]
    assert saved_week(tess) == (MINE, YOURS)[came.index("saved")]


def test_four_who_save_the_same_have_it_once(tess: Practitioner) -> None:
    assert at_once(tess, MINE, MINE, MINE, MINE) == ["saved"] * 4
    assert saved_week(tess) == MINE


def test_control_without_the_lock_both_are_saved(tess: Practitioner, monkeypatch: Any) -> None:
    both_have_read, read = threading.Barrier(2, timeout=20), actions.saved_week

    def read_together(practitioner: Practitioner) -> Week:
        found = read(practitioner)
        both_have_read.wait()
        return found

    monkeypatch.setattr(actions, "lock", lambda *_, **__: [])
    monkeypatch.setattr(actions, "saved_week", read_together)
    assert at_once(tess, MINE, YOURS) == ["saved"] * 2
