"""PURE. A client and a follow-up plan as plain values. All instants are aware, in UTC."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FOLLOW_UP = "follow_up"  # the kind of email these plans send; other kinds count for the caps only
LAST_DAY = 42  # weekly to week 6, counted on the client's calendar from the day of the session
PAIN_RISE = 2  # of 10: more than the error of measurement in low back pain (Childs 2005)


@dataclass(frozen=True)
class Step:
    """One email of a plan: `days` after the session, at the wall time `at` in the client's zone.

    `stage`: whose text it has where that is true of the client; "": by what they did. `variants`: names of
    the texts that may be used; a stage of which none is named uses all of its own.
    """

    days: int
    at: time = time(9)
    stage: str = ""
    variants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.days <= LAST_DAY:
            raise ValueError(f"a step lies 1 to {LAST_DAY} days after the session")


# The next day, three days later, then weekly: prompts work for about three days (MacPherson 2019).
DEFAULT_STEPS = tuple(Step(days) for days in (1, 4, 11, 18, 25, 32, 39))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The follow-up plan of one session. Nothing is planned before `made_at`; `key` names the plan."""

    key: str
    session_ended_at: datetime
    made_at: datetime
    steps: tuple[Step, ...] = DEFAULT_STEPS


@dataclass(frozen=True, kw_only=True)
class DeliveryWindow:
    """The hours, weekdays and zone in which a client may be written to.

    The same time for both ends of the quiet hours means none. Weekday 0 is Monday; none named means any.
    """

    zone: ZoneInfo
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """An encouraging email that was sent.

    A follow-up also has its plan, step (its place in the plan), stage and variant of the text.
    """

    at: datetime
    kind: str = FOLLOW_UP
    plan: str = ""
    step: int | None = None
    stage: str = ""
    variant: str = ""


@dataclass(frozen=True, kw_only=True)
class PracticeEntryFact:
    """One practice entry; `at` is when it was last heard or done, pain is 0–10 or None."""

    at: datetime
    assignment: str = ""
    finished: bool = False
    pain_before: int | None = None
    pain_after: int | None = None
    worse: bool = False

    @property
    def pain_rose(self) -> bool:
        """Return whether pain rose afterward: by two or more, or in the client's own words."""
        if self.worse:
            return True
        if self.pain_before is None or self.pain_after is None:
            return False
        return self.pain_after >= self.pain_before + PAIN_RISE


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Facts about a client at the moment of judging, as the guards read them; tuples are in any order.

    `assignments`: keys of those still open, in the order of work. `bookings`: when the client booked.
    `ticks`: when the practitioner said "they answered". `next_session`: when the first session after the
    plan's own begins, until that one is wrapped up; one forgotten holds nothing back 18 h after it began.
    """

    manner: DeliveryWindow
    active: bool = True
    bounced: bool = False
    consent: bool = True
    assignments: tuple[str, ...] = ("first",)
    superseded: bool = False
    prompts: tuple[Prompt, ...] = ()
    practices: tuple[PracticeEntryFact, ...] = ()
    questions: tuple[datetime, ...] = ()
    bookings: tuple[datetime, ...] = ()
    ticks: tuple[datetime, ...] = ()
    pain_cleared_at: datetime | None = None
    paused_until: datetime | None = None
    next_session: datetime | None = None

    def answers(self) -> Iterator[datetime]:
        """Yield each time the client answered: practiced, asked, booked, or was ticked as having answered."""
        yield from (practice.at for practice in self.practices)
        yield from (*self.questions, *self.bookings, *self.ticks)

    def follow_ups(self) -> list[Prompt]:
        """Return the follow-ups sent so far, oldest first."""
        return sorted((p for p in self.prompts if p.kind == FOLLOW_UP), key=lambda prompt: prompt.at)

    def with_prompt(self, prompt: Prompt) -> "Facts":
        """Return a copy of the facts in which this email was sent as well."""
        return replace(self, prompts=(*self.prompts, prompt))


def last_answer(plan: Plan, facts: Facts) -> datetime:
    """Return when the client last answered; the session itself counts as an answer."""
    return max(plan.session_ended_at, *facts.answers(), plan.session_ended_at)


def unanswered(plan: Plan, facts: Facts) -> list[Prompt]:
    """Return the follow-ups sent since the client's last answer, oldest first."""
    since = last_answer(plan, facts)
    return [prompt for prompt in facts.follow_ups() if prompt.at > since]


def last_practice(plan: Plan, facts: Facts) -> datetime | None:
    """Return the last practice after the session, or None; earlier practice delays no email."""
    since = (practice.at for practice in facts.practices if practice.at > plan.session_ended_at)
    return max(since, default=None)


def pain_open_since(facts: Facts) -> datetime | None:
    """Return when pain last rose, or None when the practitioner has cleared it since."""
    rises = max((practice.at for practice in facts.practices if practice.pain_rose), default=None)
    if rises and facts.pain_cleared_at and rises <= facts.pain_cleared_at:
        return None
    return rises


def last_date(plan: Plan, zone: ZoneInfo) -> date:
    """Return the last day, on the client's calendar, on which this plan may write."""
    return plan.session_ended_at.astimezone(zone).date() + timedelta(days=LAST_DAY)
