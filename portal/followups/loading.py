"""Loading a client's rows as follow-up facts at one moment, in a fixed number of queries.

All reads go through an index and a window, so that years of history cost nothing. No health field is read:
that pain rose stands beside them as a code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from booking.models import Appointment
from portal.followups import client_rows
from portal.followups.engine.facts import DeliveryWindow, Facts, Plan, PracticeEntryFact, Prompt, Step
from portal.followups.engine.reasons import Reason
from portal.followups.engine.when import AFTER_SESSION, zone_or
from portal.followups.wording import kept, sentence
from portal.models import Assignment, ClientProfile
from practice.core.reasons import Reasons
from practice.mail import suppression
from practice.models import Letter, User
from practice.models import Practice as Business
from practice.queries import practice_zone, the_practice, wants_letters

log = structlog.get_logger(__name__)
State = Letter.State

WINDOW = timedelta(weeks=8)  # a plan ends after six


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """The plan of a session and the facts about its client, with the rows an email is made of."""

    appointment: Appointment
    client: User
    page: ClientProfile
    business: Business
    plan: Plan
    facts: Facts
    assignments: Mapping[str, Assignment]

    @property
    def zone(self) -> ZoneInfo:
        """Return the client's time zone."""
        return self.facts.manner.zone

    def say(self, reason: Reason) -> str:
        """Return a reason as a sentence, with times in the client's zone and the practice's locale."""
        return sentence(reason, zone=self.zone, locale=self.business.locale)

    def kept(self, reason: Reason) -> Reasons:
        """Return a reason as a row keeps it, with the client's zone."""
        return kept(reason, zone=self.zone)


def steps_kept(appointment: Appointment) -> tuple[Step, ...]:
    """Return the steps of a session's plan as they were planned; the n-th is the one at place n."""
    rows = client_rows.STEPS.all(appointment=appointment.pk)
    return tuple(Step(days, at, stage, tuple(variants)) for days, at, stage, variants in rows)


def load_facts(
    appointment: Appointment,
    client: User,
    *,
    steps: Sequence[Step],
    made_at: datetime,
    now: datetime,
    apart_from: Letter | None = None,
) -> PlanFacts:
    """Load the facts at `now` for the plan of this session. `apart_from`: the email being judged."""
    business, page = the_practice(), client_rows.PAGE.first_object(client=client.pk)
    page = page or ClientProfile(user=client)
    assignments = {str(one.pk): one for one in live_assignments(client)}
    since = now - WINDOW
    facts = Facts(
        manner=delivery_window_of(client, page, business),
        active=client.is_active,
        bounced=suppression.cause_of(client.email or "") is not None,  # of a complaint the queue knows first
        consent=wants_letters(client),
        assignments=tuple(assignments),
        superseded=is_superseded(appointment),
        prompts=tuple(_prompts(client, now, apart_from)),
        practices=tuple(_practices(client, since, assignments)),
        questions=tuple(at for (at,) in client_rows.QUESTIONS.all(client=client.pk, since=since)),
        bookings=tuple(at for (at,) in client_rows.BOOKINGS.all(client=client.pk, since=since, now=now)),
        ticks=(page.answered_at,) if page.answered_at else (),
        paused_until=page.paused_until,
        next_session=_next_session(appointment, now),
    )
    plan = Plan(
        key=plan_key(appointment.pk),
        session_ended_at=appointment.ends_at,
        made_at=made_at,
        steps=tuple(steps),
    )
    return PlanFacts(
        appointment=appointment,
        client=client,
        page=page,
        business=business,
        plan=plan,
        facts=facts,
        assignments=assignments,
    )


def plan_key(appointment: int) -> str:
    """Return the name that facts use for the plan of a session."""
    return f"appointment:{appointment}"


def live_assignments(client: User) -> list[Assignment]:
    """Return the client's open assignments that can be opened, in the order of work."""
    return client_rows.ASSIGNMENTS.objects(client=client.pk)


def is_superseded(appointment: Appointment) -> bool:
    """Return whether a later session of this client was wrapped up: that one now decides on emails."""
    later = client_rows.LATER_SESSION.first(client=appointment.client_id, since=appointment.starts_at)
    return later is not None


def delivery_window_of(client: User, page: ClientProfile, business: Business) -> DeliveryWindow:
    """Return when a client may be written to; an unknown zone is logged without the person's name."""
    zone, warning = practice_zone(business), None
    if client.zone:
        zone, warning = zone_or(client.zone, zone)
    if warning:
        log.warning("follow-ups: unknown zone", user=client.pk, goes_by=zone.key)
    days = page.letter_weekdays if isinstance(page.letter_weekdays, list) else []
    return DeliveryWindow(
        zone=zone,
        quiet_from=_wall(business.quiet_from),
        quiet_until=_wall(business.quiet_until),
        weekdays=frozenset(day for day in days if type(day) is int and 0 <= day <= 6),
    )


def _wall(value: time | str) -> time:
    """Return a time, read from text where needed: an unsaved practice has its defaults as text."""
    return time.fromisoformat(value) if isinstance(value, str) else value


def _prompts(client: User, now: datetime, apart_from: Letter | None) -> Iterator[Prompt]:
    """Yield the latest encouraging emails that were sent, may have been sent, or are being sent.

    A follow-up that a sender has claimed counts once it was judged. One that may have been sent still counts
    when a person has left it as it is. Nobody knows when such an email was sent: its due time is near enough.
    """
    for row in client_rows.PROMPTS.all(client=client.pk, but=apart_from.pk if apart_from else 0):
        if prompt := as_prompt(row, now):
            yield prompt


def as_prompt(row: tuple[Any, ...], now: datetime) -> Prompt | None:
    """Return a row of `PROMPT_FIELDS` as a fact; None for one that is claimed and not judged yet."""
    kind, state, sent_at, due_at, appointment, place, stage, variant = row
    if state == State.CLAIMED and place is not None and not stage:
        return None
    return Prompt(
        at=sent_at or (now if state == State.CLAIMED else due_at),
        kind=kind,
        plan=plan_key(appointment) if appointment else "",
        step=place,
        stage=stage or "",
        variant=variant or "",
    )


def _practices(
    client: User, since: datetime, assignments: Mapping[str, Assignment]
) -> Iterator[PracticeEntryFact]:
    """Yield practice since `since`, and the newest rise of pain, however old, that nobody has cleared.

    A rise counts until its own entry is cleared: then it is none any more, whatever else stands open.
    """
    keys = {(one.lesson_id, one.exercise_id): key for key, one in assignments.items()}
    finished: set[int] = set()
    entries = client_rows.PRACTICE.all(client=client.pk, since=since)
    for pk, first, lesson, exercise, last_at, finished_at in entries:
        play = first or pk  # gone on with on another device, it is still one time
        yield PracticeEntryFact(
            at=last_at,
            assignment=keys.get((lesson, exercise), ""),
            finished=finished_at is not None and play not in finished,
        )
        if finished_at is not None:
            finished.add(play)
    for (at,) in client_rows.PAIN_ROSE.all(client=client.pk):
        yield PracticeEntryFact(at=at, worse=True)


def _next_session(appointment: Appointment, now: datetime) -> datetime | None:
    """Return when the first session after this one begins, or began within 18 h and is not wrapped up."""
    since = max(appointment.starts_at, now - AFTER_SESSION)
    found = client_rows.NEXT_SESSION.all(client=appointment.client_id, since=since, but=appointment.pk)
    return found[0][0] if found else None
