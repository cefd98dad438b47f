"""The task of our Celery app: in a worker with threads it takes its lane and keeps its time limits.

Where tasks run in the main thread of a process (a worker with processes, a test), there is one at a time
anyway, and Celery limits its time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from celery import Task
from celery.signals import worker_init, worker_shutting_down
from django.db import connections

from practice.mail.delivery import graceful_stop
from practice.worker.lanes import Lane
from practice.worker.time_limits import limited

log = structlog.get_logger(__name__)

PATIENCE = 40.0  # seconds for the email in hand: above the 30 of an SMTP conversation
TOOK_TOO_LONG = 70  # the exit code when a task does not end


def failed(name: str, error: Exception) -> None:
    """Write down that a task failed that had waited for its lane."""
    log.error("a task failed", task=name, exc_info=error)


LANES: dict[str, Lane] = {}
_making = threading.Lock()


def lane(queue: str) -> Lane:
    """Return the lane of a queue."""
    with _making:
        return LANES.setdefault(queue, Lane(failed))


class LaneTask(Task):
    """A task that runs alone in its lane. Its lane is the queue it came by."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Run it; or leave it to the one in the lane."""
        work = partial(self.run, *args, **kwargs)
        if self.request.called_directly or threading.current_thread() is threading.main_thread():
            return work()
        queue = (self.request.delivery_info or {}).get("routing_key") or self.app.conf.task_default_queue
        return lane(queue).do(self.name, partial(self.in_time, work))

    def in_time(self, work: Callable[[], None]) -> None:
        """Do the work within the task's time limits, and leave no connection open."""
        soft = self.soft_time_limit or self.app.conf.task_soft_time_limit
        hard = self.time_limit or self.app.conf.task_time_limit
        try:
            with limited(soft=soft, hard=hard, too_long=partial(end_process, self.name)):
                work()
        finally:
            connections.close_all()


def end_process(name: str) -> None:
    """End this process, once the email in hand has been sent: a task in it does not end."""
    log.critical("a task does not end: restarting the worker", task=name)
    close_lanes()
    lane("letters").wait_until_free(PATIENCE)
    os._exit(TOOK_TOO_LONG)


def close_lanes(**kwargs: Any) -> None:
    """Have every lane end after what it is doing, and every delivery after its present email."""
    graceful_stop.stop_all()
    for one in list(LANES.values()):
        one.close()


def begin(**kwargs: Any) -> None:
    """Begin anew: the worker that this one replaces was told to stop, and shared a byte with it."""
    graceful_stop.begin()


worker_init.connect(begin, weak=False)
worker_shutting_down.connect(close_lanes, weak=False)
