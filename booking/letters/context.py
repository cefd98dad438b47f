"""Recipient, time zone and facts that emails about an appointment share.

A session in a room is shown in the practice's clock, and beside it in the client's own
(`booking.time_zones.clocks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from booking.calendars.ics import calendar_file
from booking.letters.digest import plan_digest
from booking.letters.event import EmailFacts, Wording, event_of
from booking.letters.wording import SUBJECTS
from booking.links import appointment_url, on_our_site
from booking.models import Appointment
from booking.places.wording import noted, where_of
from booking.policy.settlement import settlement_of
from booking.policy.wording import price_words, windows_of
from booking.queries import is_first
from booking.time_zones.clocks import Clocks, clocks_of
from practice.contact import please_call
from practice.core import formatting
from practice.core.clock import zone_named
from practice.core.reasons import Reasons, because
from practice.mail.composing.placeholder import placeholder
from practice.mail.composing.render import Rendered, render
from practice.mail.kinds import WORDED
from practice.mail.post import Attachment, post
from practice.mail.send_check import Fresh
from practice.models import Letter, Practice, Practitioner, User
from practice.queries import one_practice, the_practice
from practice.shipped_texts import reading_in

#: The ending of the key of a notice to the practitioner who gave a session away.
GONE = ":gone"
#: Kinds of notice that may pass on a colleague's request.
MAY_HAND_OVER = ("notice_handed_over", "notice_moved")


@one_practice()
def to_client(
    appointment: Appointment,
    kind: str,
    key: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    word: str = "",
    **event: Any,
) -> Letter | None:
    """Plan an email to the client, or to the person who booked for them.

    `event`: what happened, in JSON values; `word`: a sentence by staff that goes along.
    """
    if appointment.contact is None:
        return None
    return post(
        kind,
        key=f"{appointment.about}:{key}",
        to=appointment.contact,
        context={},
        words=until_sent(kind, appointment.contact),
        about=appointment.about,
        due_at=due_at,
        not_after=not_after,
        from_name=appointment.practitioner.user.name,
        event=event_of(appointment, **event),
        word=word,
        now=now,
    )


def until_sent(kind: str, reader: User) -> Rendered:
    """Return what the row of an email says until it leaves: no one waits for the lock while it is worded."""
    with reading_in(reader.language or settings.LANGUAGE_CODE):
        return placeholder(str(SUBJECTS[kind]))


def words_to_client(kind: str, facts: EmailFacts, wording: Wording) -> Rendered:
    """Return what an email of this kind says if it leaves at `facts.now`."""
    reader, practitioner = facts.appointment.contact, facts.appointment.practitioner
    with reading_in((reader.language if reader else "") or settings.LANGUAGE_CODE):
        context = {**for_client(facts.appointment, the_practice(), facts.now), **wording.more(facts)}
        language = translation.get_language()
    return render(kind, {"to": reader, "sender": practitioner.user.name, **context}, language=language)


def files_of(facts: EmailFacts, wording: Wording) -> tuple[Attachment, ...]:
    """Return the calendar file that comes with it, as things stand at `facts.now`."""
    method = wording.method(facts)
    if method is None:
        return ()
    return (
        Attachment.calendar(calendar_file(facts.appointment, method=method, now=facts.now), method=method),
    )


def fresh(kind: str, facts: EmailFacts, wording: Wording) -> Fresh:
    """Return the words and the file of an email to a client that leaves at `facts.now`."""
    sender = facts.appointment.practitioner.user.name
    words = words_to_client(kind, facts, wording)
    return Fresh(words, attachments=files_of(facts, wording), from_name=sender)


def for_client(appointment: Appointment, practice: Practice, now: datetime) -> dict[str, Any]:
    """Return what the templates of emails to a client know of the session."""
    reader, settlement = appointment.contact, settlement_of(appointment)
    call = please_call(practice)
    return {
        "appointment": appointment,
        "first_name": reader.first_name if reader else "",
        # One person may book for others: "for Leo".
        "for_whom": appointment.for_whom,
        "practitioner": appointment.practitioner,
        **in_clocks(appointment, clocks := clocks_of(appointment, practice)),
        "length": formatting.minutes_in_words(appointment.minutes, locale=practice.locale),
        "price": price_words(settlement, locale=practice.locale),
        "covered": settlement.is_covered,
        "windows": windows_of(appointment, clocks, call=call, settlement=settlement, now=now),
        "first_time": is_first(appointment),
        "where": where_of(appointment, practice),
        "act_url": appointment_url(appointment),
        "act_words": what_the_link_does(appointment),
        "sign": appointment.practitioner.first_name,
        "why": _("You’re receiving this because this session was booked with your email address."),
    }


def what_the_link_does(appointment: Appointment) -> str:
    """Return the words of the link in the client's own email: acting there confirms the appointment."""
    return _("See, move or cancel") if appointment.confirmed_at else _("Confirm, move or cancel")


def in_clocks(appointment: Appointment, clocks: Clocks) -> dict[str, str]:
    """Return the session's time for emails: day, time, both, with its end; `beside`: the reader's clock."""
    return {
        "day": clocks.day(appointment.starts_at),
        "time": clocks.time(appointment.starts_at),
        "begins": clocks.moment(appointment.starts_at),
        "when": clocks.span(appointment.starts_at, appointment.ends_at),
        "beside": clocks.beside(appointment.starts_at),
    }


@one_practice()
def to_practitioner(
    appointment: Appointment,
    kind: str,
    key: str,
    *,
    by: User | None,
    now: datetime,
    due_at: datetime | None = None,
    **event: Any,
) -> Letter | None:
    """Plan a notice to the practitioner, unless they did it themselves or want none."""
    happened = event_of(appointment, by=by, **event)
    facts = EmailFacts(appointment, now, happened)
    practitioner = facts.reader
    if by is not None and by.pk == practitioner.user_id:
        return None  # their own action is no news
    if practitioner.notices == Practitioner.Notices.NONE:
        return None
    if practitioner.notices == Practitioner.Notices.DIGEST and not waits_for_an_answer(facts, kind):
        return plan_digest(practitioner, now=now)
    return post(
        kind,
        key=f"{appointment.about}:{key}",
        to=practitioner.user,
        context={},
        words=until_sent(kind, practitioner.user),
        about=appointment.about,
        due_at=due_at,
        event=happened,
        now=now,
    )


def waits_for_an_answer(facts: EmailFacts, kind: str) -> bool:
    """Return whether a notice brings a request, which goes at once and not in the morning."""
    return kind == "notice_requested" or (kind in MAY_HAND_OVER and facts.is_passed_on)


def words_to_practitioner(kind: str, facts: EmailFacts, wording: Wording) -> Rendered:
    """Return what a notice of this kind says if it leaves at `facts.now`."""
    reader = facts.reader.user
    with reading_in(reader.language or settings.LANGUAGE_CODE):
        context = {**for_practitioner(facts), **wording.more(facts)}
        language = translation.get_language()
    return render(kind, {"to": reader, "sender": "", **context}, language=language)


def for_practitioner(facts: EmailFacts) -> Mapping[str, Any]:
    """Return what the templates of notices know of the session, in the practitioner's clock."""
    appointment, practice = facts.appointment, the_practice()
    clocks = clock_at_work(facts.reader)
    return {
        "appointment": appointment,
        "first_name": facts.reader.first_name,
        "who": appointment.attendee_name or _("an erased client"),
        **in_clocks(appointment, clocks),
        "session": str(appointment.session_type.name),
        "length": formatting.minutes_in_words(appointment.minutes, locale=practice.locale),
        "at": noted(appointment.place),
        "by": facts.colleague,
        "act_url": f"{on_our_site('workspace')}?day={clocks.day_of(appointment.starts_at).isoformat()}",
        "act_words": _("See the day"),
        "why": _("You’re receiving this because this is your session."),
    }


def clock_at_work(practitioner: Practitioner) -> Clocks:
    """Return the one clock that a practitioner works by."""
    zone: ZoneInfo = zone_named(practitioner.zone)
    return Clocks(zone, zone, the_practice().locale)


def cancel_unsent(appointment: Appointment, *kinds: str) -> frozenset[int]:
    """Cancel waiting emails of these kinds about the previous change.

    Returns the ids of their readers, none of whom has heard of that change.
    """
    end = f":{appointment.sequence - 1}"
    waiting = Letter.objects.filter(
        Q(key__endswith=end) | Q(key__endswith=end + WORDED) | Q(key__endswith=end + GONE),
        about=appointment.about,
        kind__in=kinds,
        state=Letter.State.PLANNED,
    )
    why = because("undone")
    return frozenset(one.user_id or 0 for one in waiting.only("pk", "user") if _held_back(waiting, one, why))


def _held_back(waiting: QuerySet[Letter], letter: Letter, why: Reasons) -> bool:
    """Cancel one email if it still waits; return whether it did (a sender may have taken it)."""
    return bool(waiting.filter(pk=letter.pk).update(state=Letter.State.CANCELLED, why=why))


def sent_about(appointments: Iterable[Appointment]) -> list[str]:
    """Return how emails name these appointments in their `about`, alone or together."""
    return list(dict.fromkeys(name for one in appointments for name in one.subjects))
