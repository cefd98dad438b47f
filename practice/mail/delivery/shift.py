"""What the senders of one process share, and how they take emails in hand one after another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from practice.mail.channels.lines import Lines
from practice.models import Letter


@dataclass
class Shift:
    """What the senders of one process share: the connections, the emails in hand, how many are done."""

    lines: Lines
    goes_on: Callable[[], bool] = lambda: True
    limit: int | None = None
    done: int = 0
    in_hand: list[Letter] = field(default_factory=list)
    counting: threading.Lock = field(default_factory=threading.Lock)

    def take(self, claim: Callable[[], Letter | None]) -> Letter | None:
        """Take an email in hand, one sender after another; None when there is none, or enough were taken."""
        with self.counting:
            enough = self.limit is not None and self.done + len(self.in_hand) >= self.limit
            letter = None if enough else claim()
            if letter is not None:
                self.in_hand.append(letter)
            return letter

    def exchange(
        self, letter: Letter, note: Callable[[Sequence[Letter] | None], Letter | None]
    ) -> Letter | None:
        """Put down an email that was sent, and take the next one in hand.

        `note`: notes the end of the first and claims another, beside those that stay in hand; given None,
        because enough were taken, it claims none. If it raises, the first one is still in hand.
        """
        with self.counting:
            enough = self.limit is not None and self.done + len(self.in_hand) >= self.limit
            others = [one for one in self.in_hand if one is not letter]
            following = note(None if enough else others)
            self.in_hand[:] = others if following is None else [*others, following]
            return following

    def put_down(self, letter: Letter) -> None:
        """Have an email in hand no more."""
        with self.counting:
            self.in_hand[:] = [one for one in self.in_hand if one is not letter]

    def count(self) -> None:
        """Count an email, or a lease, that was dealt with."""
        with self.counting:
            self.done += 1
