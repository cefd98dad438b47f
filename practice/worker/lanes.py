"""Lanes: work of one kind is done one after the other, and never takes more than one thread.

Who brings work to a busy lane leaves it there and goes on; the one in the lane does it
afterward. So a recording that is processed for twenty minutes takes one thread, and the others send emails.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

Work = Callable[[], None]


class Lane:
    """One lane. `failed` is told the name and the error of work that was left here and failed."""

    def __init__(self, failed: Callable[[str, Exception], None]) -> None:
        self._failed = failed
        self._changed = threading.Condition()
        self._waiting: dict[str, Work] = {}
        self._driver: int | None = None
        self._closed = False

    def do(self, name: str, work: Work) -> None:
        """Do the work now; or leave it to the one in the lane. Raises what the work raises, when done now.

        Work of a name that waits already is forgotten: a tick is worth no more than the one before it.
        """
        with self._changed:
            if self._driver is not None:
                if not self._closed:
                    self._waiting.setdefault(name, work)
                return
            self._driver = threading.get_ident()
        try:
            work()
        finally:
            self._do_what_waits()

    def close(self) -> None:
        """Forget what waits, and take no more of it: what is being done is the last."""
        with self._changed:
            self._closed = True
            self._waiting.clear()

    def wait_until_free(self, seconds: float) -> bool:
        """Wait until nobody is in the lane; return whether that came to pass."""
        with self._changed:
            return self._changed.wait_for(lambda: self._driver is None, seconds)

    @property
    def is_mine(self) -> bool:
        """Whether the thread that asks is in the lane."""
        return self._driver == threading.get_ident()

    def _do_what_waits(self) -> None:
        while following := self._next():
            name, work = following
            try:
                work()
            except Exception as error:  # noqa: BLE001  (whatever it is, the next must have its turn)
                self._failed(name, error)

    def _next(self) -> tuple[str, Work] | None:
        """Take the work that waits longest; where none waits, leave the lane."""
        with self._changed:
            if self._waiting:
                name = next(iter(self._waiting))
                return name, self._waiting.pop(name)
            self._driver = None
            self._changed.notify_all()
            return None
