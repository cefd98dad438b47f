"""Time limits for work in a thread. Celery's own need a process for each task, which they can kill."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery.exceptions import SoftTimeLimitExceeded


class Limit:
    """The limit of one piece of work, watched by a timer beside it."""

    def __init__(self, soft: float, hard: float, too_long: Callable[[], None]) -> None:
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._over = False
        self._hard, self._too_long = hard - soft, too_long
        self._timer = self._started(soft, self._interrupt)

    def end(self) -> None:
        """Note that the work has ended: from now on nothing interrupts its thread."""
        with self._lock:
            self._over = True
            self._timer.cancel()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), None)

    def _interrupt(self) -> None:
        """Raise SoftTimeLimitExceeded in the thread of the work, as soon as it runs Python again."""
        with self._lock:
            if self._over:
                return
            raised = ctypes.py_object(SoftTimeLimitExceeded)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), raised)
            self._timer = self._started(self._hard, self._give_up)

    def _give_up(self) -> None:
        if not self._over:
            self._too_long()

    @staticmethod
    def _started(seconds: float, then: Callable[[], None]) -> threading.Timer:
        timer = threading.Timer(seconds, then)
        timer.daemon = True
        timer.start()
        return timer


@contextmanager
def limited(*, soft: float, hard: float, too_long: Callable[[], None]) -> Iterator[None]:
    """Raise SoftTimeLimitExceeded in the block after `soft` seconds; call `too_long` if it lasts `hard`.

    `too_long` is called in another thread: nothing can end the block itself when it waits for something
    outside Python.
    """
    limit = Limit(soft, hard, too_long)
    try:
        yield
    finally:
        limit.end()
