"""Celery's scheduler, which sends ticks only while it may: with the lease, or if none is to be had."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from celery.beat import PersistentScheduler
from django.db import Error, close_old_connections, connection

from practice.worker.lease import LeaseAnswer, Step, give_back, next_step, take

log = structlog.get_logger(__name__)
NAP = 1.0  # seconds between two looks: a worker that is told to stop waits for its clock so long


class LeasedScheduler(PersistentScheduler):
    """A scheduler for several workers: `celery worker --clock FILE` and `celery beat` have it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.holder = uuid4()
        self.asked: LeaseAnswer | None = None
        self.told = ""
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send one tick that is due, if this clock may; return in how many seconds to call again."""
        now = time.monotonic()
        step = next_step(self.asked, now)
        if step is Step.ASK:
            self.asked = LeaseAnswer(now, self.may_tick())
            step = next_step(self.asked, now)
        if step is Step.WAIT:
            return NAP
        return min(super().tick(*args, **kwargs), NAP)

    def may_tick(self) -> bool:
        """Ask for the lease. True also when it can't be asked for: two clocks are harmless, none is not."""
        try:
            close_old_connections()
            ours = take(self.holder)
        except Error:
            self.say("the clock ticks without its lease, which the database does not answer", is_well=False)
            connection.close()
            return True
        self.say("the clock ticks here" if ours else "the clock ticks elsewhere; this one waits")
        return ours

    def apply_async(self, entry: Any, *args: Any, **kwargs: Any) -> Any:
        """Send a tick. If that fails, leave the lease for a while to one who may reach the broker."""
        try:
            return super().apply_async(entry, *args, **kwargs)
        except Exception:
            self.let_go()
            self.asked = LeaseAnswer(time.monotonic(), may_tick=False)
            raise

    def close(self) -> None:
        """Note what was sent when, and let another clock tick at once."""
        self.let_go()
        super().close()

    def let_go(self) -> None:
        """Give the lease back, if the database can be told; else it runs out."""
        with suppress(Error):
            give_back(self.holder)
        connection.close()

    def say(self, what: str, *, is_well: bool = True) -> None:
        """Write a line when it is news."""
        if what != self.told:
            self.told = what
            (log.info if is_well else log.warning)(what, exc_info=not is_well)
