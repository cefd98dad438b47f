"""Two workers that read the mailbox at the same moment plan one email to ourselves, not two."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from practice.mail_events.round_trip import actions
from practice.mail_events.round_trip.queries import KIND
from practice.models import Heartbeat, Letter
from practice.testing import make_practice, make_practitioner
from practice.tests.mail_events.imap_server import PASSWORD, USER, Mailbox

pytestmark = [
    pytest.mark.engines,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite in memory has one writer, and nobody to wait for it"
    ),
]


def planned_at_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many are planned by two workers who both find, at the same moment, that one is due."""
    settings.EMAIL_URL, settings.BOUNCE_ADDRESS = "smtp://mail.example", "bounces@juniper.example"
    settings.BOUNCE_MAILBOX = Mailbox("mail.example", 993, USER, PASSWORD)
    make_practice(is_demo=False)
    make_practitioner()
    both_know, asked, now = threading.Barrier(2, timeout=20), threading.local(), timezone.now()
    is_due = actions.is_due

    def is_due_to_both(*trips: Any, **more: Any) -> bool:
        found = is_due(*trips, **more)
        if not getattr(asked, "once", False):
            asked.once = True
            both_know.wait()
        return found

    monkeypatch.setattr(actions, "is_due", is_due_to_both)

    def work(number: int) -> None:
        try:
            actions.send_if_due(now + dt.timedelta(seconds=number))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    return Letter.objects.filter(kind=KIND).count()


def test_one_is_planned(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert planned_at_once(settings, monkeypatch) == 1
    assert Heartbeat.objects.filter(name=KIND).count() == 1


def test_without_the_lock_there_would_be_two(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    both_in, post = threading.Barrier(2, timeout=20), actions.to_ourselves

    def slowly(*address: Any, **more: Any) -> Letter | None:
        both_in.wait()
        return post(*address, **more)

    monkeypatch.setattr(actions, "to_ourselves", slowly)

    assert planned_at_once(settings, monkeypatch) == 2
