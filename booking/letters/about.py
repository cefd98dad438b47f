"""What the letters about an appointment share: to whom, in whose zone, with which facts.

Times are in the zone the client booked in; its name is said wherever it is not the practice's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from booking import queries
from booking.calendar_files import calendar_file
from booking.letters.digest import plan_digest
from booking.links import appointment_url, on_our_site
from booking.models import Appointment
from booking.packages import is_covered
from booking.policy_words import price_words, windows_of
from practice import text
from practice.clock import zone_named
from practice.mail.post import Attachment, post
from practice.mail.render import Rendered, render
from practice.models import Letter, Practice, Practitioner, User
from practice.queries import the_practice


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


def to_client(
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
        context={**for_client(appointment, the_practice(), due_at or now), **more},
        about=appointment.about,
        due_at=due_at,
        not_after=not_after,
        attachments=calendar_part(appointment, method, now),
        from_name=practitioner.user.name,
        now=now,
    )


def words_to_client(appointment: Appointment, kind: str, *, now: datetime, **more: Any) -> Rendered:
    """What a letter of this kind says if it leaves now."""
    context = {**for_client(appointment, the_practice(), now), **more}
    sender = appointment.practitioner.user.name
    language = appointment.client.language if appointment.client else ""
    return render(kind, {"to": appointment.client, "sender": sender, **context}, language=language)


def for_client(appointment: Appointment, practice: Practice, now: datetime) -> dict[str, Any]:
    zone, client = zone_of(appointment), appointment.client
    there, covered = zone_named(practice.zone), is_covered(appointment)
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
        "price": price_words(appointment, covered=covered, locale=practice.locale),
        "covered": covered,
        "windows": windows_of(
            appointment, zone, practice.locale, phone=practice.phone, covered=covered, now=now
        ),
        "first_time": queries.is_first(appointment),
        "act_url": appointment_url(appointment),
        "act_words": _("See, move or cancel it")
        if appointment.confirmed_at
        else _("Confirm, move or cancel it"),
        "sign": appointment.practitioner.first_name,
        "why": _("You get this because this session was booked with your address."),
    }


def to_practitioner(
    appointment: Appointment, kind: str, key: str, *, by: User | None, now: datetime, **more: Any
) -> Letter | None:
    practitioner = appointment.practitioner
    if by is not None and by.pk == practitioner.user_id:
        return None  # what one did oneself is no news
    if practitioner.notices == Practitioner.Notices.NONE:
        return None
    if practitioner.notices == Practitioner.Notices.DIGEST and kind != "notice_requested":
        return plan_digest(practitioner, now=now)  # but a request: it waits for an answer
    practice, zone = the_practice(), zone_named(practitioner.zone)
    return post(
        kind,
        key=f"{appointment.about}:{key}",
        to=practitioner.user,
        context={
            "appointment": appointment,
            "first_name": practitioner.first_name,
            "who": appointment.attendee_name or _("somebody who was erased"),
            "day": text.day_in_words(appointment.starts_at.astimezone(zone).date(), locale=practice.locale),
            "time": text.clock_time(appointment.starts_at, zone, locale=practice.locale),
            "when": when(appointment, zone, practice),
            "session": str(appointment.session_type.name),
            "length": text.minutes_in_words(appointment.minutes, locale=practice.locale),
            "by": by.name if by is not None and by.is_staff else "",
            "act_url": on_our_site("workspace"),
            "act_words": _("See the day"),
            "why": _("You get this because these sessions are yours."),
            **more,
        },
        about=appointment.about,
        now=now,
    )


def unsaid(appointment: Appointment, *kinds: str) -> bool:
    """Hold back the letters of these kinds about the change before this one. Whether one had not left yet."""
    waiting = Letter.objects.filter(
        about=appointment.about,
        kind__in=kinds,
        key__endswith=f":{appointment.sequence - 1}",
        state=Letter.State.PLANNED,
    )
    return bool(
        waiting.update(state=Letter.State.CANCELLED, reason=_("It was brought back before this could leave."))
    )


def calendar_part(appointment: Appointment, method: Any, now: datetime) -> Iterable[Attachment]:
    if method is None:
        return []
    return [Attachment.calendar(calendar_file(appointment, method=method, now=now), method=method)]
