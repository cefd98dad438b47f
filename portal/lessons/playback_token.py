"""Who was handed which recording, and when: signed into the page, so that opening a lesson writes nothing.

Nothing was heard before its ticket was made; and a queue of one client's is worth nothing in another's hands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing

from portal.models import Lesson, LessonAudio
from practice.models import User

LIVES_FOR = dt.timedelta(days=35)  # a lesson kept for a month away from any network
_SIGNER = signing.Signer(salt="portal.heard")


class DeadTicket(Exception):
    """None of ours, somebody else's, or too old: the three are told apart by nobody."""


@dataclass(frozen=True)
class Ticket:
    """What a ticket says."""

    recording_id: int
    made_at: dt.datetime


def ticket_for(client: User, recording: LessonAudio, *, now: dt.datetime) -> str:
    """A ticket for a page that plays `recording`; it may be kept with a queue and used for 35 days."""
    return _SIGNER.sign_object([client.pk, recording.pk, int(now.timestamp() * 1000)])


def read_ticket(text: object, *, client: User, now: dt.datetime) -> Ticket:
    """What a ticket of this client's says. Raises DeadTicket."""
    if not isinstance(text, str):
        raise DeadTicket
    try:
        client_id, recording_id, made_ms = _SIGNER.unsign_object(text)
    except (signing.BadSignature, ValueError) as error:
        raise DeadTicket from error
    made_at = dt.datetime.fromtimestamp(made_ms / 1000, dt.UTC)
    if client_id != client.pk or now - made_at > LIVES_FOR:
        raise DeadTicket
    return Ticket(recording_id, min(made_at, now))  # another machine's clock may be a little ahead


# --- Words: written on a page of this lesson, with or without a recording --------------------------------
_WORDS = signing.Signer(salt="portal.words")


@dataclass(frozen=True)
class WordsTicket:
    """What the ticket of a page with words says. `recording_id`: what it played, if anything."""

    lesson_id: int
    recording_id: int | None
    made_at: dt.datetime


def words_ticket_for(client: User, lesson: Lesson, recording: LessonAudio | None, *, now: dt.datetime) -> str:
    """A ticket for the words that this client writes on the page of `lesson`; good for 35 days."""
    recording_id = recording.pk if recording else None
    return _WORDS.sign_object([client.pk, lesson.pk, recording_id, int(now.timestamp() * 1000)])


def read_words_ticket(text: object, *, client: User, lesson: Lesson, now: dt.datetime) -> WordsTicket:
    """What a ticket for this client's words on this lesson says. Raises DeadTicket."""
    if not isinstance(text, str):
        raise DeadTicket
    try:
        client_id, lesson_id, recording_id, made_ms = _WORDS.unsign_object(text)
    except (signing.BadSignature, ValueError) as error:
        raise DeadTicket from error
    made_at = dt.datetime.fromtimestamp(made_ms / 1000, dt.UTC)
    if (client_id, lesson_id) != (client.pk, lesson.pk) or now - made_at > LIVES_FOR:
        raise DeadTicket
    return WordsTicket(lesson_id, recording_id, min(made_at, now))
