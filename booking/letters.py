"""Every letter that booking sends: one function each, and three templates in `templates/emails/`.

Called within the transaction of their cause: the letter goes if the change holds, and never else. Times are
in the zone the client booked in; its name is said wherever it is not the practice's own. Nothing about
anybody's health, and no session type in a subject.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.calendar_files import calendar_file
from booking.links import appointment_url
from booking.models import Appointment
from booking.words import policy_words
from practice import text
from practice.clock import zone_named
from practice.mail.judgement import CallOff, Send, Verdict
from practice.mail.post import Attachment, post
from practice.models import Letter, Practice, User
from practice.queries import the_practice


@dataclass(frozen=True)
class Reminder:
    """`before` the start, unless it would come sooner than `after_booking` after the confirmation."""

    name: str
    before: timedelta
    after_booking: timedelta


REMINDERS = (
    Reminder("2d", before=timedelta(days=2), after_booking=timedelta(hours=12)),
    Reminder("2h", before=timedelta(hours=2), after_booking=timedelta(hours=4)),
)


def confirmation(appointment: Appointment, *, now: datetime) -> Letter | None:
    """To the client: what is booked, what it costs, what can still be changed until when."""
    return _to_client(appointment, "confirmation", "confirmation", method="REQUEST", now=now)


def moved(appointment: Appointment, *, was: Appointment, now: datetime) -> Letter | None:
    """To the client: the new time, and the old one."""
    return _to_client(
        appointment,
        "moved",
        f"moved:{appointment.sequence}",
        method="REQUEST",
        now=now,
        was=when(was, zone_of(appointment), the_practice()),
    )


def cancelled(appointment: Appointment, *, fee: int, by: User | None, now: datetime) -> Letter | None:
    """To the client: it is cancelled, what that costs, and the way back."""
    practice = the_practice()
    return _to_client(
        appointment,
        "cancelled",
        f"cancelled:{appointment.sequence}",
        method="CANCEL",
        now=now,
        fee=text.money(fee, appointment.currency, locale=practice.locale) if fee else "",
        by_us=by is not None and by.is_staff,
        act_url=settings.SITE_URL + reverse("book"),
        act_words=_("Find another time"),
    )


def plan_reminders(appointment: Appointment, *, now: datetime) -> list[Letter]:
    """To the client, as rows that wait: two days and two hours before, unless that is past or too near."""
    planned = []
    for reminder in REMINDERS:
        due = appointment.starts_at - reminder.before
        if due < now + reminder.after_booking:
            continue
        letter = _to_client(
            appointment,
            "reminder",
            f"reminder-{reminder.name}:{appointment.sequence}",
            now=now,
            due_at=due,
            not_after=min(due + reminder.before / 2, appointment.starts_at),
            soon=reminder.before < timedelta(days=1),
        )
        planned += [letter] if letter else []
    return planned


def call_off_reminders(appointment: Appointment, *, reason: str, now: datetime) -> int:
    """Reminders of a time that no longer holds do not go. How many waited."""
    return Letter.objects.filter(about=appointment.about, kind="reminder", state=Letter.State.PLANNED).update(
        state=Letter.State.CANCELLED, reason=reason
    )


def judge_reminder(letter: Letter, now: datetime) -> Verdict:
    """Asked when a reminder is about to go: still booked, at that time, ahead, and do they want reminders?"""
    uid, sequence = letter.about.removeprefix("appointment:"), letter.key.rpartition(":")[2]
    appointment = Appointment.objects.filter(uid=uid).first()
    if appointment is None or appointment.state != Appointment.State.BOOKED:
        return CallOff(_("The appointment is not booked any more."))
    if str(appointment.sequence) != sequence:
        return CallOff(_("The appointment was moved."))
    if appointment.starts_at <= now:
        return CallOff(_("The session has begun."))
    if letter.user is not None and not letter.user.wants_reminders:
        return CallOff(_("They asked for no reminders."))
    return Send()


def notice_booked(appointment: Appointment, *, by: User | None, now: datetime) -> Letter | None:
    """To the practitioner: somebody has booked."""
    return _to_practitioner(appointment, "notice_booked", "notice-booked", by=by, now=now)


def notice_moved(
    appointment: Appointment, *, was: Appointment, by: User | None, now: datetime
) -> Letter | None:
    """To the practitioner: one session has another time."""
    zone = zone_named(appointment.practitioner.zone)
    return _to_practitioner(
        appointment,
        "notice_moved",
        f"notice-moved:{appointment.sequence}",
        by=by,
        now=now,
        was=when(was, zone, the_practice()),
    )


def notice_cancelled(appointment: Appointment, *, fee: int, by: User | None, now: datetime) -> Letter | None:
    """To the practitioner: an hour has become free, and whether the policy asks a fee for it."""
    return _to_practitioner(
        appointment,
        "notice_cancelled",
        f"notice-cancelled:{appointment.sequence}",
        by=by,
        now=now,
        fee=text.money(fee, appointment.currency, locale=the_practice().locale) if fee else "",
    )


def zone_of(appointment: Appointment) -> ZoneInfo:
    """The zone the client reads in: the one they booked in."""
    return zone_named(appointment.zone or appointment.practitioner.zone)


def when(appointment: Appointment, zone: ZoneInfo, practice: Practice) -> str:
    """Day and time in the zone, which is named where the practice's clock shows another time."""
    elsewhere = (
        appointment.starts_at.astimezone(zone).utcoffset()
        != appointment.starts_at.astimezone(zone_named(practice.zone)).utcoffset()
    )
    return text.span(
        appointment.starts_at, appointment.ends_at, zone, locale=practice.locale, name_zone=elsewhere
    )


def _to_client(
    appointment: Appointment,
    kind: str,
    key: str,
    *,
    now: datetime,
    method: Any = None,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    **more: Any,
) -> Letter | None:
    client, practitioner = appointment.client, appointment.practitioner
    if client is None:
        return None
    return post(
        kind,
        key=f"{appointment.about}:{key}",
        to=client,
        context={**_for_client(appointment, the_practice(), due_at or now), **more},
        about=appointment.about,
        due_at=due_at,
        not_after=not_after,
        attachments=_calendar_part(appointment, method, now),
        from_name=practitioner.user.name,
        now=now,
    )


def _for_client(appointment: Appointment, practice: Practice, now: datetime) -> dict[str, Any]:
    zone, client = zone_of(appointment), appointment.client
    there = zone_named(practice.zone)
    return {
        "appointment": appointment,
        "first_name": client.first_name if client else "",
        # One person may book for others: "for Leo".
        "for_whom": appointment.attendee_name if client and appointment.attendee_name != client.name else "",
        "practitioner": appointment.practitioner,
        "day": text.day_in_words(appointment.starts_at.astimezone(zone).date(), locale=practice.locale),
        "time": text.clock_time(appointment.starts_at, zone, locale=practice.locale),
        "when": when(appointment, zone, practice),
        "there": ""
        if when(appointment, zone, practice) == when(appointment, there, practice)
        else text.moment(appointment.starts_at, there, locale=practice.locale, name_zone=True),
        "length": text.minutes_in_words(appointment.minutes, locale=practice.locale),
        "price": text.money(appointment.price_cents, appointment.currency, locale=practice.locale),
        "windows": policy_words(
            appointment.policy,
            appointment.starts_at,
            appointment.price_cents,
            appointment.currency,
            zone,
            practice.locale,
            phone=practice.phone,
            moved=appointment.moves,
            now=now,
        ),
        "first_time": _first_time(appointment),
        "act_url": appointment_url(appointment),
        "act_words": _("See, move or cancel it"),
        "sign": appointment.practitioner.first_name,
        "why": _("You get this because this session was booked with your address."),
    }


def _first_time(appointment: Appointment) -> bool:
    """Whether this client has no other session with us, past or to come."""
    return (
        not Appointment.objects.filter(client=appointment.client)
        .exclude(pk=appointment.pk)
        .exclude(state__in=(Appointment.State.HELD, Appointment.State.RELEASED, Appointment.State.CANCELLED))
        .exists()
    )


def _to_practitioner(
    appointment: Appointment, kind: str, key: str, *, by: User | None, now: datetime, **more: Any
) -> Letter | None:
    practitioner = appointment.practitioner
    if by is not None and by.pk == practitioner.user_id:
        return None  # what one did oneself is no news
    practice, zone = the_practice(), zone_named(practitioner.zone)
    return post(
        kind,
        key=f"{appointment.about}:{key}",
        to=practitioner.user,
        context={
            "appointment": appointment,
            "first_name": practitioner.first_name,
            "who": appointment.attendee_name,
            "day": text.day_in_words(appointment.starts_at.astimezone(zone).date(), locale=practice.locale),
            "time": text.clock_time(appointment.starts_at, zone, locale=practice.locale),
            "when": when(appointment, zone, practice),
            "session": str(appointment.session_type.name),
            "length": text.minutes_in_words(appointment.minutes, locale=practice.locale),
            "by": by.name if by is not None and by.is_staff else "",
            "act_url": settings.SITE_URL + reverse("workspace"),
            "act_words": _("See the day"),
            "why": _("You get this because these sessions are yours."),
            **more,
        },
        about=appointment.about,
        now=now,
    )


def _calendar_part(appointment: Appointment, method: Any, now: datetime) -> Iterable[Attachment]:
    if method is None:
        return []
    return [Attachment.calendar(calendar_file(appointment, method=method, now=now), method=method)]
