"""Clients at home: lessons on two devices, some away from any network, words, and wishes about emails."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from random import Random
from typing import Any

from django.http import HttpResponse

from booking.tests.web_client import sent_by
from practice.models import User
from tools.year.booking_people import Booker
from tools.year.diary import Played, Taken
from tools.year.world import Door, World

LESSON, EXERCISE = "/portal/lessons/floor/", "/portal/exercises/tilt/"
PREFERENCES = "/portal/preferences/"
SECONDS = 1268  # of the lesson
CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.M)
UNSUBSCRIBE = re.compile(r"/email/[^/\s]+/")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FOUND, OVER = 302, 409


@dataclass
class Device:
    """A phone or a laptop: its session, and what it has not told yet."""

    door: Door
    number: int
    is_signed_in: bool = False


@dataclass
class Sitting:
    """A lesson on one device. `heard`: what was played since it began, and not told yet."""

    device: Device
    entry: str
    ticket: str
    place: float = 0.0
    seq: int = 0
    heard: list[Heard] = field(default_factory=list)


@dataclass(frozen=True)
class Heard:
    """A stretch that was played: from and to in seconds of the lesson, and by the clock."""

    seq: int
    start: float
    end: float
    rate: float
    since: datetime
    until: datetime


class AtHome:
    """One client between two sessions."""

    def __init__(self, world: World, booker: Booker, number: int) -> None:
        self.world, self.booker, self.person = world, booker, booker.person
        self.random = Random(f"{world.scale.seed}:{number}:home")
        self.devices = [Device(Door(100_000 + 2 * number + one), one) for one in range(2)]
        self.zeal = self.random.choice((0.0, 0.05, 0.15, 0.3))  # the chance of practicing on a day
        self.until = world.now

    @property
    def is_gone(self) -> bool:
        """Return whether they were erased, or asked for it."""
        return self.booker.is_gone

    def was_given(self) -> None:
        """Practice now and then in the six weeks after a session; and have a wish, sometimes."""
        if not any(one.who == self.person.address for one in self.world.diary.standing("chose a zone")):
            self.world.after(30, self.chooses_zone)
        begin, self.until = max(self.until, self.world.now), self.world.now + timedelta(days=42)
        for day in range((self.until - begin).days):
            if self.random.random() < self.zeal:
                self.world.at(self.booker.waking(begin + timedelta(days=day + 1)), self.practices)
        chance, then = self.random.random(), self.world.now + timedelta(days=self.random.uniform(0.5, 20))
        for most, wish in ((0.04, self.pauses), (0.06, self.asks), (0.08, self.does_exercise)):
            if chance < most:
                self.world.at(self.booker.waking(then), wish)
                break

    # --- Signing in ------------------------------------------------------------------------------------
    def open(self, device: Device, path: str) -> HttpResponse:
        """Open a page of the portal; sign in first, if need be."""
        answer = device.door.get(path)
        if is_sign_in(answer):
            self.sign_in(device)
            answer = device.door.get(path)
        return answer

    def send(self, device: Device, path: str, said: dict[str, Any]) -> HttpResponse:
        """Send JSON to the portal; sign in first, if need be."""
        answer = device.door.send(path, said)
        if is_sign_in(answer):
            self.sign_in(device)
            answer = device.door.send(path, said)
        return answer

    def sign_in(self, device: Device) -> None:
        """Sign in as a browser that remembers its passkey."""
        user = User.objects.filter(pk=self.world.id_of(self.person)).first()
        if user is not None:
            device.door.client.force_login(user)

    # --- A lesson ----------------------------------------------------------------------------------------
    def practices(self, device: Device | None = None) -> None:
        """Open the lesson and play some of it, online or not, sometimes on both devices."""
        if self.is_gone:
            return
        device = device or self.random.choice(self.devices)
        answer = self.open(device, LESSON)
        found = re.search(r'data-ticket="([^"]+)"', answer.content.decode())
        if answer.status_code != 200 or not found:
            self.world.done[f"lesson not opened ({answer.status_code})"] += 1
            return
        sitting = Sitting(device, self.world.key(), unescape(found[1]))
        online = self.random.random() < 0.65
        self.world.done["lesson played" if online else "lesson played offline"] += 1
        self.plays(sitting, self.random.randint(1, 7), tells=self.tells if online else None)
        if device is self.devices[0] and self.random.random() < 0.1:
            self.world.after(3, lambda: self.practices(self.devices[1]))
            self.world.done["two devices at once"] += 1

    def plays(self, sitting: Sitting, parts: int, *, tells: Callable[[Sitting], None] | None) -> None:
        """Play some minutes, rest a little, and go on."""
        rate = self.random.choice((1.0, 1.0, 1.0, 0.75, 1.25))
        seconds = round(min(self.random.uniform(40, 240), (SECONDS - sitting.place) / rate))
        if seconds < 5 or not parts:
            self.finishes(sitting, tells=tells)
            return
        since = self.world.now

        def heard() -> None:
            until = self.world.now
            end = round(sitting.place + seconds * rate, 2)
            sitting.heard.append(Heard(sitting.seq, sitting.place, end, rate, since, until))
            sitting.seq, sitting.place = sitting.seq + 1, end
            if tells:
                tells(sitting)
            rest = self.random.choice((0, 0, 1, 4))
            self.world.after(rest, lambda: self.plays(sitting, parts - 1, tells=tells))

        self.world.at(since + timedelta(seconds=seconds), heard)

    def tells(self, sitting: Sitting) -> None:
        """Tell what was played; a device whose answer is lost tells it again, with what comes next."""
        told = list(sitting.heard)

        def send() -> HttpResponse:
            return self.send(sitting.device, f"{LESSON}heard/", self.batch(sitting, told))

        if self.world.killed_over(send):
            return
        if self.accepted(send(), told, sitting):
            sitting.heard = [one for one in sitting.heard if one not in told]

    def batch(self, sitting: Sitting, told: list[Heard]) -> dict[str, Any]:
        """Return stretches as the player reports them: by the device's own clock, and how long ago."""
        now = self.world.now
        segments = [
            {
                "seq": one.seq,
                "start": one.start,
                "end": one.end,
                "rate": one.rate,
                "elapsed": (one.until - one.since).total_seconds(),
                "age": (now - one.until).total_seconds(),
            }
            for one in told
        ]
        return {"ticket": sitting.ticket, "entry": sitting.entry, "segments": segments}

    def accepted(self, answer: HttpResponse, told: list[Heard], sitting: Sitting) -> bool:
        """Return whether the practice has it, and write that down once for each stretch."""
        if answer.status_code != 200:
            self.world.done[f"stretches refused ({answer.status_code})"] += 1
            return False
        known = {(one.who, one.device, one.since) for one in self.world.diary.played}
        for one in told:
            mark = (self.person.address, sitting.device.number, one.since)
            if mark not in known:
                self.world.diary.played.append(Played(*mark, one.until, self.world.now))
        return True

    def finishes(self, sitting: Sitting, *, tells: Callable[[Sitting], None] | None) -> None:
        """Say how it was; or, away from any network, have the device tell it all some hours or days later."""
        if tells:
            if sitting.heard:
                tells(sitting)
            if self.random.random() < 0.4:
                self.writes(sitting.device)
            return
        self.world.after(60 * self.random.uniform(0.2, 80), lambda: self.comes_online(sitting))

    def comes_online(self, sitting: Sitting) -> None:
        """Tell what was kept: in parts, out of order, and some of it twice."""
        if self.is_gone or not sitting.heard:
            return
        middle = len(sitting.heard) // 2
        parts = [part for part in (sitting.heard[middle:], sitting.heard[:middle]) if part]
        for part in (*parts, *parts[:1]):
            self.accepted(
                self.send(sitting.device, f"{LESSON}heard/", self.batch(sitting, part)), part, sitting
            )
        self.world.done["queue of a device delivered late, twice, out of order"] += 1

    # --- Words, wishes, questions ----------------------------------------------------------------------
    def writes(self, device: Device) -> None:
        """Write what was noticed, and how much it hurts before and after."""
        page = self.open(device, LESSON)
        pain = self.random.randint(0, 6)
        rose = self.random.random() < 0.06
        words = {"pain_before": str(pain), "pain_after": str(pain + 3 if rose else max(0, pain - 1))}
        said = sent_by(page) | words | {"noticing": f"{self.person.mark} noticed the left side."}
        answer = device.door.post(f"{LESSON}words/", said)
        if answer.status_code == FOUND and rose:
            self.world.diary.note(self.world.now, "pain rose", self.person.address)
        self.world.done[
            "words written" if answer.status_code == FOUND else f"words ({answer.status_code})"
        ] += 1

    def does_exercise(self) -> None:
        """Do the exercise once."""
        if self.is_gone:
            return
        page = self.open(self.devices[0], EXERCISE)
        answer = self.devices[0].door.post(f"{EXERCISE}done/", sent_by(page))
        if answer.status_code == FOUND:
            self.world.diary.note(self.world.now, "exercise", self.person.address)
        self.world.done[f"exercise ({answer.status_code})"] += 1

    def asks(self) -> None:
        """Ask the practitioner something."""
        if self.is_gone:
            return
        self.open(self.devices[0], LESSON)
        answer = self.devices[0].door.post(
            f"{LESSON}ask/", {"question": f"{self.person.mark} asks: slower?", "at": ""}
        )
        if answer.status_code == FOUND:
            self.world.diary.note(self.world.now, "asked", self.person.address)
        self.world.done[f"question ({answer.status_code})"] += 1

    def chooses_zone(self) -> None:
        """Choose the zone by whose clock emails come: a booking's is not believed for good."""
        if self.is_gone:
            return
        page = self.open(self.devices[0], PREFERENCES)
        answer = self.devices[0].door.post(PREFERENCES, sent_by(page) | {"zone": self.person.zone})
        if answer.status_code == FOUND:
            self.world.diary.note(self.world.now, "chose a zone", self.person.address)
        self.world.done[f"time zone chosen ({answer.status_code})"] += 1

    def pauses(self) -> None:
        """Pause the emails for a week, two or four."""
        if self.is_gone:
            return
        weeks = self.random.choice((1, 2, 4))
        self.open(self.devices[0], PREFERENCES)
        answer = self.devices[0].door.post(PREFERENCES, {"do": f"pause-{weeks}"})
        if answer.status_code == FOUND:
            until = self.world.now + timedelta(weeks=weeks)
            self.world.diary.note(self.world.now, "paused", self.person.address, until=until)
        self.world.done[f"emails paused ({answer.status_code})"] += 1

    def reads(self, email: Taken) -> None:
        """Read an email between sessions: now and then its reader has had enough of them."""
        self.booker.reads(email)
        found = UNSUBSCRIBE.search(email.text)
        if email.can_unsubscribe and found and self.random.random() < 0.02:
            self.world.after(self.random.uniform(1, 600), lambda: self.unsubscribes(found[0]))

    def unsubscribes(self, path: str) -> None:
        """Press the mail program's own button, twice."""
        for _ in range(2):
            answer = self.booker.door.post(path, ONE_CLICK)
        if answer.status_code == 200:
            self.world.diary.note(self.world.now, "unsubscribed", self.person.address)
        self.world.done[f"unsubscribed ({answer.status_code})"] += 1


def is_sign_in(answer: HttpResponse) -> bool:
    """Return whether an answer asks to sign in."""
    return answer.status_code == 401 or (answer.status_code == FOUND and "/accounts/" in answer["Location"])


def as_json(answer: HttpResponse) -> Any:
    """Return what an answer says."""
    return json.loads(answer.content)
