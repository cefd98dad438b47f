"""A rehearsal of one client's emails: their rows become facts, the pure code runs ahead. Changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Appointment
from portal.followups.engine.behavior import Act, Behavior, happenings, sessions_over
from portal.followups.engine.facts import Plan, Step
from portal.followups.engine.guards import HeldBack, Outcome, SendNow
from portal.followups.engine.rehearsal import (
    Acted,
    Event,
    Judged,
    NeverPlanned,
    rehearse,
    rehearse_new,
)
from portal.followups.engine.when import AFTER_SESSION
from portal.followups.letters import words_when_sent
from portal.followups.loading import PlanFacts, load_facts
from portal.followups.preview import waiting_follow_ups
from portal.followups.queue import steps_of
from portal.followups.wording import why_this
from portal.models import FollowUp
from practice.mail.composing.render import Rendered
from practice.models import Letter, User

KEY = "rehearsal"  # of a plan that no session has


class NoSession(Exception):
    """Raised when the client has had no session that emails could follow."""


class LineKind(StrEnum):
    """What a line of a rehearsal is about."""

    SENT = "sent"
    HELD_BACK = "held back"
    NOT_SENT = "not sent"
    ACT = "act"


ACTS: Mapping[Act, object] = {
    Act.PRACTICED: gettext_lazy("They practice."),
    Act.WORSE: gettext_lazy("They practice, and report more pain."),
    Act.REPLIED: gettext_lazy("They write back."),
    Act.PAUSED: gettext_lazy("They pause the emails."),
    Act.SESSION_OVER: gettext_lazy(
        "Their next session was the day before. Wrapping it up starts new emails."
    ),
}
KINDS = {
    Outcome.MOVED: LineKind.HELD_BACK,
    Outcome.CANCELLED: LineKind.NOT_SENT,
    Outcome.MISSED: LineKind.NOT_SENT,
}


@dataclass(frozen=True, kw_only=True)
class RehearsedLine:
    """One event in words. `place` and `variant`, of an email that is sent: its step, and which text."""

    at: dt.datetime
    kind: LineKind
    words: str
    place: int | None = None
    variant: str = ""


@dataclass(frozen=True, kw_only=True)
class ClientRehearsal:
    """What would happen to a client's emails from `start` until `until`.

    `is_new`: as if a session had ended at `start`; else what waits today. `row_reasons`: place in the plan →
    why the waiting email is due when it is, as its row says.
    """

    known: PlanFacts
    events: Sequence[Event]
    start: dt.datetime
    until: dt.datetime
    is_new: bool
    row_reasons: Mapping[int, str]

    def lines(self) -> list[RehearsedLine]:
        """Return each event in words, in order."""
        return [self._line(one) for one in self.events]

    def _line(self, event: Event) -> RehearsedLine:
        if isinstance(event, Acted):
            return RehearsedLine(at=event.at, kind=LineKind.ACT, words=str(ACTS[event.act]))
        if isinstance(event, NeverPlanned):
            return RehearsedLine(at=event.at, kind=LineKind.NOT_SENT, words=self.known.say(event.why))
        verdict = event.verdict
        if isinstance(verdict, HeldBack):
            words = self.known.say(verdict.reason)
            return RehearsedLine(at=event.at, kind=KINDS[verdict.outcome], words=words)
        then = self.known.say(event.why_then) if event.why_then else self.row_reasons.get(event.step, "")
        return RehearsedLine(
            at=event.at,
            kind=LineKind.SENT,
            words=" ".join(filter(None, (then, why_this(verdict.stage)))),
            place=event.step,
            variant=verdict.variant,
        )

    def words_of(self, place: int) -> Rendered | None:
        """Return the text of the email at this place of the plan; None if it would not be sent."""
        for event in self.events:
            if isinstance(event, Judged) and event.step == place and isinstance(event.verdict, SendNow):
                return words_when_sent(
                    replace(self.known, facts=event.facts),
                    self.known.assignments[event.verdict.assignment],
                    event.verdict.stage,
                    event.verdict.variant,
                    now=event.at,
                    following=event.following,
                )
        return None


def rehearse_client(
    client: User, behavior: Behavior, *, weeks: int, now: dt.datetime, steps: Sequence[Step] | None = None
) -> ClientRehearsal:
    """Return what would happen to the emails that wait, if the client behaved like this from now on.

    With `steps`, or when nothing waits: as if a session had ended now, with these steps or the standard plan.
    Raises NoSession.
    """
    waits = [] if steps is not None else _of_latest_session(waiting_follow_ups(client, now=now))
    if waits:
        return _continued(client, waits, behavior, now=now, until=now + dt.timedelta(weeks=weeks))
    steps = steps_of(None, client) if steps is None else steps
    return _begun(client, steps, behavior, now=now, until=now + dt.timedelta(weeks=weeks))


def _of_latest_session(found: Sequence[FollowUp]) -> list[FollowUp]:
    """Return those of the latest session that has any, without one that is being sent already."""
    latest = max(found, key=lambda one: one.appointment.starts_at, default=None)
    return [
        one
        for one in found
        if latest
        and one.appointment_id == latest.appointment_id
        and not (one.stage and one.letter and one.letter.state == Letter.State.CLAIMED)
    ]


def _continued(
    client: User, waits: Sequence[FollowUp], behavior: Behavior, *, now: dt.datetime, until: dt.datetime
) -> ClientRehearsal:
    session = waits[0].appointment
    known = load_facts(session, client, steps=None, made_at=waits[0].made_at, now=now)
    letters = {one.place: one.letter for one in waits if one.letter}
    acts = happenings(behavior, known.plan, known.zone, start=now, until=until)
    events = rehearse(
        known.plan,
        known.facts,
        waiting={place: letter.due_at for place, letter in letters.items()},
        start=now,
        until=until,
        acts=[*acts, *sessions_over(_sessions_ahead(session, now))],
        replies=behavior.replies,
    )
    reasons = {one.place: (one.letter.reason if one.letter else "") or one.reason for one in waits}
    return ClientRehearsal(
        known=known, events=events, start=now, until=until, is_new=False, row_reasons=reasons
    )


def _begun(
    client: User, steps: Sequence[Step], behavior: Behavior, *, now: dt.datetime, until: dt.datetime
) -> ClientRehearsal:
    session = (
        Appointment.objects.filter(client=client)
        .took_place(now)
        .select_related("practitioner__user")
        .order_by("-starts_at")
        .first()
    )
    if session is None:
        raise NoSession(_("There has been no session yet, so no emails follow one."))
    known = load_facts(session, client, steps=steps, made_at=now, now=now)
    plan = Plan(key=KEY, session_ended_at=now, made_at=now, steps=tuple(steps))
    known = replace(known, plan=plan)
    acts = happenings(behavior, plan, known.zone, start=now, until=until)
    events = rehearse_new(
        plan,
        known.facts,
        now=now,
        until=until,
        acts=[*acts, *sessions_over(_sessions_ahead(session, now))],
        replies=behavior.replies,
    )
    return ClientRehearsal(known=known, events=events, start=now, until=until, is_new=True, row_reasons={})


def _sessions_ahead(session: Appointment, now: dt.datetime) -> list[dt.datetime]:
    """Return when the client's sessions after this one begin, and those begun less than 18 hours ago."""
    ahead = Appointment.objects.filter(client=session.client_id).exclude(pk=session.pk)
    return list(
        ahead.upcoming(max(session.starts_at, now - AFTER_SESSION)).values_list("starts_at", flat=True)
    )
