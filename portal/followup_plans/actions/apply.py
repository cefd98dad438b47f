"""Apply a changed plan to the emails that wait, as the preview showed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from portal.followup_plans.effect import SessionEffect
from portal.followups.engine.facts import FOLLOW_UP
from portal.followups.engine.plan import Planned
from portal.followups.engine.plan_change import Effect, EmailChange
from portal.followups.engine.reasons import Reason
from portal.followups.loading import PlanFacts
from portal.followups.queue import letter_of, write_row
from portal.models import FollowUp, FollowUpPlan
from practice.core import wall_time
from practice.mail.kinds import KINDS
from practice.models import Letter

State = Letter.State


def apply(found: Iterable[SessionEffect], *, plan: FollowUpPlan | None, now: dt.datetime) -> int:
    """Write these effects, with their clients locked, and return how many emails changed.

    `plan`: whose steps they are from now on.
    """
    done = 0
    for session in found:
        place = max(one.place for one in session.rows) + 1
        for change in session.changes:
            if change.row is not None:
                row = session.rows[change.row]
                done += _change(row, change, session.known, plan) and change.effect is not Effect.NONE
                continue
            known = replace(session.known, plan=replace(session.known.plan, steps=(change.step,)))
            write_row(known, Planned(0, change.after, change.reason), plan=plan, now=now, place=place)
            place, done = place + 1, done + 1
    return done


def still_waiting(follow_up: FollowUp, before: dt.datetime | None) -> dict[str, Any]:
    """Return the filter for an email that no sender has claimed and nothing has moved since it was read."""
    return {"pk": letter_of(follow_up).pk, "state": State.PLANNED, "due_at": before}


def _change(row: FollowUp, change: EmailChange, known: PlanFacts, plan: FollowUpPlan | None) -> bool:
    """Change one email that waits, and return whether it could be changed."""
    waiting = Letter.objects.filter(**still_waiting(row, change.before))
    if change.after is None:
        why = known.kept(change.reason)
        return bool(waiting.update(state=State.CANCELLED, why=why))
    keeps_why = letter_of(row).why != row.why and row.days == change.step.days
    fields = _times(row, change.after, known)
    if change.after != change.before:
        reason = Reason("moved_along", {"due": change.after}) if keeps_why else change.reason
        fields["why"] = known.kept(reason)
    if not waiting.update(**fields):
        return False
    row.plan, row.days, row.at = plan, change.step.days, change.step.at
    row.step_stage, row.step_variants = change.step.stage, list(change.step.variants)
    row.why = row.why if keeps_why else fields.get("why", row.why)
    row.save(update_fields=["plan", "days", "at", "step_stage", "step_variants", "why"])
    return True


def _times(row: FollowUp, due_at: dt.datetime, known: PlanFacts) -> dict[str, Any]:
    """Return the columns of an email that is due then."""
    lives = KINDS[FOLLOW_UP].lives_for
    return {
        "due_at": due_at,
        "due_wall": wall_time.wall_time_text(due_at, known.zone),
        "not_after": due_at + lives if lives else None,
    }
