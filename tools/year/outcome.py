"""What a run on one engine did and found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """A run. `cpu`: seconds of the processor; `looked`: how often each promise was looked at."""

    engine: str
    seed: int
    days: int
    clients: int
    cpu: float = 0.0
    done: Counter[str] = field(default_factory=Counter)
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    looked: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=dict)
