"""Signed tickets: which client was given which recording, and when, so that opening a page writes nothing.

Nothing was heard before its ticket was made; and a queue of one client's is worth nothing to another.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing

from portal.models import Lesson, LessonAudio
from practice.models import User

LIVES_FOR = dt.timedelta(days=35)  # a lesson kept for a month away from any network
_SIGNER = signing.Signer(salt="portal.heard")


class InvalidTicket(Exception):
    """Raised when a ticket is not ours, another client's, or too old; nobody is told which."""


@dataclass(frozen=True)
class Ticket:
    """The content of a ticket."""

    recording_id: int
    made_at: dt.datetime


def ticket_for(client: User, recording: LessonAudio, *, now: dt.datetime) -> str:
    """Return a ticket for a page that plays `recording`; a device may keep it and use it for 35 days."""
    return _SIGNER.sign_object([client.pk, recording.pk, int(now.timestamp() * 1000)])


def read_ticket(text: object, *, client: User, now: dt.datetime) -> Ticket:
    """Return the content of this client's ticket. Raises DeadTicket."""
    if not isinstance(text, str):
        raise InvalidTicket
    try:
        client_id, recording_id, made_ms = _SIGNER.unsign_object(text)
    except (signing.BadSignature, ValueError) as error:
        raise InvalidTicket from error
    made_at = dt.datetime.fromtimestamp(made_ms / 1000, dt.UTC)
    if client_id != client.pk or now - made_at > LIVES_FOR:
        raise InvalidTicket
    return Ticket(recording_id, min(made_at, now))  # another machine's clock may be a little ahead


# --- Words: written on a page of this lesson, with or without a recording --------------------------------
_WORDS = signing.Signer(salt="portal.words")


@dataclass(frozen=True)
class WordsTicket:
    """The content of the ticket of a page with words. `recording_id`: what the page played, or None."""

    lesson_id: int
    recording_id: int | None
    made_at: dt.datetime


def words_ticket_for(client: User, lesson: Lesson, recording: LessonAudio | None, *, now: dt.datetime) -> str:
    """Return a ticket for the words this client writes on the page of `lesson`; good for 35 days."""
    recording_id = recording.pk if recording else None
    return _WORDS.sign_object([client.pk, lesson.pk, recording_id, int(now.timestamp() * 1000)])


def read_words_ticket(text: object, *, client: User, lesson: Lesson, now: dt.datetime) -> WordsTicket:
    """Return the content of a ticket for this client's words on this lesson. Raises DeadTicket."""
    if not isinstance(text, str):
        raise InvalidTicket
    try:
        client_id, lesson_id, recording_id, made_ms = _WORDS.unsign_object(text)
    except (signing.BadSignature, ValueError) as error:
        raise InvalidTicket from error
    made_at = dt.datetime.fromtimestamp(made_ms / 1000, dt.UTC)
    if (client_id, lesson_id) != (client.pk, lesson.pk) or now - made_at > LIVES_FOR:
        raise InvalidTicket
    return WordsTicket(lesson_id, recording_id, min(made_at, now))
