"""What a run on one engine did and found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a run on one engine did and found. `ends`: kind and end → how many; `faults`: broken promises."""

    engine: str
    seconds: float = 0.0
    storms: int = 0
    done: Counter[str] = field(default_factory=Counter)
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
