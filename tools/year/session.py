"""A session as those know it who come to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.year.house import LENGTHS


@dataclass
class Session:
    """A session as its client knows it. `token`: of its page; `by_email`: the one in an email."""

    of: str
    token: str
    kind: str
    start: datetime
    practitioner: str
    stands: bool = True
    is_wrapped_up: bool = False
    by_email: str = ""

    @property
    def ends(self) -> datetime:
        """Return when it is over."""
        return self.start + timedelta(minutes=LENGTHS[self.kind])
