"""The practice of a run on its first day: three practitioners, what they offer, what can be given home."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from booking.testing import make_session_type, open_every_day
from portal.models import Exercise, Lesson
from portal.testing import make_exercise, make_lesson, make_recording
from practice.models import Practitioner, User
from practice.testing import make_practice, make_practitioner
from tools.year.diary import Diary, Person

#: Five zones: two change their clocks in March and November, one on other days, one never, one never again.
ZONES = ("America/Denver", "America/New_York", "America/Vancouver", "Europe/Berlin", "Asia/Tokyo")
BY_PHONE = "call"
FIRST_ADDRESS = "1184 Juniper Street, upstairs\nDenver, Colorado"
LENGTHS = {"session": 60, "call": 45}
PRICES = {"session": 9500, "call": 6000}
FREE_HOURS, LOCKED_HOURS, LATE_PERCENT = 24, 2, 50


@dataclass(frozen=True)
class House:
    """Who works here, and what they give home."""

    practitioners: tuple[Practitioner, ...]
    lessons: tuple[Lesson, ...]
    exercises: tuple[Exercise, ...]


def open_house() -> House:
    """Set it up: Tess and Jonah in Denver, each with a room; Iris by phone from Vancouver."""
    make_practice(address=FIRST_ADDRESS)
    tess = make_practitioner()
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)
    iris = make_practitioner("Iris Vale", role=User.Role.PRACTITIONER, order=2, zone="America/Vancouver")
    for one, opens, closes in ((tess, "09:00", "17:00"), (jonah, "10:00", "18:00"), (iris, "08:00", "16:00")):
        open_every_day(one, opens, closes)
    make_session_type(tess, jonah, step=15, buffer_after=15, notice_hours=2, horizon_days=90)
    make_session_type(
        iris,
        slug=BY_PHONE,
        name="Call",
        minutes=LENGTHS["call"],
        price_cents=PRICES["call"],
        step=15,
        place="phone",
        notice_hours=2,
        horizon_days=90,
    )
    lessons = tuple(
        make_lesson(slug, title=title) for slug, title in (("floor", "On the floor"), ("ribs", "The ribs"))
    )
    for number, lesson in enumerate(lessons):
        make_recording(lesson, content=f"sound {number}".encode() * 50)
    return House((tess, jonah, iris), lessons, (make_exercise("tilt"), make_exercise("arch")))


def make_people(diary: Diary, number: int, random: Random) -> list[Person]:
    """Return the clients to come, each with a word of their own; none has been here yet."""
    people = []
    for one in range(number):
        mark = f"Zq{random.getrandbits(40):010x}"
        zone = ZONES[one % len(ZONES)] if one % 2 else ZONES[0]
        people.append(Person(mark, f"{mark} Hill", f"{mark.lower()}@example.com", zone))
    diary.people |= {person.address: person for person in people}
    return people
