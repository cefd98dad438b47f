"""To practitioners: what others did with their time. What one did oneself is no news."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from booking.access import opening
from booking.letters.about import to_practitioner, when
from booking.links import on_our_site
from booking.models import Appointment, Intake
from booking.queries import appointments_of
from practice import text
from practice.clock import zone_named
from practice.mail.post import post
from practice.models import Letter, User
from practice.queries import the_practice


def notice_booked(
    appointment: Appointment, *, by: User | None, now: datetime, approved: bool = False
) -> Letter | None:
    """To the practitioner: somebody has booked, or a colleague has said yes to a request (`approved`)."""
    return to_practitioner(appointment, "notice_booked", "notice-booked", by=by, now=now, approved=approved)


def notice_requested(appointment: Appointment, *, now: datetime) -> Letter | None:
    """To the practitioner: somebody asks for a time, and until when an answer is awaited."""
    assert appointment.answer_by is not None
    zone = zone_named(appointment.practitioner.zone)
    return to_practitioner(
        appointment,
        "notice_requested",
        f"notice-requested:{appointment.sequence}",
        by=None,
        now=now,
        answer_by=text.moment(appointment.answer_by, zone, locale=the_practice().locale),
        act_url=on_our_site("workspace_appointment", appointment.uid),
        act_words=_("Approve or decline"),
    )


def notice_declined(appointment: Appointment, *, by: User | None, now: datetime) -> Letter | None:
    """To the practitioner: a colleague has declined a request, or nobody had answered it in time."""
    return to_practitioner(appointment, "notice_declined", "notice-declined", by=by, now=now)


def notice_moved(
    appointment: Appointment, *, was: Appointment, by: User | None, now: datetime
) -> Letter | None:
    """To the practitioner: one session has another time."""
    zone = zone_named(appointment.practitioner.zone)
    return to_practitioner(
        appointment,
        "notice_moved",
        f"notice-moved:{appointment.sequence}",
        by=by,
        now=now,
        was=when(was, zone, the_practice()),
        asked=appointment.state == Appointment.State.PENDING,
    )


def notice_cancelled(
    appointment: Appointment, *, fee: int, by: User | None, now: datetime, asked: bool = False
) -> Letter | None:
    """To the practitioner: an hour has become free, and whether the policy asks a fee for it.

    `asked`: it was a request, which its client has taken back.
    """
    return to_practitioner(
        appointment,
        "notice_cancelled",
        f"notice-cancelled:{appointment.sequence}",
        by=by,
        now=now,
        fee=text.money(fee, appointment.currency, locale=the_practice().locale) if fee else "",
        asked=asked,
    )


def notice_intake(intake: Intake, *, now: datetime) -> Letter | None:
    """To the practitioner, when an intake with a warning sign is handed in: please look in. Not whose or why.

    It goes at once, whatever they chose for changes of their day.
    """
    reader = who_sees(intake.client, now=now)
    if reader is None:
        return None
    return post(
        "notice_intake",
        key=f"intake:{intake.uid}:notice",
        to=reader,
        context={
            "first_name": reader.first_name,
            "act_url": on_our_site("workspace"),
            "act_words": _("See what needs a person"),
            "why": _("You get this because these sessions are yours."),
        },
        about=f"intake:{intake.uid}",
        now=now,
    )


def who_sees(client: User, *, now: datetime) -> User | None:
    """Whom to tell about a client: who sees them next, or saw them last; else the owner.

    Whoever is told can open the record: what nobody may look at, nobody looks at.
    """
    theirs = appointments_of(client).filter(opening(now), practitioner__user__is_active=True)
    next_one = theirs.filter(ends_at__gt=now).first()
    last_one = theirs.filter(starts_at__lte=now).order_by("-starts_at").first()
    if session := next_one or last_one:
        return session.practitioner.user
    return User.objects.filter(role=User.Role.OWNER, is_active=True).order_by("pk").first()
