"""Loading a client's rows as follow-up facts at one moment, by one query, and what many clients share.

All reads go through an index and a window, so that years of history cost nothing. No health field is read:
that pain rose stands beside them as a code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
from portal.models import Assignment, ClientProfile, Exercise, Lesson
from practice.core.reasons import Reasons
from practice.mail import suppression
from practice.models import Letter, User
from practice.models import Practice as Business
from practice.models.written_queries import Answers
from practice.queries import practice_zone, read_once, the_practice

log = structlog.get_logger(__name__)
State = Letter.State

WINDOW = timedelta(weeks=8)  # a plan ends after six


@dataclass(frozen=True)
class Other:
    """A follow-up of the client, beside the one in question, that has not left.

    `judged`: it is being sent already.
    """

    letter: int
    appointment: int
    place: int
    due_at: datetime
    judged: bool


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """The plan of a session and the facts about its client, with the rows an email is made of.

    `others`: the client's follow-ups that wait or are being sent, the soonest first.
    """

    appointment: Appointment
    client: User
    page: ClientProfile
    business: Business
    plan: Plan
    facts: Facts
    assignments: Mapping[str, Assignment]
    others: tuple[Other, ...] = ()

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


def load_facts(
    appointment: Appointment,
    client: User,
    *,
    steps: Sequence[Step] | None,
    made_at: datetime,
    now: datetime,
    apart_from: Letter | None = None,
    address_is_marked: bool | None = None,
) -> PlanFacts:
    """Load the facts at `now` for the plan of this session.

    `steps`: None for those of its rows, as they were planned; the n-th is the one at place n. `apart_from`:
    the email being judged. `address_is_marked`: whether emails came back from the client's address; None: it
    is asked.
    """
    business, since = the_practice(), now - WINDOW
    found = client_rows.FACTS(
        client=client.pk,
        appointment=appointment.pk,
        since=since,
        sessions_since=min(since, appointment.starts_at),
        but=apart_from.pk if apart_from else 0,
    )
    page = next(iter(found.objects("page")), None) or ClientProfile(user=client)
    sessions: list[Appointment] = found.objects("sessions")
    assignments = {str(one.pk): one for one in _of_what_is_published(found.objects("assignments"))}
    if address_is_marked is None:
        address_is_marked = suppression.cause_of(client.email or "") is not None
    facts = Facts(
        manner=delivery_window_of(client, page, business),
        active=client.is_active,
        bounced=address_is_marked,  # of a complaint the queue knows first
        consent=bool(found.all("agreed")),
        assignments=tuple(assignments),
        superseded=any(_supersedes(one, appointment) for one in sessions),
        prompts=tuple(filter(None, (as_prompt(row, now) for row in found.all("prompts")))),
        practices=tuple(_practices(found, assignments)),
        questions=tuple(at for (at,) in found.all("questions")),
        bookings=tuple(at for one in sessions if (at := one.booked_at) and since <= at <= now),
        ticks=(page.answered_at,) if page.answered_at else (),
        paused_until=page.paused_until,
        next_session=_next_session(sessions, appointment, now),
    )
    plan = Plan(
        key=plan_key(appointment.pk),
        session_ended_at=appointment.ends_at,
        made_at=made_at,
        steps=tuple(_steps(found.all("steps")) if steps is None else steps),
    )
    return PlanFacts(
        appointment=appointment,
        client=client,
        page=page,
        business=business,
        plan=plan,
        facts=facts,
        assignments=assignments,
        others=tuple(
            Other(letter, session, place, due, state == State.CLAIMED and bool(stage))
            for letter, session, place, due, state, stage in found.all("waits")
            if letter != (apart_from and apart_from.pk)
        ),
    )


def _steps(rows: Iterable[tuple[Any, ...]]) -> Iterator[Step]:
    for days, at, stage, variants in rows:
        yield Step(days, at, stage, tuple(variants))


def plan_key(appointment: int) -> str:
    """Return the name that facts use for the plan of a session."""
    return f"appointment:{appointment}"


def live_assignments(client: User) -> list[Assignment]:
    """Return the client's open assignments that can be opened, in the order of work."""
    return list(_of_what_is_published(client_rows.ASSIGNMENTS.objects(client=client.pk)))


def _of_what_is_published(assignments: Sequence[Assignment]) -> Iterator[Assignment]:
    """Yield the assignments that can be opened, each with its lesson or exercise."""
    lessons = _rows_of(Lesson, {one.lesson_id for one in assignments})
    exercises = _rows_of(Exercise, {one.exercise_id for one in assignments})
    for one in assignments:
        one.lesson, one.exercise = lessons.get(one.lesson_id), exercises.get(one.exercise_id)
        if one.what.is_published:
            yield one


def _rows_of(model: type[Any], ids: Set[int | None]) -> dict[int | None, Any]:
    """Return the rows with these ids; what many clients have is read once (`read_once`)."""
    rows: dict[int | None, Any] = read_once(("rows", model), dict)
    if missing := ids - rows.keys() - {None}:
        rows.update(model.objects.in_bulk(missing))
    return rows


def is_superseded(appointment: Appointment) -> bool:
    """Return whether a later session of this client was wrapped up: that one now decides on emails."""
    since = appointment.starts_at
    later = client_rows.SESSIONS.objects(client=appointment.client_id, sessions_since=since)
    return any(_supersedes(one, appointment) for one in later)


def _supersedes(one: Appointment, appointment: Appointment) -> bool:
    return one.state == Appointment.State.COMPLETED and one.starts_at > appointment.starts_at


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


def as_prompt(row: tuple[Any, ...], now: datetime) -> Prompt | None:
    """Return a row of `PROMPT_FIELDS` as a fact; None for one that is claimed and not judged yet.

    A follow-up that a sender has claimed counts once it was judged. One that may have been sent still counts
    when a person has left it as it is. Nobody knows when such an email was sent: its due time is near enough.
    """
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


def _practices(found: Answers, assignments: Mapping[str, Assignment]) -> Iterator[PracticeEntryFact]:
    """Yield practice of the last weeks, and the newest rise of pain, however old, that nobody has cleared.

    A rise counts until its own entry is cleared: then it is none any more, whatever else stands open.
    """
    keys = {(one.lesson_id, one.exercise_id): key for key, one in assignments.items()}
    finished: set[int] = set()
    for pk, first, lesson, exercise, last_at, finished_at in found.all("practice"):
        play = first or pk  # gone on with on another device, it is still one time
        yield PracticeEntryFact(
            at=last_at,
            assignment=keys.get((lesson, exercise), ""),
            finished=finished_at is not None and play not in finished,
        )
        if finished_at is not None:
            finished.add(play)
    for (at,) in found.all("pain_rose"):
        yield PracticeEntryFact(at=at, worse=True)


def _next_session(
    sessions: Iterable[Appointment], appointment: Appointment, now: datetime
) -> datetime | None:
    """Return when the first session after this one begins, or began within 18 h and is not wrapped up."""
    since = max(appointment.starts_at, now - AFTER_SESSION)
    ahead = (one.starts_at for one in sessions if one.pk != appointment.pk and one.is_upcoming(since))
    return min(ahead, default=None)
