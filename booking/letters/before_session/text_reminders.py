"""Reminders as text messages, for clients who confirmed a number; an email is behind each of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from booking.letters.event import EmailFacts, event_of
from booking.links import manage_url
from booking.models import Appointment
from booking.time_zones.clocks import clocks_of
from practice.core.reasons import because
from practice.mail.channels.text_messages.table import texts_are_on
from practice.mail.composing.render import Rendered
from practice.mail.post import post
from practice.mail.send_check import Cancel, Fresh, Postpone, Send, Verdict
from practice.models import Letter
from practice.queries import the_practice
from practice.shipped_texts import reading_in
from practice.texting.hours import text_leaves_at
from practice.texting.send_check import only_texts, verdict_beside_email, verdict_beside_text
from practice.texting.words import text_words

KIND = "text_reminder"
#: What the key of a text has that the key of its email has not.
MARK = ":text-"


def key_of_text(email_key: str) -> str:
    """Return the key of the text that says what this email says: "…:text-reminder-24h:0"."""
    return email_key.replace(":reminder-", f"{MARK}reminder-", 1)


def plan_text(
    appointment: Appointment, email_key: str, *, due: datetime, not_after: datetime, now: datetime
) -> Letter | None:
    """Plan the text of one reminder, outside the reader's quiet hours. None: no number, or no such time.

    `email_key`: of the reminder's email, which goes if the text does not arrive.
    """
    reader = appointment.contact if texts_are_on() else None
    goes = text_leaves_at(reader, due, before=appointment.starts_at, now=now) if reader else None
    if reader is None or goes is None:
        return None
    happened = event_of(appointment, backup=email_key)
    return post(
        KIND,
        key=key_of_text(email_key),
        to=reader,
        channel=Letter.Channel.TEXT,
        context={},
        words=words_of(EmailFacts(appointment, goes, happened)),
        about=appointment.about,
        due_at=goes,
        not_after=max(goes, not_after),
        event=happened,
        now=now,
    )


def words_of(facts: EmailFacts) -> Rendered:
    """Return what the text says: who, when, and where to move or cancel. Nothing about the session itself."""
    appointment, reader = facts.appointment, facts.appointment.contact
    language = reader.language if reader else settings.LANGUAGE_CODE
    with reading_in(language):
        begins = clocks_of(appointment, the_practice()).moment(appointment.starts_at)
    return text_words(KIND, {"begins": begins, "link": manage_url(appointment)}, language=language)


def text_verdict(letter: Letter, facts: EmailFacts) -> Verdict:
    """Return what becomes of a text about a session that is still to come."""
    if verdict := verdict_beside_email(letter, facts.now):
        return verdict
    reader = facts.appointment.contact
    goes = (
        text_leaves_at(reader, facts.now, before=facts.appointment.starts_at, now=facts.now)
        if reader
        else None
    )
    if goes is None:
        return Cancel(because("text_too_late"))
    if goes > facts.now:
        return Postpone(goes, because("text_quiet"))
    return Send(Fresh(words_of(facts)))


def behind_texts(letters: Iterable[Letter]) -> set[int]:
    """Return ids of waiting reminders by email that go only if a text, waiting too, does not arrive."""
    waiting = [one for one in letters if one.state == Letter.State.PLANNED]
    texts = {one.key: one for one in waiting if one.kind == KIND}
    emails = [one for one in waiting if one.kind != KIND and key_of_text(one.key) in texts]
    return {one.pk for one in emails if only_texts(texts[key_of_text(one.key)])}


def beside_text(email: Letter, now: datetime) -> Verdict | None:
    """Return what becomes of a reminder's email because of its text; None: the email goes."""
    if not texts_are_on():
        return None
    return verdict_beside_text(Letter.objects.filter(key=key_of_text(email.key)).first(), now)
