"""The same report at the same moment, twice: what follows from it follows once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from practice.mail_events.actions import record
from practice.models import EmailEvent, Letter
from practice.tests.mail.builders import make_letter
from practice.tests.mail_events.test_record import NOW, report

pytestmark = [
    pytest.mark.engines,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite in memory has one writer, and nobody to wait for it"
    ),
]


def followed_at_once(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often something follows from one answer that two workers record at the same moment."""
    followed: list[int] = []
    monkeypatch.setattr(record, "_answered", [lambda one, _now: followed.append(one.pk)])
    start = threading.Barrier(2, timeout=20)
    answer = report("answered", letter)

    def work(_place: int) -> None:
        start.wait()
        try:
            record.record_event(answer, source="mailgun", trusted=True, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    return len(followed)


def test_it_counts_once(monkeypatch):
    letter = make_letter("follow_up", state="sent")

    assert followed_at_once(letter, monkeypatch) == 1
    assert letter.reports.count() == 1


def test_without_its_identity_it_would_count_twice(monkeypatch):
    letter = make_letter("follow_up", state="sent")
    numbers = iter("ab")
    monkeypatch.setattr(record, "report_id", lambda *_: next(numbers))

    assert followed_at_once(letter, monkeypatch) == 2


def test_two_reports_about_one_email_are_judged_one_after_the_other(monkeypatch):
    """Each looks for the other: both at once, neither would see one, and the last to write would win."""
    letter = make_letter(state="sent")
    both = [
        report("bounced", letter, minute=2, code=550, said="5.1.1 unknown"),
        report("delivered", letter, minute=1),
    ]
    start = threading.Barrier(2, timeout=20)

    def work(one: Any) -> None:
        start.wait()
        try:
            record.record_event(one, source="mailgun", trusted=True, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, both))
    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED
    assert EmailEvent.objects.count() == 2
