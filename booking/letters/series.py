"""Emails about sessions booked together: one that lists them all, with a calendar file for each.

The list is read again when it leaves: a session that was moved meanwhile has its new time, and a canceled one
is not among those that are booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from booking.calendars.ics import calendar_file
from booking.letters.context import clock_at_work, for_client, for_practitioner, to_practitioner, until_sent
from booking.letters.event import ABOUT, EmailFacts, event_of
from booking.letters.to_client import another_time
from booking.links import appointment_url, on_our_site
from booking.models import Appointment
from booking.policy.settlement import priced, settlements_of
from booking.policy.terms import policy_of
from booking.policy.wording import policy_of_each, sum_of
from booking.time_zones.clocks import clocks_of
from practice.contact import please_call
from practice.mail.composing.render import Rendered, render
from practice.mail.post import Attachment, post
from practice.mail.send_check import Fresh
from practice.models import Letter, User
from practice.queries import the_practice
from practice.shipped_texts import reading_in

METHODS: dict[str, Literal["REQUEST", "CANCEL"]] = {"series": "REQUEST", "series_cancelled": "CANCEL"}
#: The state a session must be in to be named in an email of this kind.
NAMED = {
    "series": Appointment.State.BOOKED,
    "series_cancelled": Appointment.State.CANCELLED,
    "notice_series": Appointment.State.BOOKED,
    "notice_series_cancelled": Appointment.State.CANCELLED,
}


def series_booked(booked: Sequence[Appointment], *, now: datetime) -> Letter | None:
    """Plan the email to the client: all sessions booked together, each with its link, and the policy."""
    return _to_client(booked, "series", "booked", now=now)


def series_cancelled(
    cancelled: Sequence[Appointment], *, fee: int, by: User | None, now: datetime
) -> Letter | None:
    """Plan the email to the client: which were canceled together, and the cost. `fee` in cents."""
    by_us = by is not None and by.is_staff
    key = f"{at_once(cancelled[0])}:{len(cancelled)}"
    return _to_client(cancelled, "series_cancelled", key, now=now, fee=fee, by_us=by_us)


def notice_series(booked: Sequence[Appointment], *, by: User | None, now: datetime) -> Letter | None:
    """Plan the notice to the practitioner: several sessions were booked at once."""
    return _to_practitioner(booked, "notice_series", "notice-series", by=by, now=now)


def notice_series_cancelled(
    cancelled: Sequence[Appointment], *, by: User | None, now: datetime
) -> Letter | None:
    """Plan the notice to the practitioner: several times have become free at once."""
    key = f"{at_once(cancelled[0])}:{len(cancelled)}"
    return _to_practitioner(cancelled, "notice_series_cancelled", key, by=by, now=now)


def at_once(cancelled: Appointment) -> str:
    """Return the common part of the keys of emails about all that was canceled in the same moment."""
    assert cancelled.cancelled_at is not None
    return f"series-cancelled:{cancelled.cancelled_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def _to_client(
    together: Sequence[Appointment], kind: str, key: str, *, now: datetime, **event: Any
) -> Letter | None:
    first = together[0]
    if first.contact is None:
        return None
    about = f"series:{first.series}"
    return post(
        kind,
        key=f"{about}:{key}",
        to=first.contact,
        context={},
        words=until_sent(kind, first.contact),
        about=about,
        from_name=first.practitioner.user.name,
        event=event_of(first, sessions=[str(one.uid) for one in together], **event),
        now=now,
    )


def _to_practitioner(
    together: Sequence[Appointment], kind: str, key: str, *, by: User | None, now: datetime
) -> Letter | None:
    sessions = [str(one.uid) for one in together]
    return to_practitioner(together[0], kind, key, by=by, now=now, sessions=sessions)


# When it leaves


def named_in(letter: Letter) -> list[Appointment]:
    """Return the sessions that this email may still name, by start."""
    found = Appointment.objects.filter(uid__in=letter.event["sessions"], state=NAMED[letter.kind])
    return list(found.select_related(*ABOUT).order_by("starts_at", "pk"))


def fresh_series(letter: Letter, together: Sequence[Appointment], now: datetime) -> Fresh:
    """Return the words and the files of a series email that leaves now."""
    if letter.kind not in METHODS:
        return Fresh(_words_to_practitioner(letter.kind, together, letter.event, now))
    words = _words_to_client(letter.kind, together, letter.event, now)
    sender = together[0].practitioner.user.name
    return Fresh(words, attachments=_files(letter.kind, together, now), from_name=sender)


def _words_to_client(
    kind: str, together: Sequence[Appointment], event: dict[str, Any], now: datetime
) -> Rendered:
    first, practice = together[0], the_practice()
    reader = first.contact
    with reading_in((reader.language if reader else "") or settings.LANGUAGE_CODE):
        clocks = clocks_of(first, practice)
        more = _booked(together) if kind == "series" else _cancelled(EmailFacts(first, now, event))
        context = {
            **for_client(first, practice, now),
            "sessions": [
                {
                    "when": clocks.span(one.starts_at, one.ends_at),
                    "beside": clocks.beside(one.starts_at),
                    "url": appointment_url(one),
                }
                for one in together
            ],
            **more,
        }
        language = translation.get_language()
    return render(kind, {"to": reader, "sender": first.practitioner.user.name, **context}, language=language)


def _booked(together: Sequence[Appointment]) -> dict[str, Any]:
    first, practice = together[0], the_practice()
    covered = sum(one.is_covered for one in settlements_of(together).values())
    return {
        "paid_by_package": covered,
        "single": sum_of(priced(first), locale=practice.locale),
        "windows": policy_of_each(
            policy_of(first), paid=covered, of=len(together), call=please_call(practice)
        ),
        "act_url": on_our_site("portal_appointments"),
        "act_words": _("See all sessions"),
    }


def _cancelled(facts: EmailFacts) -> dict[str, Any]:
    return {"fee": facts.fee, "by_us": facts.event.get("by_us", False), **another_time()}


def _words_to_practitioner(
    kind: str, together: Sequence[Appointment], event: dict[str, Any], now: datetime
) -> Rendered:
    first = together[0]
    reader = first.practitioner.user
    with reading_in(reader.language or settings.LANGUAGE_CODE):
        context = {**for_practitioner(EmailFacts(first, now, event)), **_for_practitioner(together)}
    return render(kind, {"to": reader, "sender": "", **context}, language=reader.language)


def _for_practitioner(together: Sequence[Appointment]) -> dict[str, Any]:
    clocks = clock_at_work(together[0].practitioner)
    return {"sessions": [clocks.span(one.starts_at, one.ends_at) for one in together]}


def _files(kind: str, together: Sequence[Appointment], now: datetime) -> tuple[Attachment, ...]:
    return tuple(_file(one, number, METHODS[kind], now) for number, one in enumerate(together, start=1))


def _file(
    appointment: Appointment, number: int, method: Literal["REQUEST", "CANCEL"], now: datetime
) -> Attachment:
    """Return an attachment, not an alternative part: a mail program shows only one of those."""
    content = calendar_file(appointment, method=method, now=now)
    return Attachment(f"session-{number}.ics", f"application/ics; method={method}; charset=UTF-8", content)
