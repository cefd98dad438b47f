"""The practice of a run: its clock, its doors, its mail server, and who writes down what happened."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from practice.models import User
from tools.year.agenda import Agenda, Deed
from tools.year.beat import TIMES_A_DAY, Beat
from tools.year.diary import Diary, Person, Taken
from tools.year.killing import dies_at
from tools.year.mail import YearsMailServer
from tools.year.scale import Scale

ORIGIN = {"origin": "http://localhost:8000", "host": "localhost"}
HALF_A_DAY = timedelta(hours=12)
JSON = "application/json"
LAST_STATEMENT = 90  # of a booking: among so many one is drawn at which the web process dies


class World:
    """What everybody in a run shares."""

    def __init__(self, scale: Scale, mail: YearsMailServer, travel_to: Callable[[datetime], None]) -> None:
        self.scale, self.mail, self.travel_to = scale, mail, travel_to
        self.random = Random(scale.seed)
        self.agenda, self.diary, self.done = Agenda(), Diary(), Counter[str]()
        self.beat = Beat(self.random, self.done, self.note_kill)
        self.web_to_kill = 0
        self.ids: dict[str, int] = {}
        self.reads: Callable[[Taken], object] = lambda _email: None

    @property
    def now(self) -> datetime:
        """Return the present instant of the run."""
        return timezone.now()

    def at(self, when: datetime, deed: Deed) -> None:
        """Have something done then; what has been missed, at once."""
        self.agenda.put(max(when, self.now), deed)

    def after(self, minutes: float, deed: Deed) -> None:
        """Have something done in so many minutes."""
        self.at(self.now + timedelta(minutes=minutes), deed)

    def note_kill(self) -> None:
        """Write down that a process was killed now."""
        self.diary.kills.append(self.now)

    def go_to(self, when: datetime) -> None:
        """Let the time pass until then, tick by tick."""
        while (due := self.beat.next_due()) is not None and due[0] <= when:
            self.travel_to(max(due[0], self.now))
            self.beat.tick(due[1])
            self.deliver_to_readers()
        self.travel_to(max(when, self.now))

    def deliver_to_readers(self) -> None:
        """Have everybody read what has just arrived."""
        before = len(self.diary.taken)
        self.mail.write_down(self.diary)
        for email in self.diary.taken[before:]:
            self.reads(email)

    def run_until(self, end: datetime) -> None:
        """Do what is on the agenda until then."""
        while (at := self.agenda.next_at) is not None and at <= end:
            self.go_to(at)
            self.agenda.take()()
        self.go_to(end)

    def rests_until(self, end: datetime) -> None:
        """Let the practice work until then, without anybody who asks for anything."""
        while self.now < end:
            self.go_to(min(end, self.now + HALF_A_DAY))
            for name in TIMES_A_DAY:
                self.beat.tick(name)
        self.deliver_to_readers()

    def killed_over(self, do: Callable[[], object]) -> bool:
        """Return whether a web process that was asked to do this was killed, if one is to be."""
        if not self.web_to_kill:
            return False
        self.web_to_kill -= 1
        killed = dies_at(self.random.randint(1, LAST_STATEMENT), do)
        self.done["web process killed over a request" if killed else "answer of the web process lost"] += 1
        if killed:
            self.note_kill()
        return True

    def id_of(self, person: Person) -> int:
        """Return the number of a client's record; 0 without one."""
        if person.address not in self.ids:
            found = User.objects.filter(email=person.address).values_list("pk", flat=True).first()
            if found is None:
                return 0
            self.ids[person.address] = found
        return self.ids[person.address]

    def key(self) -> str:
        """Return a name that only this run's seed makes."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


#: One for all doors: each would load the middleware anew.
HANDLER = ClientHandler(enforce_csrf_checks=False)


class Door:
    """A browser, or a program, with an address of its own in the network."""

    def __init__(self, number: int) -> None:
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        self.client = Client(headers=ORIGIN, REMOTE_ADDR=address)
        self.client.handler = HANDLER

    def get(self, path: str, **query: str) -> HttpResponse:
        """Open a page."""
        return cast(HttpResponse, self.client.get(path, query))

    def post(self, path: str, said: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        """Send a form."""
        return cast(HttpResponse, self.client.post(path, said or {}, headers=headers))

    def send(self, path: str, said: Any, **headers: str) -> HttpResponse:
        """Send JSON."""
        return cast(HttpResponse, self.client.post(path, said, content_type=JSON, headers=headers))
