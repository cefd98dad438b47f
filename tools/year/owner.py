"""The great events of a year, as the owner lives them: another address, new zone rules, closed days."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.tests.web_client import sent_by
from practice.testing import OLD_RULES
from tools.year.booking_people import Booker
from tools.year.house import BY_PHONE
from tools.year.session import Session
from tools.year.staff import NEW_ADDRESS, Staff, dashed

FOUND = 302
CHANGED = "America/Vancouver"
DETAILS, DAYS_OFF = "/workspace/practice/details/", "/workspace/practice/days-off/"


class Owner:
    """Tess, when she is not giving sessions."""

    def __init__(self, staff: Staff, bookers: list[Booker]) -> None:
        self.staff, self.bookers, self.world = staff, bookers, staff.world

    def standing(self) -> Iterator[tuple[Booker, Session]]:
        """Yield the sessions that are still to come, as their clients know them."""
        for booker in self.bookers:
            for session in booker.sessions.values():
                if session.stands and session.start > self.world.now:
                    yield booker, session

    def moves_house(self) -> None:
        """Enter another address, and have everybody told who is booked."""
        page = self.staff.opened("tess", DETAILS)
        self.staff.sent("tess", DETAILS, sent_by(page) | {"address": NEW_ADDRESS})
        self.staff.sent("tess", "/workspace/settings/new-address/", {"do": "tell"})
        booked = sorted({booker.person.address for booker, one in self.standing() if one.kind != BY_PHONE})
        self.world.diary.note(self.world.now, "new address", booked=booked)
        self.world.done["address of the practice changed"] += 1

    def has_new_rules(self) -> None:
        """Get new zone data; the sessions that no longer match the clocks keep the agreed hours."""
        agreed = [(*one, wall_time(one[1])) for one in self.standing() if one[1].practitioner == "iris"]
        read_zones_from(None)
        self.world.beat.tick("zones")
        answer = self.staff.sent("iris", "/workspace/clocks/", {})
        self.world.done[f"zone data updated ({answer.status_code})"] += 1
        for booker, session, wall in agreed:
            start = wall.replace(tzinfo=ZoneInfo(CHANGED)).astimezone(UTC)
            if start != session.start:
                session.start = start
                booker.tell("kept its hour", session, start=start)
                self.staff.expect(booker, session)

    def closes_days(self) -> None:
        """Close two days of somebody, cancel some of the sessions of these days, and leave the others."""
        person = self.staff.random.choice(self.staff.house.practitioners)
        zone = ZoneInfo(person.zone)
        first = (self.world.now + timedelta(days=self.staff.random.randint(3, 12))).astimezone(zone).date()
        last = first + timedelta(days=1)
        days = {"practitioner": person.slug, "first": str(first), "last": str(last)}
        made = self.staff.sent("tess", DAYS_OFF, days)
        if made.status_code != FOUND:
            self.world.done[f"days off refused ({made.status_code})"] += 1
            return
        since = datetime.combine(first, time(), tzinfo=zone)
        until = since + timedelta(days=2)
        there = [
            one
            for one in self.standing()
            if one[1].practitioner == person.slug and since <= one[1].start < until
        ]
        gone = [one for one in there if self.staff.random.random() < 0.7]
        choices = {f"to-{dashed(one.of)}": "leave" for _, one in there}
        choices |= {f"to-{dashed(one.of)}": "cancel" for _, one in gone}
        self.staff.sent("tess", made["Location"], {"do": "go", "word": "We are away.", **choices})
        self.world.diary.note(self.world.now, "days off", practitioner=person.slug, since=since, until=until)
        self.world.done["days closed"] += 1
        for booker, session in gone:
            session.stands = False
            booker.tell("canceled by the practice", session)

    def sells_package(self, booker: Booker) -> None:
        """Sell five sessions at once."""
        pk = self.world.id_of(booker.person)
        path = f"/workspace/clients/{pk}/packages/"
        page = self.staff.opened("tess", path)
        if page.status_code != 200 or booker.is_gone:
            return
        answer = self.staff.sent(
            "tess", path, sent_by(page) | {"sessions": "5", "price": "425", "how": "card"}
        )
        if answer.status_code == FOUND:
            kind = sent_by(page)["session_type"]
            self.world.diary.note(
                self.world.now, "package", booker.person.address, cents=42500, sessions=5, kind=kind
            )
        self.world.done[f"package sold ({answer.status_code})"] += 1


def wall_time(session: Session) -> datetime:
    """Return the hour that was agreed, on the clocks of the practitioner in Vancouver."""
    return session.start.astimezone(ZoneInfo(CHANGED)).replace(tzinfo=None)


def read_zones_from(folder: Iterable[str] | None) -> None:
    """Read the zone that changes from these data, or from our own again."""
    zoneinfo.reset_tzpath(to=list(folder or ()))
    zoneinfo.ZoneInfo.clear_cache(only_keys=[CHANGED])


@contextmanager
def zones_of_before() -> Iterator[None]:
    """Begin with the zone data of 2025b, in which Vancouver changes its clocks; end with our own."""
    read_zones_from([str(OLD_RULES)])
    try:
        yield
    finally:
        read_zones_from(None)
