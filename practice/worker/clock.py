"""The clock in a thread of the worker: `celery worker --clock FILE`. FILE: what was sent when.

Celery's own `--beat` starts another process for it.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import structlog
from celery import Celery, bootsteps
from celery.beat import Service
from click import Option

log = structlog.get_logger(__name__)
PATIENCE = 5.0  # seconds; the clock may wait for a broker that is away, and has nothing to lose


class Clock(bootsteps.StartStopStep):
    """The part of a worker that sends the ticks, where it was asked to."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, clock: str = "", **options: Any) -> None:
        super().__init__(parent, **options)
        self.enabled = bool(clock)
        self.service = Service(
            parent.app,
            schedule_filename=clock,
            remote_control=False,
            scheduler_cls=parent.app.conf.beat_scheduler,
        )
        self.thread = threading.Thread(target=self.tick, name="clock", daemon=True)

    def start(self, parent: Any) -> None:
        """Start sending ticks."""
        self.thread.start()

    def stop(self, parent: Any) -> None:
        """Send no more."""
        self.service.stop()
        self.thread.join(PATIENCE)

    def tick(self) -> None:
        """Send ticks until told to stop. If that fails, the worker ends, and is started again."""
        try:
            self.service.start()
        except Exception:
            log.critical("the clock failed: restarting the worker", exc_info=True)
            os.kill(os.getpid(), signal.SIGTERM)


def add_clock(app: Celery) -> None:
    """Give the worker's command line the option `--clock`."""
    app.user_options["worker"].add(
        Option(("--clock",), default="", help="Send the ticks too, and keep in this file what was sent when.")
    )
    app.steps["worker"].add(Clock)
