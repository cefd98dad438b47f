"""Those who work here: they wrap sessions up, take the money, and give something home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.http import HttpResponse

from booking.tests.web_client import sent_by
from practice.models import User
from practice.testing import at_work
from tools.year.booking_people import Booker
from tools.year.house import House
from tools.year.session import Session
from tools.year.world import Door, World

FOUND = 302
NEW_ADDRESS = "77 Larkspur Lane\nDenver, Colorado"


class Staff:
    """The three of them. `given_home(booker)`: called when a client was given something to do at home."""

    def __init__(self, world: World, house: House, given_home: Callable[[Booker], None]) -> None:
        self.world, self.house, self.given_home = world, house, given_home
        self.random = Random(f"{world.scale.seed}:staff")
        self.doors = {one.slug: Door(250_000 + one.pk) for one in house.practitioners}
        self.tess = house.practitioners[0]
        self.sign_in()

    def sign_in(self) -> None:
        """Sign all of them in, with their second factor; they stay signed in for twelve hours."""
        for one in self.house.practitioners:
            at_work(User.objects.get(pk=one.user_id), self.doors[one.slug].client)

    def opened(self, slug: str, path: str, **query: str) -> HttpResponse:
        """Open a page at work; sign in first where the last sign-in is too long ago."""
        answer = self.doors[slug].get(path, **query)
        if answer.status_code == FOUND and "/accounts/" in answer["Location"]:
            self.sign_in()
            answer = self.doors[slug].get(path, **query)
        return answer

    def sent(self, slug: str, path: str, said: dict[str, Any]) -> HttpResponse:
        """Send a form at work."""
        answer = self.doors[slug].post(path, said)
        if answer.status_code == FOUND and "/accounts/" in answer["Location"]:
            self.sign_in()
            answer = self.doors[slug].post(path, said)
        return answer

    def expect(self, booker: Booker, session: Session) -> None:
        """Have a session wrapped up when it is over, if it still stands at that time."""
        start = session.start
        over = session.ends + timedelta(minutes=self.random.uniform(5, 90))
        self.world.at(over, lambda: self.wraps_up(booker, session) if session.start == start else None)

    def wraps_up(self, booker: Booker, session: Session) -> None:
        """Write and sign what was done, give something home, and take the money; or note an absence."""
        came = self.random.random() > 0.06
        how = self.random.choice(("cash", "card", "later")) if came else "later"
        self.signs(booker, session, came=came, how=how)

    def signs(self, booker: Booker, session: Session, *, came: bool, how: str, cents: int = 0) -> None:
        """Sign the wrap-up; without an answer, look whether it is signed, and sign it else.

        `cents`: what was taken with a wrap-up that got no answer.
        """
        if not session.stands or session.is_wrapped_up or booker.is_gone:
            return
        page = f"/workspace/appointments/{dashed(session.of)}/wrap-up/"
        answer = self.opened(session.practitioner, page)
        if answer.status_code == FOUND and answer["Location"].endswith("/note/"):
            self.is_signed(booker, session, came=came, how=how, cents=cents)
            return
        if answer.status_code == FOUND and self.is_closed(session):
            if not booker.confirms(session):
                self.asks_the_owner(booker, session)
            answer = self.opened(session.practitioner, page)
        if answer.status_code != 200:
            self.world.done[f"wrap-up refused ({answer.status_code})"] += 1
            return
        said = sent_by(answer) | {"came": "yes" if came else "no", "letters": "yes", "foundation": "Quiet."}
        cents = in_cents(said.get("pay-amount", ""))
        if not cents:
            how = "later"  # all was paid before, or a package pays: nothing is asked
        elif "Package, " in answer.content.decode() and came:
            how = "package"
        said |= {"pay-how": how, "what_0": "lesson:floor", "what_1": "exercise:tilt", "what_2": ""}
        said["plan"] = "After breakfast."

        def send() -> HttpResponse:
            return self.sent(session.practitioner, page, said)

        if self.world.killed_over(send):
            self.world.after(1, lambda: self.signs(booker, session, came=came, how=how, cents=cents))
            return
        if (signed := send()).status_code == FOUND:
            self.is_signed(booker, session, came=came, how=how, cents=cents)
        else:
            self.world.done[f"wrap-up refused ({signed.status_code})"] += 1

    def is_closed(self, session: Session) -> bool:
        """Return whether the session's page says that the record is not open until its client confirms.

        The record of somebody whom only a colleague has seen, when the session was booked with their address.
        """
        said = self.opened(session.practitioner, f"/workspace/appointments/{dashed(session.of)}/")
        return "This record is not open to you yet" in said.content.decode()

    def asks_the_owner(self, booker: Booker, session: Session) -> None:
        """Have the owner let the practitioner open the record, since its client has no email at hand."""
        page = f"/workspace/clients/{self.world.id_of(booker.person)}/permit/"
        answer = self.sent("tess", page, {"practitioner": session.practitioner, "days": "7"})
        self.world.done[f"record opened by the owner ({answer.status_code})"] += 1

    def is_signed(self, booker: Booker, session: Session, *, came: bool, how: str, cents: int) -> None:
        """Write down what was signed. `cents`: what the page asked for, which was taken if it was paid."""
        session.is_wrapped_up = True
        taken = cents if came and how in ("cash", "card") else 0
        booker.tell("came" if came else "stayed away", session, how=how, cents=taken)
        if came:
            self.given_home(booker)


def in_cents(shown: str) -> int:
    """Return a sum as its field shows it, in cents; 0 for an empty one."""
    return round(float(shown or 0) * 100)


def dashed(of: str) -> str:
    """Return a uid as addresses of the workspace have it."""
    return f"{of[:8]}-{of[8:12]}-{of[12:16]}-{of[16:20]}-{of[20:]}"
