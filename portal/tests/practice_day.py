"""A day at Juniper Street, for the tests of the practitioner's pages: Tuesday, March 9, 2027, 8 AM.

Tess owns the practice, Jonah practises there, Faye answers the telephone; Ann and Ben come, Zoe sees nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from booking.models import Appointment, SessionType
from booking.testing import make_appointment, make_session_type
from portal.models import Exercise, Lesson, PracticeEntry, SessionNote
from portal.testing import make_exercise, make_lesson
from practice.models import Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

DENVER = ZoneInfo("America/Denver")
NOW = dt.datetime(2027, 3, 9, 8, tzinfo=DENVER)
State = Appointment.State


def denver(words: str) -> dt.datetime:
    """ "2027-03-09 13:00" on Denver's clocks."""
    return dt.datetime.fromisoformat(words).replace(tzinfo=DENVER)


@dataclass
class Scenario:
    """The people, what is booked and what is practised."""

    tess: Practitioner
    jonah: Practitioner
    faye: User
    ann: User
    kind: SessionType
    floor: Lesson
    tilt: Exercise

    def comes(self, client: User, when: str, *, to: Practitioner | None = None, **fields: Any) -> Appointment:
        """An appointment at a time in Denver; with Jonah unless said otherwise."""
        return make_appointment(
            session_type=self.kind,
            practitioner=to or self.jonah,
            start=denver(when),
            client=client,
            **{"minutes": 60, **fields},
        )

    def came(self, client: User, when: str, **fields: Any) -> Appointment:
        """As `comes`, and it took place."""
        return self.comes(client, when, **{"state": State.COMPLETED, "occupies": False, **fields})

    def heard(self, client: User, when: str, *, minutes: int = 20, **fields: Any) -> PracticeEntry:
        """The lesson, so many minutes of it."""
        began = denver(when)
        return PracticeEntry.objects.create(
            **{
                "client": client,
                "lesson": None if "exercise" in fields else self.floor,
                "since": began,
                "started_at": began,
                "last_at": began + dt.timedelta(minutes=minutes),
                "heard_ms": minutes * 60_000,
                **fields,
            }
        )

    def noted(self, appointment: Appointment, *, signed: bool = True, **words: str) -> SessionNote:
        """The note of a session, signed an hour after it ended."""
        at = appointment.ends_at + dt.timedelta(hours=1)
        return SessionNote.objects.create(
            appointment=appointment,
            author=appointment.practitioner,
            saved_at=at,
            signed_at=at if signed else None,
            signed_by=appointment.practitioner.user if signed else None,
            **words,
        )


def make_scenario() -> Scenario:
    """With Ann Lee booked with Jonah at one o'clock."""
    make_practice()
    tess = make_practitioner()
    jonah = make_practitioner("Jonah Reed", role=User.Role.PRACTITIONER, order=1)
    scenario = Scenario(
        tess=tess,
        jonah=jonah,
        faye=make_user("Faye Dale", role=User.Role.FRONT_DESK),
        ann=make_user("Ann Lee", zone="America/Denver"),
        kind=make_session_type(tess, jonah),
        floor=make_lesson("floor", title="Let the floor hold you"),
        tilt=make_exercise("tilt", title="The tilt"),
    )
    scenario.comes(scenario.ann, "2027-03-09 13:00")
    return scenario


def page(user: User, path: str = "/workspace/") -> str:
    """What somebody at work reads there, entities resolved."""
    answer = at_work(user).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')
