"""The queue of follow-ups: rows planned at the wrap-up, and planned anew when preferences change.

A follow-up is a `Letter` row that waits, and beside it a `FollowUp` that says which step of which session's
plan it is. Judging them is in `send_check`, looking ahead in `preview`; both can be imported from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time

from django.db import transaction
from django.db.models import QuerySet

from booking.models import Appointment, sealed_at
from portal.followups.choosing import plan_for, steps_of
from portal.followups.engine import when
from portal.followups.engine.facts import FOLLOW_UP, Step
from portal.followups.engine.plan import Planned, planned
from portal.followups.engine.reasons import Reason
from portal.followups.letters import placeholder_words
from portal.followups.loading import PlanFacts, load_facts
from portal.followups.preview import Preview, preview, previews, waiting_follow_ups, words_when_due
from portal.followups.send_check import check_follow_up, lock
from portal.models import ClientProfile, FollowUp, FollowUpPlan, FollowUpStep
from practice.core import wall_time
from practice.core.reasons import because
from practice.mail.kinds import KINDS
from practice.mail.post import post
from practice.mail.send_check import Check
from practice.models import Letter, User

__all__ = [
    "Preview",
    "answered_by_email",
    "check_follow_up",
    "mark_answered",
    "plan_for",
    "plan_letters",
    "preview",
    "previews",
    "replan",
    "steps_of",
    "waiting_follow_ups",
    "words_when_due",
]
State = Letter.State
CHECKS = {FOLLOW_UP: Check(check_follow_up, words_when_due)}


@transaction.atomic
def plan_letters(
    appointment: Appointment,
    *,
    plan: FollowUpPlan | None = None,
    steps: Sequence[Step] | None = None,
    now: datetime,
) -> list[FollowUp]:
    """Plan the emails after a session, in the caller's transaction; asked twice, planned once.

    `plan`: another than the client's (`plan_for`). `steps`: instead of any plan's; none: no emails. Waiting
    emails of earlier sessions are canceled in any case. Nothing is planned for a client who does not want
    emails.
    """
    client = lock(appointment.client_id)
    if client is None:
        return []
    if standing := list(_of(appointment)):
        return standing
    if steps is None:
        plan = plan or plan_for(client)
        steps = steps_of(plan, client)
    known = load_facts(appointment, client, steps=steps, made_at=now, now=now)
    _call_off_earlier(known, now)
    if not known.facts.consent:
        return []
    for one in planned(known.plan, known.facts, now=now):
        write_row(known, one, plan=plan, now=now)
    return list(_of(appointment))


def _of(appointment: Appointment) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(appointment=appointment).select_related("letter")
    return rows.defer("letter__text", "letter__html", "letter__word").order_by("place")


def _call_off_earlier(known: PlanFacts, now: datetime) -> None:
    """Cancel the waiting emails of earlier sessions, and clear what asked somebody to look at them."""
    earlier = FollowUp.objects.filter(
        client=known.client, appointment__starts_at__lt=known.appointment.starts_at
    )
    _waiting(letters_of(earlier)).update(state=State.CANCELLED, why=known.kept(Reason("superseded")))
    earlier.filter(asks_human=True, cleared_at=None).update(cleared_at=now)


def letters_of(follow_ups: QuerySet[FollowUp]) -> QuerySet[Letter]:
    """Return the emails of these follow-ups."""
    return Letter.objects.filter(pk__in=follow_ups.exclude(letter=None).values("letter"))


def _waiting(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    return letters.filter(state=State.PLANNED)


def write_row(
    known: PlanFacts, one: Planned, *, plan: FollowUpPlan | None, now: datetime, place: int | None = None
) -> FollowUp:
    """Create the row of one step, with an email when it has a due time and the client an address.

    `place`: among the session's rows, where it is not its place in the plan.
    """
    place = one.step if place is None else place
    appointment, step, why = known.appointment, known.plan.steps[one.step], known.kept(one.reason)
    letter = None
    if known.facts.superseded:
        why = known.kept(Reason("superseded"))
    elif one.due_at:
        sender = appointment.practitioner.user.name
        letter = post(
            FOLLOW_UP,
            key=f"follow-up:{appointment.uid}:{place}",
            to=known.client,
            context={},
            about=appointment.about,
            due_at=one.due_at,
            due_in=known.zone,
            from_name=sender,
            words=placeholder_words(sender),
            now=now,
        )
        why = why if letter else because("no_address")
    if letter:
        letter.why = why
        letter.save(update_fields=["why"])
    return FollowUp.objects.create(
        client=known.client,
        appointment=appointment,
        place=place,
        plan=plan,
        days=step.days,
        at=step.at,
        step_stage=step.stage,
        step_variants=list(step.variants),
        made_at=now,
        letter=letter,
        why=why,
    )


@transaction.atomic
def replan(client: User, *, now: datetime) -> None:
    """Move the emails that are not due yet to their new times after zone, hour or weekdays changed.

    What a guard moved keeps its day, at the hour they prefer now; what was called off stays so; what a sender
    holds is left alone.
    """
    held = lock(client.pk)
    waiting = list(
        FollowUp.objects.filter(client=client, letter__state=State.PLANNED, letter__due_at__gt=now)
        .select_related("letter", "appointment__practitioner__user")
        .defer("letter__text", "letter__html", "letter__word", *sealed_at("appointment"))
        .order_by("appointment", "place")
    )
    if held is None or not waiting:
        return
    _follow_the_hour(waiting, ClientProfile.objects.of(client).letter_at)
    for appointment in dict.fromkeys(one.appointment for one in waiting):
        _plan_anew([one for one in waiting if one.appointment_id == appointment.pk], held, now)


def _follow_the_hour(waiting: Iterable[FollowUp], at: time) -> None:
    """Set the client's preferred hour on each step, except where a plan fixes the hour."""
    given = set(FollowUpStep.objects.exclude(at=None).values_list("days", "at"))
    for one in waiting:
        if one.at != at and (one.days, one.at) not in given:
            one.at = at
            one.save(update_fields=["at"])


def _plan_anew(waiting: list[FollowUp], client: User, now: datetime) -> None:
    """Plan the waiting follow-ups of one session again, as a plan that holds only them."""
    steps = [Step(one.days, one.at) for one in waiting]
    known = load_facts(waiting[0].appointment, client, steps=steps, made_at=waiting[0].made_at, now=now)
    among_them = replace(known.plan, key="the waiting ones")
    kept = {
        place: letter_of(one).due_at
        for place, one in enumerate(waiting)
        # A new time that has passed would cost them the email: it goes at that hour of a later day.
        if _was_moved(one) or when.due_of(known.plan, steps[place], known.zone) < now
    }
    for new in planned(among_them, known.facts, now=now, moved=kept):
        _put(waiting[new.step], new, known)


def letter_of(follow_up: FollowUp) -> Letter:
    """Return the email of a follow-up that has one."""
    assert follow_up.letter is not None
    return follow_up.letter


def _was_moved(follow_up: FollowUp) -> bool:
    """Return whether a guard moved it: then the email's reason differs from the plan's."""
    return bool(letter_of(follow_up).why != follow_up.why)


def _put(follow_up: FollowUp, new: Planned, known: PlanFacts) -> None:
    """Save the new time or the cancellation, unless the email was claimed or changed meanwhile."""
    letter = letter_of(follow_up)
    mine = Letter.objects.filter(pk=letter.pk, state=State.PLANNED, due_at=letter.due_at)
    if new.due_at is None:
        mine.update(state=State.CANCELLED, why=known.kept(new.reason))
        return
    if new.due_at == letter.due_at:
        return
    moved = _was_moved(follow_up)
    as_ever = moved and new.reason.code == "as_planned"
    why = known.kept(Reason("moved_along", {"due": new.due_at}) if as_ever else new.reason)
    lives = KINDS[FOLLOW_UP].lives_for
    not_after = new.due_at + lives if lives else None
    due_wall = wall_time.wall_time_text(new.due_at, known.zone)
    planned_anew = mine.update(due_at=new.due_at, due_wall=due_wall, not_after=not_after, why=why)
    if planned_anew and not moved:
        follow_up.why = why
        follow_up.save(update_fields=["why"])


def answered_by_email(letter: Letter, now: datetime) -> None:
    """Count a reply to a follow-up as an answer of its reader."""
    if letter.kind == FOLLOW_UP and letter.user is not None:
        mark_answered(letter.user, now=now)


@transaction.atomic
def mark_answered(client: User, *, now: datetime) -> None:
    """Mark the client as having answered: nobody need look any more, and emails may go on."""
    ClientProfile.objects.keep(client, answered_at=now)
    FollowUp.objects.filter(client=client, asks_human=True, cleared_at=None).update(cleared_at=now)
