"""Graceful stop of senders: a sender that must stop finishes its email, or nobody knows whether it went."""

from __future__ import annotations

import mmap
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# One byte that a worker's main process and its children share (they are forks): the main process is told to
# stop, the children do the work.
_told = mmap.mmap(-1, 1)


def begin() -> None:
    """Forget what the program was told that this one was forked from, and its other forks with it.

    `up` forks a worker in place of one that ended: told to stop like that one, it would send nothing.
    """
    global _told  # noqa: PLW0603  (a byte of its own; whoever is forked from now on shares it)
    _told = mmap.mmap(-1, 1)


def stop_all() -> None:
    """Make every delivery of this process and of its forks end after its present email."""
    _told[0] = 1


@contextmanager
def until_stopped() -> Iterator[Callable[[], bool]]:
    """Yield a function that is true after SIGTERM or SIGINT, which do not kill meanwhile. Not in threads.

    `systemctl stop`, Docker and process managers signal the whole group, children too.
    """
    here = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        here.set()

    def told() -> bool:
        return here.is_set() or _told[0] == 1

    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
