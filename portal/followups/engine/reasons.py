"""PURE. Reasons for sending, moving or canceling a follow-up: a code and the parameters of its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

# Every code, with the params it carries. Instants are aware; `due` is when the email is judged again. The
# guards stand in the order in which they are asked. The words are made in `portal/followups/wording.py`.
CODES: Mapping[str, tuple[str, ...]] = {
    # Judged before all guards: was this email sent already?
    "already_sent": ("at",),
    # Called off.
    "inactive": (),
    "bounced": (),
    "no_consent": (),
    "assignment_ended": (),
    "superseded": (),  # a later session was wrapped up, with emails of its own or with none
    "plan_over": ("last",),  # last: the last date on which this plan may write
    "pain_rose": ("at",),
    "no_answer": ("count", "since"),
    "silence": ("at",),  # "still useful?" was asked then, and there was no answer
    # Moved, called off, moved: as the order has it.
    "playing": ("at", "due"),
    "practised": ("at", "due"),
    "session_near": ("starts",),
    "just_booked": ("at", "due"),
    "paused": ("until", "due"),
    "too_soon": ("session", "due"),
    "quiet_hours": ("begins", "ends", "due"),
    "weekday": ("weekday", "due"),
    "spacing": ("at", "due"),  # a follow-up went then
    "cap_day": ("at", "due"),  # encouragement of any kind went then
    "cap_week": ("at", "due"),  # the older of two within seven days
    # What becomes of a move that leads too far. `because`: the Reason that moved it.
    "overtaken": ("because", "next"),
    "moved_past_end": ("because", "last"),
    # Not from the guards.
    "worker_away": ("due", "next"),  # a later email to the same client was due as well
    "past_date": ("due",),
    "as_planned": ("days",),
    "moved_along": ("due",),  # held back before; they prefer another hour, zone or weekday since
    "unknown_zone": ("name", "zone"),
    "plan_changed": (),  # somebody at work changed the plan, and this email is no longer in it
}


@dataclass(frozen=True)
class Reason:
    """A code, and the parameters its sentence needs (see `CODES`)."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the parameters against `CODES`: raises TypeError where one is missing or unknown."""
        if set(self.params) != set(CODES[self.code]):
            raise TypeError(f"{self.code} carries {CODES[self.code]}, not {tuple(self.params)}")
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))
