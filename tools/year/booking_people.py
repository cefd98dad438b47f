"""Clients who book, move, cancel, wait for a time and answer offers: over the API and the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse

from tools.year.diary import Person, Taken
from tools.year.house import BY_PHONE, LENGTHS, LOCKED_HOURS, PRICES
from tools.year.rows import asked, moment, uid_column
from tools.year.session import Session
from tools.year.world import Door, World

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
TRIES = 4
CREATED, FOUND, CONFLICT = 201, 302, 409
BY_EMAIL = r"/appointments/([0-9a-f]{32}-[^/\s]+)/"
MOVED, CANCELED, OFFERED = (
    r"/appointments/([^/]+)/\?moved",
    r"/appointments/([^/]+)/\?cancelled",
    r"/offers/[^/\s]+/",
)


class Booker:
    """One client at the booking pages. `expect`: called when a session has a time, or another one."""

    def __init__(
        self, world: World, person: Person, number: int, expect: Callable[[Booker, Session], None]
    ) -> None:
        self.world, self.person, self.expect = world, person, expect
        self.random = Random(f"{world.scale.seed}:{number}")
        self.door = Door(number + 1)
        self.phone = f"303 555 {self.random.randint(0, 9999):04}"
        self.sessions: dict[str, Session] = {}
        self.is_gone = False

    def begins(self) -> None:
        """Want a first session some day, the sooner the more often one comes."""
        until = min(self.world.scale.every, self.world.scale.days / 3)
        self.world.at(
            self.waking(self.world.now + self.random.uniform(0.1, until) * A_DAY), self.wants_session
        )

    def waking(self, when: datetime) -> datetime:
        """Return that day between seven and eleven in the evening of the practice, when people are awake."""
        morning = when.replace(hour=14, minute=0, second=0, microsecond=0)
        return morning + timedelta(seconds=self.random.randint(0, 15 * 3600))

    def wants_session(self) -> None:
        """Book a session, and want the next one some weeks later."""
        if self.is_gone:
            return
        gap = self.world.scale.every * self.random.uniform(0.5, 1.5) * A_DAY
        self.world.at(self.waking(self.world.now + gap), self.wants_session)
        kind = BY_PHONE if self.random.random() < 0.25 else "session"
        if self.random.random() < 0.15:
            self.waits_for(kind)
        else:
            self.looks_for(kind, self.books)

    def looks_for(
        self, kind: str, then: Callable[[str, dict[str, Any], int], None], left: int = TRIES
    ) -> None:
        """Look at the times of a week and take one of them."""
        first = (self.world.now + self.random.uniform(0.2, 12) * A_DAY).date()
        days = {"from": str(first), "to": str(first + 6 * A_DAY)}
        answer = self.door.get("/api/v1/slots", session_type=kind, tz=self.person.zone, **days)
        slots = json.loads(answer.content)["slots"] if answer.status_code == 200 else []
        wanted = [
            one for one in slots if one["practitioner"] != "jonah" or self.random.random() < 0.5
        ] or slots
        if wanted and left:
            then(kind, self.random.choice(wanted), left)
        else:
            self.waits_for(kind)

    def details(self) -> dict[str, Any]:
        """Return what is asked of who comes: the same each time."""
        return {"name": self.person.name, "email": self.person.address, "phone": self.phone}

    def books(self, kind: str, slot: dict[str, Any], left: int) -> None:
        """Book a time, by a program or by the pages."""
        wish = {"session_type": kind, "practitioner": slot["practitioner"], "start": slot["start"]}
        wish |= self.details() | {"tz": self.person.zone, "consent": True}
        if self.random.random() < 0.5:
            self.by_program(wish, self.world.key(), left)
        else:
            self.by_pages(wish, left)

    def by_program(self, wish: dict[str, Any], key: str, left: int) -> None:
        """Send the booking; without an answer, again with the same key."""

        def send() -> HttpResponse:
            return self.door.send("/api/v1/appointments", wish, **{"Idempotency-Key": key})

        if self.world.killed_over(send):
            self.world.after(self.random.uniform(1, 9), lambda: self.by_program(wish, key, left))
            return
        answer = send()
        if answer.status_code == CREATED:
            said = json.loads(answer.content)
            token = said["manage_url"].rstrip("/").rpartition("/")[2]
            self.booked(
                token, wish["session_type"], datetime.fromisoformat(said["start"]), said["practitioner"]
            )
        else:
            self.refused(answer, wish["session_type"], left)

    def by_pages(self, wish: dict[str, Any], left: int) -> None:
        """Keep a time, fill in the form and send it a minute later."""
        kind = wish["session_type"]
        names = ("start", "practitioner", "tz")
        answer = self.door.post(f"/book/{kind}/hold/", {name: wish[name] for name in names})
        if answer.status_code != FOUND:
            self.refused(answer, kind, left)
            return
        path = urlsplit(answer["Location"]).path
        if self.random.random() < 0.08:
            self.world.done["hold let go"] += 1
            return  # and never comes back: the hold ends by itself
        self.world.after(self.random.uniform(0.5, 8), lambda: self.sends_form(path, wish, left))

    def sends_form(self, path: str, wish: dict[str, Any], left: int) -> None:
        """Send the form of a kept time; without an answer, once more."""

        def send() -> HttpResponse:
            said = {name: wish[name] for name in ("name", "email", "phone", "tz")}
            return self.door.post(path, said | {"agree": "on"})

        if self.world.killed_over(send):
            self.world.after(self.random.uniform(0.1, 1), lambda: self.sends_form(path, wish, left))
            return
        answer = send()
        if answer.status_code == FOUND and (token := token_in(answer)):
            start = datetime.fromisoformat(wish["start"])
            self.booked(token, wish["session_type"], start, wish["practitioner"])
        else:
            self.refused(answer, wish["session_type"], left)

    def refused(self, answer: HttpResponse, kind: str, left: int) -> None:
        """Count why not, and look for another time if somebody else was first."""
        self.world.done[f"booking refused ({answer.status_code})"] += 1
        if answer.status_code == CONFLICT:
            self.looks_for(kind, self.books, left - 1)

    def booked(
        self, token: str, kind: str, start: datetime, practitioner: str, *, how: str = "booked"
    ) -> None:
        """Write down that a session is booked, and what may come of it."""
        of = token.partition("-")[0]
        session = self.sessions[of] = Session(of, token, kind, start, practitioner)
        self.tell(
            how, session, practitioner=practitioner, start=start, minutes=LENGTHS[kind], price=PRICES[kind]
        )
        self.expect(self, session)
        chance, ahead = self.random.random(), start - self.world.now
        if chance < 0.15:
            self.world.at(
                self.world.now + ahead * self.random.uniform(0.05, 0.9), lambda: self.moves(session)
            )
        elif chance < 0.3:
            self.world.at(
                self.world.now + ahead * self.random.uniform(0.05, 0.98), lambda: self.cancels(session)
            )

    def tell(self, what: str, session: Session, **facts: Any) -> None:
        """Write down what was done with a session."""
        self.world.diary.note(self.world.now, what, self.person.address, session.of, **facts)
        self.world.done[what] += 1

    def moves(self, session: Session) -> None:
        """Move the session to another time, if there is one."""
        if session.stands and not self.is_gone and session.start - self.world.now > A_DAY:
            self.looks_for(session.kind, lambda _kind, slot, _left: self.moves_to(session, slot), 1)

    def moves_to(self, session: Session, slot: dict[str, Any]) -> None:
        """Move it there; without an answer, once more."""
        if slot["practitioner"] != session.practitioner or not session.stands:
            return

        def send() -> HttpResponse:
            return self.door.post(f"/appointments/{session.token}/move/", {"start": slot["start"]})

        if self.world.killed_over(send):
            self.world.after(self.random.uniform(0.1, 5), lambda: self.moves_to(session, slot))
            return
        answer = send()
        if answer.status_code == FOUND and re.search(MOVED, answer["Location"]):
            session.start = datetime.fromisoformat(slot["start"])
            self.tell("moved", session, start=session.start)
            self.expect(self, session)
        else:
            self.world.done[f"move refused ({answer.status_code})"] += 1

    def cancels(self, session: Session) -> None:
        """Cancel; without an answer, once more, which may say that it is canceled already."""
        ahead = session.start - self.world.now
        if not session.stands or self.is_gone or ahead < timedelta(hours=LOCKED_HOURS) + A_MINUTE:
            return

        def send() -> HttpResponse:
            return self.door.post(f"/appointments/{session.token}/cancel/")

        if self.world.killed_over(send):
            self.world.after(self.random.uniform(0.1, 5), lambda: self.cancels(session))
            return
        answer = send()
        if answer.status_code in (FOUND, CONFLICT):
            session.stands = False
            self.tell("canceled", session, late=ahead < A_DAY)
            if answer.status_code == FOUND and self.random.random() < 0.1:
                self.world.after(2, lambda: self.brings_back(session))
        else:
            self.world.done[f"cancel refused ({answer.status_code})"] += 1

    def brings_back(self, session: Session) -> None:
        """Undo a cancel, two minutes after it."""
        answer = self.door.post(f"/appointments/{session.token}/bring-back/")
        if answer.status_code == FOUND and answer["Location"].endswith("?back"):
            session.stands = True
            self.tell("brought back", session)
            self.expect(self, session)
        else:
            self.world.done[f"bringing back refused ({answer.status_code})"] += 1

    def confirms(self, session: Session) -> bool:
        """Press the button on the page linked in the email, asked at the door; return whether that worked.

        By the page alone: whoever booked with a known address has not shown yet that it is theirs.
        """
        answer = self.door.post(f"/appointments/{session.by_email}/confirm/") if session.by_email else None
        worked = answer is not None and answer.status_code == FOUND
        self.world.done["confirmed at the door" if worked else "no email at hand at the door"] += 1
        return worked

    def waits_for(self, kind: str) -> None:
        """Join the waitlist for any day of the next three weeks."""
        last = self.world.now.date() + 21 * A_DAY
        wish = self.details() | {
            "practitioner": "any",
            "last_day": str(last),
            "tz": self.person.zone,
            "agree": "on",
        }
        answer = self.door.post(
            f"/book/{kind}/wait/", wish | {"weekdays": ["0", "1", "2", "3", "4", "5", "6"]}
        )
        if answer.status_code == 200:
            self.world.diary.note(self.world.now, "waits", self.person.address, kind=kind)
        self.world.done["joined the waitlist" if answer.status_code == 200 else "waitlist refused"] += 1

    def reads(self, email: Taken) -> None:
        """Read an email, and keep the links in it: an offer is answered within its hour, or not."""
        for token in re.findall(BY_EMAIL, email.text):
            if session := self.sessions.get(token.partition("-")[0]):
                session.by_email = token
        found = re.search(OFFERED, email.text)
        if found and not self.is_gone and self.random.random() < 0.7:
            self.world.after(self.random.uniform(2, 55), lambda: self.accepts(found[0]))

    def accepts(self, path: str) -> None:
        """Accept an offer."""
        answer = self.door.post(path, {"phone": self.phone})
        if answer.status_code != FOUND or not (token := token_in(answer)):
            self.world.done[f"offer refused ({answer.status_code})"] += 1
            return
        kind, start, practitioner = as_shown(token)
        self.booked(token, kind, start, practitioner, how="accepted an offer")


def token_in(answer: HttpResponse) -> str:
    """Return the token of the session's page to which an answer leads; "" for another page."""
    found = re.search(r"/appointments/([^/]+)/", answer["Location"])
    return found[1] if found else ""


def as_shown(token: str) -> tuple[str, datetime, str]:
    """Return type, start and practitioner of a session that was just accepted, which its page shows."""
    of = token.partition("-")[0]
    sql = (
        "SELECT t.slug, a.starts_at, p.slug FROM booking_appointment a "
        "JOIN booking_sessiontype t ON t.id = a.session_type_id "
        "JOIN practice_practitioner p ON p.id = a.practitioner_id WHERE a.uid = %s"
    )
    kind, start, practitioner = asked(sql, [uid_column(of)])[0]
    return kind, moment(start), practitioner
