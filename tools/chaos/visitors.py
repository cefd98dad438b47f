"""A visitor who books one session after the other, and repeats a request that got no answer."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from booking.tests.processes.web_server import Web
from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN
from tools.chaos.due_emails import BOOKED_ONLINE

TEN = TUESDAY_AT_TEN.astimezone(ZoneInfo("America/Denver"))
FIRST_DAY, A_DAY, PAUSE, TRIES = 40, 9, 0.3, 200
CREATED = 201


class Visitors:
    """Who was told that a session is booked, and what other answers there were."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.told_booked: set[str] = set()
        self.other_answers: list[str] = []
        self.number = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Book while the block runs; return when the last request is answered."""
        done = threading.Event()
        thread = threading.Thread(target=self._book_until, args=(done,))
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _book_until(self, done: threading.Event) -> None:
        while not done.wait(PAUSE):
            self.number += 1
            self._book(f"vi{self.number}@example.com", done)

    def _book(self, address: str, done: threading.Event) -> None:
        """Ask for one session until there is an answer that counts."""
        day, hour = divmod(self.number, A_DAY)
        wish = {
            "session_type": BOOKED_ONLINE,
            "practitioner": "tess",
            "start": (TEN + dt.timedelta(days=FIRST_DAY + day, hours=hour)).isoformat(),
            "name": f"Vi{self.number}",
            "email": address,
            "consent": True,
        }
        key = uuid.uuid4().hex
        for _ in range(TRIES):
            try:
                status, answer = self.web.call("POST", "/api/v1/appointments", wish, key=key)
            except (OSError, ValueError):  # the process died over it, or something else answered
                status, answer = 0, ""
            if status == CREATED:
                self.told_booked.add(address)
                return
            if 400 <= status < 500:
                self.other_answers.append(f"{address}: {status} {answer}")
                return
            done.wait(PAUSE)
