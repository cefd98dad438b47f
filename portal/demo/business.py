"""The demo's business, Juniper Street: the practice, its rooms and people, session types and hours."""

from __future__ import annotations

import datetime as dt

from booking.models import Closure, OpeningHours, Place, SessionType
from practice.core.clock import zone_named
from practice.models import Practice, Practitioner, Room, User

ZONE = "America/Denver"
CONSENT = (
    "I am coming of my own choice, will say so if anything is too much, and understand that this is no "
    "substitute for medical care."
)
APPROACH_TITLE = "We work from the ground up"
APPROACH = """## The foundation

First the pelvis and the sacrum, the stone the spine stands on. We look at how they move, and how they
would like to.

## The low back

Then the five vertebrae that carry you through the day, one by one, without hurry and without force.

## Everything that pulls on it

A stiff ankle, a held breath, a shoulder that never comes down. The back hears them all, so we ask them all.
"""
TESS_BIO = (
    "I was a carpenter before I did this work. A floor taught me most of what I know: if the joists are "
    "level, the boards look after themselves. I cannot promise you a back without pain. I can promise that "
    "we look at the whole house, and that you take something home to do."
)
JONAH_BIO = "He carried mail for nine years, on one shoulder, until a colleague looked at his feet."
MORNING_AND_AFTERNOON = (("08:30", "12:00"), ("13:00", "17:30"))
LATER_DAY = (("09:30", "13:00"), ("14:00", "18:00"))


def make_practice() -> Practice:
    """Create the practice."""
    practice = Practice(
        name="Juniper Street Myopractic",
        address="1184 Juniper Street, upstairs\nDenver, Colorado",
        phone="303 555 0142",
        email="hello@juniper.example",
        zone=ZONE,
        standfirst=(
            "A small bodywork practice in Denver. A free audio lesson for the low back, and sessions with "
            "Tess Marlow and Jonah Reyes."
        ),
        headline="Start on\nthe floor.",
        introduction="A blanket, a quiet voice and some time for a sore or tired low back.",
        approach_title=APPROACH_TITLE,
        approach=APPROACH,
        treatment_consent=CONSENT,
        is_demo=True,
    )
    practice.save()
    return practice


def make_practitioners() -> tuple[Practitioner, Practitioner]:
    """Create Tess, who owns the practice, and Jonah."""
    tess = User.objects.create_user(
        "tess@juniper.example", name="Tess Marlow", role=User.Role.OWNER, zone=ZONE, is_demo=True
    )
    jonah = User.objects.create_user(
        "jonah@juniper.example", name="Jonah Reyes", role=User.Role.PRACTITIONER, zone=ZONE, is_demo=True
    )
    front, back = (Room.objects.create(name=name) for name in ("Front room", "Back room"))
    return (
        Practitioner.objects.create(
            user=tess,
            slug="tess",
            zone=ZONE,
            room=front,
            bio=TESS_BIO,
            since=2011,
            order=0,
            video_link="https://video.example/juniper-street-tess",
        ),
        Practitioner.objects.create(
            user=jonah, slug="jonah", zone=ZONE, room=back, bio=JONAH_BIO, since=2022, order=1
        ),
    )


def make_session_types(*practitioners: Practitioner) -> tuple[SessionType, SessionType, SessionType]:
    """Create the session types; return the first session, the later ones, and the home visit."""
    first = SessionType.objects.create(
        slug="first-session",
        name="First session",
        description="Time to talk, to look at how you stand and lie, and to start with the pelvis.",
        preparation=(
            "Wear something soft that you can lie and move in. Eat a little, not much. If you have reports "
            "or images from a doctor about your back, please bring them. We’ll look at them together."
        ),
        minutes=90,
        price_cents=14000,
        buffer_after=15,
        step=30,
        notice_hours=12,
        order=0,
    )
    session = SessionType.objects.create(
        slug="session",
        name="Session",
        description="For returning clients: we pick up where we left off.",
        minutes=60,
        price_cents=9500,
        buffer_after=15,
        step=15,
        notice_hours=6,
        order=1,
    )
    home_visit = SessionType.objects.create(
        slug="home-visit",
        name="Home visit",
        description=(
            "If you can’t come to us. We check the distance first, so this one is a request: Tess "
            "will email you."
        ),
        place=Place.CLIENT,
        travel_before=30,
        travel_after=30,
        needs_approval=True,
        minutes=90,
        price_cents=18000,
        step=30,
        notice_hours=24,
        order=2,
    )
    for kind in (first, session, make_call()):
        kind.practitioners.set(practitioners)
    make_video_session().practitioners.set(practitioners[:1])
    home_visit.practitioners.set(practitioners[:1])
    return first, session, home_visit


def make_call() -> SessionType:
    """Create the phone call, for which no one has to come."""
    return SessionType.objects.create(
        slug="call",
        name="Phone call",
        description="A question about an exercise, or about whether we can help you.",
        place=Place.PHONE,
        minutes=20,
        price_cents=3000,
        step=20,
        notice_hours=6,
        order=3,
    )


def make_video_session() -> SessionType:
    """Create the video session, for people who live far away."""
    return SessionType.objects.create(
        slug="video-session",
        name="Video session",
        description="For clients who live far away and know how we work: a lesson on your own floor.",
        place=Place.VIDEO,
        minutes=45,
        price_cents=8000,
        buffer_after=15,
        step=30,
        notice_hours=12,
        order=4,
    )


def make_opening_hours(tess: Practitioner, jonah: Practitioner, *, now: dt.datetime) -> None:
    """Create opening hours, a week off, and hours today in any case.

    Tess works from Monday to Friday, Jonah from Tuesday to Saturday.
    """
    for person, days, windows in (
        (tess, range(0, 5), MORNING_AND_AFTERNOON),
        (jonah, range(1, 6), LATER_DAY),
    ):
        OpeningHours.objects.bulk_create(
            OpeningHours(practitioner=person, weekday=day, opens=at(opens), closes=at(closes))
            for day in days
            for opens, closes in windows
        )
    today = now.astimezone(zone_named(ZONE)).date()
    away = today + dt.timedelta(days=45 - today.weekday())
    Closure.objects.create(
        practitioner=jonah,
        first_day=away,
        last_day=away + dt.timedelta(days=5),
        reason="Walking in the Sangre de Cristo",
    )
    if today.weekday() not in range(0, 5):
        Closure.objects.create(
            practitioner=tess,
            first_day=today,
            last_day=today,
            opens=at("09:00"),
            closes=at("18:00"),
            reason="An extra day, so that today is never empty",
        )


def at(wall: str) -> dt.time:
    """Return a time such as "08:30" as a value."""
    return dt.time.fromisoformat(wall)
