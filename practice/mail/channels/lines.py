"""The open connections of one process, one for each channel."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from types import TracebackType

from practice.mail.channels.table import transport_of
from practice.mail.channels.transport import Line
from practice.models import Letter


class Lines:
    """Connections, each opened at the first letter of its channel, kept for the next, and closed together.

    `turn`: held by the sender that uses them. `silent`: the channels whose server does not answer.
    """

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.silent: set[str] = set()
        self.open: dict[str, Line] = {}
        self.stack = ExitStack()

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stack.__exit__(kind, error, at)

    def send(self, letter: Letter) -> None:
        """Send a letter over its channel. Raises NoAnswer, Later, Refused or Unsure."""
        if letter.channel not in self.open:
            self.open[letter.channel] = self.stack.enter_context(transport_of(letter).line())
        self.open[letter.channel].send(letter)
