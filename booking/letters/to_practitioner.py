"""Notices to practitioners: what others did with their time. Nobody is told of their own actions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from booking.access import opening
from booking.availability.closed_days import is_open_for
from booking.letters.context import GONE, clock_at_work, to_practitioner
from booking.letters.digest import NEWS_WORDS, News, put_in_digest
from booking.letters.event import EmailFacts, State, Wording, from_whom, times_of
from booking.links import on_our_site
from booking.models import Appointment, Intake
from booking.queries import appointments_of
from practice.core.reasons import because
from practice.mail.composing.render import render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter, User
from practice.shipped_texts import reading_in


def notice_booked(
    appointment: Appointment, *, by: User | None, now: datetime, approved: bool = False
) -> Letter | None:
    """Plan the notice: somebody has booked, or a colleague has `approved` a request."""
    return _noticed(appointment, "notice_booked", "notice-booked", by=by, now=now, approved=approved)


def notice_requested(appointment: Appointment, *, now: datetime) -> Letter | None:
    """Plan the notice: somebody asks for a time, and until when an answer is awaited."""
    assert appointment.answer_by is not None
    key = f"notice-requested:{appointment.sequence}"
    return _noticed(appointment, "notice_requested", key, by=None, now=now)


def notice_declined(appointment: Appointment, *, by: User | None, now: datetime) -> Letter | None:
    """Plan the notice: a colleague declined a request, or nobody answered it in time."""
    return _noticed(appointment, "notice_declined", "notice-declined", by=by, now=now)


def notice_moved(
    appointment: Appointment,
    *,
    was: Appointment,
    by: User | None,
    now: datetime,
    due_at: datetime | None = None,
    unaware: Collection[int] = (),
) -> Letter | None:
    """Plan the notices of a move: to the practitioner, and to the one who gives it away.

    `unaware`: ids of users who have not heard of the earlier move that this one undoes.
    """
    key = f"notice-moved:{appointment.sequence}"
    event: dict[str, Any] = {"was": times_of(was), **from_whom(appointment, was)}
    if "was_with" in event and was.practitioner.user_id not in unaware:
        gone = {**event, "reader": was.practitioner_id}
        _noticed(appointment, "notice_moved", key + GONE, by=by, now=now, due_at=due_at, **gone)
    if appointment.practitioner.user_id in unaware:
        return None
    return _noticed(appointment, "notice_moved", key, by=by, now=now, due_at=due_at, **event)


def notice_length_changed(
    appointment: Appointment, *, was: int, by: User | None, now: datetime, due_at: datetime | None = None
) -> Letter | None:
    """Plan the notice that a colleague made the session longer or shorter than it `was` (minutes)."""
    key = f"notice-length-changed:{appointment.sequence}"
    kind = "notice_length_changed"
    return _noticed(appointment, kind, key, by=by, now=now, due_at=due_at, was_minutes=was)


def notice_handed_over(
    appointment: Appointment, *, was: Appointment, by: User | None, now: datetime
) -> Letter | None:
    """Plan the notices of a handover: to the practitioner who has it now, and to the one who had it.

    The first is told that a colleague's session is theirs, or that a request waits for them; the second, who
    gives it instead.
    """
    key = f"notice-handed-over:{appointment.sequence}"
    event: dict[str, Any] = from_whom(appointment, was)
    gone: dict[str, Any] = {**event, "reader": was.practitioner_id}
    _noticed(appointment, "notice_handed_over", key + GONE, by=by, now=now, **gone)
    return _noticed(appointment, "notice_handed_over", key, by=by, now=now, **event)


def notice_cancelled(
    appointment: Appointment, *, fee: int, by: User | None, now: datetime, asked: bool = False
) -> Letter | None:
    """Plan the notice: a time has become free, and whether the policy asks a fee for it.

    `asked`: it was a request, which its client has taken back.
    """
    key = f"notice-cancelled:{appointment.sequence}"
    return _noticed(appointment, "notice_cancelled", key, by=by, now=now, fee=fee, asked=asked)


def _noticed(
    appointment: Appointment,
    kind: str,
    key: str,
    *,
    by: User | None,
    now: datetime,
    due_at: datetime | None = None,
    **event: Any,
) -> Letter | None:
    return to_practitioner(appointment, kind, key, by=by, now=now, due_at=due_at, **event)


def _requested(facts: EmailFacts) -> dict[str, Any]:
    asked, clocks = facts.appointment.answer_by, clock_at_work(facts.appointment.practitioner)
    return {
        "answer_by": clocks.moment(asked) if asked else "",
        "act_url": on_our_site("workspace_appointment", facts.appointment.uid),
        "act_words": _("Approve or decline"),
    }


def _moved(facts: EmailFacts) -> dict[str, Any]:
    clocks = clock_at_work(facts.reader)
    return {
        "was": clocks.span(*facts.was) if facts.was else "",
        "asked": facts.is_request,
        **_with_whom(facts),
        "is_free": facts.is_free_again,
        **_if_passed_on(facts),
    }


def _length_changed(facts: EmailFacts) -> dict[str, Any]:
    return {"was_length": facts.was_length, "is_longer": facts.is_longer}


def _with_whom(facts: EmailFacts) -> dict[str, str]:
    """Return who had the session; for its giver, who has it now and how it ended there."""
    if facts.is_readers:
        return {"was_with": facts.was_with, "now_with": "", "ended": ""}
    return {
        "was_with": facts.was_with,
        "now_with": facts.appointment.practitioner.user.name,
        "ended": facts.ended,
    }


def _given_back(facts: EmailFacts) -> dict[str, Any]:
    """Return whether others can book the time now: not on closed days or outside hours."""
    gone = facts.appointment
    return {"is_free": is_open_for(gone.practitioner, gone.starts_at, gone.ends_at)}


def _cancelled(facts: EmailFacts) -> dict[str, Any]:
    return {"fee": facts.fee, "asked": facts.event.get("asked", False), **_given_back(facts)}


def _handed_over(facts: EmailFacts) -> dict[str, Any]:
    return {"asked": facts.is_request, **_with_whom(facts), **_if_passed_on(facts)}


def _if_passed_on(facts: EmailFacts) -> dict[str, Any]:
    """Return until when a colleague's request waits for its reader, and the link to answer it."""
    return _requested(facts) if facts.is_passed_on else {}


WORDINGS: Mapping[str, Wording] = {
    "notice_handed_over": Wording(_handed_over),
    "notice_booked": Wording(
        lambda facts: {"approved": facts.event.get("approved", False)}, true_in=State.BOOKED
    ),
    "notice_requested": Wording(_requested, true_in=State.PENDING),
    "notice_declined": Wording(_given_back, true_in=State.CANCELLED),
    "notice_moved": Wording(_moved),
    "notice_length_changed": Wording(_length_changed),
    "notice_cancelled": Wording(_cancelled, true_in=State.CANCELLED),
    "notice_restored": Wording(),
}


def notice_intake(intake: Intake, *, now: datetime) -> Letter | None:
    """Plan the notice of an intake with a warning sign. It does not say whose, or which sign.

    For practitioners who chose a digest it is a line there, and on Today at once.
    """
    reader = practitioner_to_notify(intake.client, now=now)
    if reader is None:
        return None
    return put_in_digest(reader, News("intake", f"intake:{intake.uid}"), now=now) or post(
        "notice_intake",
        key=f"intake:{intake.uid}:notice",
        to=reader,
        context=_about_intake(reader),
        about=f"intake:{intake.uid}",
        now=now,
    )


def _about_intake(reader: User) -> dict[str, Any]:
    with reading_in(reader.language):
        return {
            "first_name": reader.first_name,
            "act_url": on_our_site("workspace"),
            "act_words": _("See what needs attention"),
            "why": _("You’re receiving this because this is your session."),
        }


def check_intake_notice(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only while there is a warning sign nobody has looked at."""
    uid = letter.about.removeprefix("intake:")
    open_ones = Intake.objects.filter(uid=uid, cleared_at=None).exclude(needs_human="")
    if letter.user is None or not open_ones.exists():
        return Cancel(because("looked_at"))
    reader = letter.user
    context = {"to": reader, "sender": "", **_about_intake(reader)}
    return Send(Fresh(render("notice_intake", context, language=reader.language)))


def practitioner_to_notify(client: User, *, now: datetime) -> User | None:
    """Return whom to tell about a client: the practitioner who sees them next or saw them last, or the owner.

    Only a person who may open the record is told.
    """
    theirs = appointments_of(client).filter(opening(now), practitioner__user__is_active=True)
    next_one = theirs.filter(ends_at__gt=now).first()
    last_one = theirs.filter(starts_at__lte=now).order_by("-starts_at").first()
    if session := next_one or last_one:
        return session.practitioner.user
    return User.objects.filter(role=User.Role.OWNER, is_active=True).order_by("pk").first()


def _intake_news(about: str) -> str | None:
    open_ones = Intake.objects.filter(uid=about.removeprefix("intake:"), cleared_at=None)
    if not open_ones.exclude(needs_human="").exists():
        return None
    return _("An answer to the questions before a session needs your attention.")


NEWS_WORDS["intake"] = _intake_news
CHECKS = {"notice_intake": Check(check_intake_notice)}
