"""Two who sign one note at once, where two can write at once: SQLite lets one write at a time."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from portal.models import ClientProfile, SessionNote
from portal.session_notes.actions import wrap_up
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]


@pytest.fixture
def session(db: None) -> Appointment:
    make_practice()
    tess = make_practitioner()
    start = timezone.now() - dt.timedelta(hours=2)
    session = make_appointment(
        session_type=make_session_type(tess), practitioner=tess, start=start, client=make_user("Ann Lee")
    )
    wrap_up.keep_draft(session, {}, touched={}, rest={}, by=tess.user, version=0, now=timezone.now())
    return session


def sign_twice_at_once(session: Appointment) -> tuple[str, str]:
    """Each writes one word as the note and as the client's plan. Which word stands where."""
    together = threading.Barrier(2, timeout=20)

    def sign(word: str) -> None:
        together.wait()
        try:
            page = wrap_up.WrapUp(foundation=word, plan=word)
            wrap_up.sign(session, page, by=session.practitioner.user, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sign, ("first", "second")))
    return SessionNote.objects.get().foundation, ClientProfile.objects.get().plan


def test_what_follows_from_a_note_is_of_the_one_that_was_signed(session: Appointment) -> None:
    note, plan = sign_twice_at_once(session)
    assert note == plan
    assert session.changes.count() == 1


def test_without_the_lock_they_would_be_of_two(session: Appointment, monkeypatch: Any) -> None:
    both_have_read = threading.Barrier(2, timeout=20)

    def unlocked(appointment: Appointment, _found: Any, *, now: dt.datetime) -> SessionNote:
        note = SessionNote.objects.get(appointment=appointment)
        both_have_read.wait()
        return note

    monkeypatch.setattr(wrap_up, "lock", lambda *_, **__: [])
    monkeypatch.setattr(wrap_up, "_row_of", unlocked)
    note, plan = sign_twice_at_once(session)
    assert note != plan
