"""The whole record of a client as plain values, for `record.json` and the readable page.

Times are in UTC, in ISO 8601; money is in cents; durations are in milliseconds where the name says so.
Unsigned drafts of notes are a practitioner's own and not part of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import F

from booking.attendees.questions import copied_from
from booking.models import Package, WaitlistEntry
from portal.export import practice, sessions
from portal.models import ClientProfile, RecordMerge
from practice.access import rows
from practice.mail.composing.keyless import opens_account, text_with_masked_links
from practice.mail.kinds import AT_WORK
from practice.models import AccessLog, Consent, Letter, TextNumber, User
from practice.queries import one_practice, the_practice
from practice.security.crypto import Unreadable

FORMAT = "myopractic-record/1"
Values = dict[str, Any]


@one_practice()  # each reason of a follow-up is worded with its locale
def record_of(client: User, *, by: User, now: dt.datetime) -> Values:
    """Return all of the record that `by` may read. A part whose key was lost says so instead."""
    practice = the_practice()
    record: Values = {
        "format": FORMAT,
        "made_at": now,
        "practice": {"name": practice.name, "email": practice.email, "phone": str(practice.phone)},
    }
    for name, part in parts_for(by).items():
        try:
            record[name] = part(client)
        except Unreadable:
            record[name] = {"unreadable": "The key these words were encrypted with is missing."}
    return record


def person(client: User, by: User) -> Values:
    """Return the client's details; in their own copy also how and from where they sign in."""
    sign_in = _sign_in(client) if by.pk == client.pk else {}
    return {
        "number": client.pk,
        "name": client.name,
        "email": client.email,
        "phone": str(client.phone),
        "time_zone": client.zone,
        "language": client.language,
        "wants_reminders": client.wants_reminders,
        "since": client.created_at,
        "addresses": values(EmailAddress, "email", "verified", "primary", user=client),
        **sign_in,
    }


def _sign_in(client: User) -> Values:
    return {
        "last_sign_in": client.last_login,
        "signed_in_on": values(UserSession, "ip", "user_agent", "created_at", "last_seen_at", user=client),
        "second_factors": values(Authenticator, "type", "created_at", "last_used_at", user=client),
    }


def plan(client: User) -> Values:
    """Return the client's own plan, and when they prefer emails."""
    page = ClientProfile.objects.of(client)
    return {
        "plan": page.plan,
        "obstacle": page.obstacle,
        "emails_at": page.letter_at,
        "emails_on_weekdays": page.letter_weekdays,
        "paused_until": page.paused_until,
    }


def merged_records(client: User) -> list[Values]:
    """Return what stayed apart of records that became part of this one: their details, and a second plan."""
    found = RecordMerge.objects.filter(merged__merged_into=client, undone_at=None).select_related("merged")
    return [
        {
            "merged_at": one.at,
            "number": one.merged.pk,
            "name": one.merged.name,
            "email": one.merged.merged_email,
            "phone": str(one.merged.phone),
            "since": one.merged.created_at,
            **plan(one.merged),
            "email_plan": practice.email_plan(one.merged),
            "intakes": sessions.intakes(one.merged),
        }
        for one in found.order_by("at", "pk")
    ]


def packages(client: User, by: User) -> list[Values]:
    """Return packages and the sessions that used them; how one was paid is for people at work."""
    reads_all = by.is_staff and rows.may(by, "records")
    return [
        {
            "session": one.session_type.name,
            "sessions": one.sessions,
            "price_cents": one.price_cents,
            "currency": one.currency,
            "sold_at": one.sold_at,
            "valid_until": one.valid_until,
            "how_it_was_paid": one.note if reads_all else "",
            "used": list(
                one.uses.values("number", "used_at", "given_back_at", session_at=F("appointment__starts_at"))
            ),
        }
        for one in Package.objects.filter(client=client).select_related("session_type")
    ]


def waitlist(client: User) -> list[Values]:
    """Return the client's waitlist entries, and what was offered."""
    return [
        {
            "session": one.session_type.name,
            "for": one.who,
            **copied_from(one),
            "address_of_the_visit": one.address,
            "weekdays": one.weekdays,
            "earliest": one.earliest,
            "latest": one.latest,
            "first_day": one.first_day,
            "last_day": one.last_day,
            "state": one.state,
            "asked_at": one.created_at,
            "offers": list(
                one.offers.values("offered_at", "expires_at", "state", session_at=F("appointment__starts_at"))
            ),
        }
        for one in WaitlistEntry.objects.filter(client=client).select_related("session_type")
    ]


def consents(client: User) -> list[Values]:
    """Return the texts the client agreed to, word for word."""
    return values(
        Consent,
        *("kind", "version", "text", "language", "signed_name", "given_at", "withdrawn_at"),
        user=client,
    )


def text_numbers(client: User) -> list[Values]:
    """Return the numbers for text messages, each with the text that was agreed to."""
    return values(
        TextNumber,
        *("number", "way", "version", "text", "given_at", "withdrawn_at", "stopped_at"),
        user=client,
    )


def emails(client: User) -> list[Values]:
    """Return the emails to the client, with the words that are still kept.

    Never a code to sign in or a link that acts as them, in their own copy neither: a copy is passed on. What
    somebody who works here gets about others is not of their record.
    """
    found = Letter.objects.filter(user=client).exclude(category__in=AT_WORK).order_by("due_at", "pk")
    found = found.prefetch_related("reports")
    return [_email(one) for one in found]


def _email(letter: Letter) -> Values:
    return {
        "kind": letter.kind,
        "subject": letter.subject,
        "to": letter.to_address,
        "due_at": letter.due_at,
        "sent_at": letter.sent_at,
        "state": letter.state,
        "reason": letter.reason,
        "reported": [{"at": one.at, "what": one.what} for one in letter.reports.all()],
        "text": _words(letter),
    }


def _words(letter: Letter) -> str:
    """Return the plain text without tokens; "" for an email about signing in, or whose key is lost."""
    if opens_account(letter):
        return ""
    try:
        letter.open_words()
    except Unreadable:
        return ""
    return text_with_masked_links(letter.text)


def access_log(client: User) -> list[Values]:
    """Return who opened the client's record here."""
    found = AccessLog.objects.filter(whose=client).select_related("reader").order_by("at", "pk")
    return [{"at": one.at, "who": one.reader.name if one.reader else "", "what": one.words} for one in found]


def values(model: Any, *fields: str, **whose: Any) -> list[Values]:
    """Return the rows' fields, the oldest row first."""
    return list(model.objects.filter(**whose).order_by("pk").values(*fields))


def parts_for(by: User) -> Mapping[str, Callable[[User], Any]]:
    """Return the parts in the order of the page, as `by` may read each."""
    return {
        "person": partial(person, by=by),
        "merged_records": merged_records,
        "appointments": partial(sessions.appointments, by=by),
        "booked_for_others": sessions.booked_for_others,
        "packages": partial(packages, by=by),
        "payments": sessions.payments,
        "waitlist": waitlist,
        "intakes": sessions.intakes,
        "consents": consents,
        "text_numbers": text_numbers,
        "notes": sessions.notes,
        "notes_between_sessions": sessions.notes_between,
        "plan": plan,
        "assignments": practice.assignments,
        "audio": practice.audio,
        "practice_entries": practice.practice,
        "activities": practice.activities,
        "questions": practice.questions,
        "email_plan": practice.email_plan,
        "follow_ups": practice.follow_ups,
        "emails": emails,
        "access_log": access_log,
    }
