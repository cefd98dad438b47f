"""Reasons for refusing a start: a code and the values its sentence needs (see `availability/wording.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from practice.core.clock import AmbiguousTime, NonexistentTime

# Every code, with the params it carries. Instants are aware datetimes in UTC; `zone` is the
# practitioner's ZoneInfo; minutes are whole numbers. In the order in which the rules are asked.
RULES: Mapping[str, tuple[str, ...]] = {
    # From the clock, before there is an instant to judge (see `of_clock`).
    "nonexistent_time": ("wall", "zone", "candidates"),
    "ambiguous_time": ("wall", "zone", "candidates"),
    # From `judge`. `earliest`, `latest`: the first or last instant that rule would allow.
    "who": ("who", "asker"),  # for whom it is, and what is known of the asker
    "past": ("start", "now"),
    "notice": ("start", "notice", "earliest"),
    "horizon": ("start", "horizon", "latest"),
    "closed": ("start", "zone", "date", "by"),  # by: "closure" or "weekly"
    "outside_hours": ("start", "zone", "date"),
    "past_closing": ("start", "zone", "end", "closes"),
    "buffer_outside_hours": ("start", "zone", "before", "after"),  # only with buffers_inside_hours
    "taken": ("start", "end", "busy_start", "busy_end"),  # without saying whose time it is
    "buffer": ("start", "end", "busy_start", "busy_end", "minutes"),  # minutes that must lie between
    "daily_limit": ("start", "zone", "date", "limit"),
    "off_grid": ("start", "zone", "step"),  # step: minutes, or None for back-to-back
    # What is left free on that side ("before", "after"), and the shortest session, for which it is too short.
    "gap": ("start", "side", "minutes", "shortest"),
    # Only from `why_none`, about a whole range (beside who, past, notice, horizon, daily_limit, off_grid).
    "range_empty": ("first", "until"),
    "notice_beyond_horizon": ("notice", "horizon"),  # the two rules exclude each other
    "closed_throughout": ("first", "until", "zone", "by"),
    "too_short": ("first", "until", "minutes"),  # open, but never long enough
    "fully_booked": ("first", "until"),
    "only_gaps": ("first", "until", "shortest"),  # what is free would leave gaps too short for a session
    "several": ("refusals",),  # tuple of Refusal, one per rule
}


@dataclass(frozen=True)
class Refusal:
    """A rule that refuses a start, and the values its sentence needs (see `RULES`)."""

    rule: str
    params: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Check the params against `RULES`: a sentence must never miss one. Raises TypeError."""
        if set(self.params) != set(RULES[self.rule]):
            raise TypeError(f"{self.rule} carries {RULES[self.rule]}, not {tuple(self.params)}")
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the codes of all rules named; more than one only for what `why_none` found together."""
        if self.rule == "several":
            return tuple(refusal.rule for refusal in self.params["refusals"])
        return ("notice", "horizon") if self.rule == "notice_beyond_horizon" else (self.rule,)


#: Reasons for a range without a start, from those nobody can change to those a call might.
FARTHEST_FIRST = (
    *("range_empty", "who", "past", "horizon", "closed_throughout", "too_short", "off_grid"),
    *("notice_beyond_horizon", "daily_limit", "fully_booked", "only_gaps", "notice"),
)
DayWord = Literal["past", "later", "closed", "short", "full", "soon"]
#: One word for each day of a month. With several reasons, the one nearest to a start is used.
DAY_WORDS: Mapping[str, DayWord] = {
    "past": "past",
    "horizon": "later",
    "closed_throughout": "closed",
    "daily_limit": "full",
    "fully_booked": "full",
    "only_gaps": "full",
    "notice": "soon",
}


def nearness(refusal: Refusal) -> int:
    """Return how close a range came to having a start, by its closest reason (a reason of `why_none`)."""
    return max(FARTHEST_FIRST.index(rule) for rule in refusal.rules)


def day_word(refusal: Refusal) -> DayWord:
    """Return the reason that leaves a day without a start, in one word."""
    return DAY_WORDS.get(FARTHEST_FIRST[nearness(refusal)], "short")


def of_clock(error: NonexistentTime | AmbiguousTime) -> Refusal:
    """Return the refusal for a wall time that does not exist or comes twice."""
    rule = "nonexistent_time" if isinstance(error, NonexistentTime) else "ambiguous_time"
    return Refusal(rule, {"wall": error.wall, "zone": error.zone, "candidates": error.candidates})
