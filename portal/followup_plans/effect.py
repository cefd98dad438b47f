"""The effect that other steps would have on the emails that wait. Reads only."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from booking.models import sealed_at
from portal.followup_plans.loading import planning_facts
from portal.followups.engine.plan_change import Effect, EmailChange, PlanStep, StepRow, changes_of
from portal.followups.engine.when import zone_or
from portal.followups.loading import PlanFacts
from portal.followups.wording import PREFIX
from portal.models import FollowUp, FollowUpPlan
from practice.models import Letter, User

State = Letter.State
#: After so many sessions, waiting emails can be changed while somebody waits: some seconds.
MOST_SESSIONS = 2000


class TooManyWaiting(Exception):
    """Raised when so many emails wait that a change of plan cannot be shown, nor made, at once."""


@dataclass(frozen=True, kw_only=True)
class NewSteps:
    """The steps that a plan is to have. `moves`: days of a step before → after, where they differ."""

    steps: tuple[PlanStep, ...]
    moves: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SessionEffect:
    """The effect on the emails after one session. `warning`: about a time zone nobody knows, or ""."""

    known: PlanFacts
    rows: Sequence[FollowUp]
    changes: Sequence[EmailChange]
    warning: str

    @property
    def client(self) -> User:
        """Return the client who gets these emails."""
        return self.known.client

    def listed(self) -> list[EmailChange]:
        """Return the changes that somebody would notice."""
        return [one for one in self.changes if one.effect is not Effect.NONE]


def of_plan(plan: FollowUpPlan) -> Q:
    """Return the filter for follow-ups that came of a plan; those of no plan are the standard plan's."""
    return Q(plan=plan) | Q(plan=None) if plan.is_default else Q(plan=plan)


def of_client(client: User) -> Q:
    """Return the filter for the follow-ups of one client."""
    return Q(client=client)


def clients_with_waiting(which: Q, *, now: dt.datetime) -> list[int]:
    """Return the ids of clients for whom such a follow-up waits, in the order in which they are locked."""
    return list(_waiting(which, now).order_by("client").values_list("client", flat=True).distinct())


def effects(which: Q, new: NewSteps, *, now: dt.datetime) -> list[SessionEffect]:
    """Return what these steps would make of the emails that wait, by client.

    Six queries for up to 500 sessions. Raises TooManyWaiting for so many that nobody would wait for it.
    """
    refuse_too_many(which, now=now)
    found, sessions = [], sessions_waiting(which, now=now)
    facts = planning_facts([rows[0] for rows in sessions], now=now)
    for rows, known in zip(sessions, facts, strict=True):
        changes = changes_of(
            known.plan,
            known.facts,
            [_as_row(one, now) for one in rows],
            steps=[step.for_client(known.page.letter_at) for step in new.steps],
            moves=new.moves,
            now=now,
        )
        found.append(SessionEffect(known=known, rows=rows, changes=changes, warning=_zone_warning(known)))
    return sorted(found, key=lambda one: (one.client.name.casefold(), one.client.pk))


def refuse_too_many(which: Q, *, now: dt.datetime) -> None:
    """Raise TooManyWaiting where such follow-ups wait after more than `MOST_SESSIONS` sessions."""
    sessions = _waiting(which, now).order_by().values("appointment").distinct()
    if sessions[: MOST_SESSIONS + 1].count() > MOST_SESSIONS:
        raise TooManyWaiting


def sessions_waiting(which: Q, *, now: dt.datetime) -> list[list[FollowUp]]:
    """Return all rows, by place, of each session after which such a follow-up waits."""
    rows = (
        FollowUp.objects.filter(appointment__in=_waiting(which, now).values("appointment"))
        .select_related("letter", "client", "appointment__practitioner__user")
        .defer("letter__text", "letter__html", "letter__word", *sealed_at("appointment"))
        .order_by("appointment", "place")
    )
    sessions: dict[int, list[FollowUp]] = {}
    for one in rows:
        sessions.setdefault(one.appointment_id, []).append(one)
    return list(sessions.values())


def _waiting(which: Q, now: dt.datetime) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(which, letter__state=State.PLANNED, letter__due_at__gt=now)


def waits(follow_up: FollowUp, now: dt.datetime) -> bool:
    """Return whether a follow-up waits and no sender has it yet."""
    letter = follow_up.letter
    return bool(letter and letter.state == State.PLANNED and letter.due_at and letter.due_at > now)


def was_dropped(follow_up: FollowUp) -> bool:
    """Return whether a change of the plan canceled it: the step may come back."""
    letter = follow_up.letter
    if letter is None or letter.state != State.CANCELLED:
        return False
    return any(one.get("code") == f"{PREFIX}plan_changed" for one in letter.why)


def _as_row(follow_up: FollowUp, now: dt.datetime) -> StepRow:
    letter = follow_up.letter
    return StepRow(
        step=follow_up.step,
        due_at=letter.due_at if letter and waits(follow_up, now) else None,
        was_moved=bool(letter and letter.why != follow_up.why),
        dropped=was_dropped(follow_up),
    )


def _zone_warning(known: PlanFacts) -> str:
    """Return a sentence about a client's time zone that no longer exists, or ""."""
    if not known.client.zone:
        return ""
    warning = zone_or(known.client.zone, known.zone)[1]
    return known.say(warning) if warning else ""


def fingerprint(found: Iterable[SessionEffect]) -> str:
    """Return a mark of what a preview showed: another effect has another mark."""
    said = [
        (
            session.known.appointment.pk,
            one.effect,
            session.rows[one.row].pk if one.row is not None else None,
            [str(at) for at in (one.before, one.after)],
            [one.step.days, str(one.step.at), one.step.stage, *one.step.variants],
        )
        for session in found
        for one in session.changes
    ]
    return salted_hmac("followup-plans.effect", json.dumps(said), algorithm="sha256").hexdigest()[:32]


def counts(found: Iterable[SessionEffect]) -> dict[Effect, int]:
    """Return how many emails each effect has."""
    changes = [one.effect for session in found for one in session.changes]
    return {effect: changes.count(effect) for effect in Effect}
