"""Why a start is refused: a code and what the sentence needs. The words are made at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Every code, with the params it carries. Instants are aware datetimes in UTC; `zone` is the
# practitioner's ZoneInfo; minutes are whole numbers. In the order in which the rules are asked.
RULES: Mapping[str, tuple[str, ...]] = {
    # From the clock, before there is an instant to judge (see `of_clock`).
    "nonexistent_time": ("wall", "zone", "candidates"),
    "ambiguous_time": ("wall", "zone", "candidates"),
    # From `judge`. `earliest`, `latest`: the first or last instant that rule would allow.
    "past": ("start", "now"),
    "notice": ("start", "notice", "earliest"),
    "horizon": ("start", "horizon", "latest"),
    "closed": ("start", "zone", "date", "by"),  # by: "closure" or "weekly"
    "outside_hours": ("start", "zone", "date"),
    "past_closing": ("start", "zone", "end", "closes"),
    "buffer_outside_hours": ("start", "zone", "before", "after"),  # only with buffers_inside_hours
    "taken": ("start", "end", "busy_start", "busy_end"),  # whose time it is stays unsaid
    "buffer": ("start", "end", "busy_start", "busy_end", "minutes"),  # minutes that must lie between
    "daily_limit": ("start", "zone", "date", "limit"),
    "off_grid": ("start", "zone", "step"),  # step: minutes, or None for back-to-back
    # Only from `why_none`, about a whole range.
    "notice_beyond_horizon": ("notice", "horizon"),  # the two rules exclude each other
    "range_empty": ("first", "until"),
    "too_short": ("minutes",),  # open, but never long enough
    "fully_booked": ("first", "until"),
    "several": ("refusals",),  # tuple of Refusal, one per rule, in the order above
}


@dataclass(frozen=True)
class Refusal:
    """The rule that refuses, and what its sentence needs (see `RULES`)."""

    rule: str
    params: Mapping[str, Any] = field(default_factory=dict)
