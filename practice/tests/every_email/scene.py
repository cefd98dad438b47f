"""A practice whose rows give every email something to say."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from booking.models import Appointment, SessionType
from booking.policy.terms import snapshot
from booking.testing import make_appointment, make_session_type, open_every_day
from portal.models import Lesson, VisitorQuestion
from portal.testing import assign, make_exercise, make_lesson
from practice.core.locales.readers import LANGUAGES
from practice.models import Practitioner, User
from practice.queries import the_practice
from practice.testing import make_practice, make_practitioner, make_user

#: Tuesday, March 2, 2027, 10:07 in Denver.
CLOCK = dt.datetime(2027, 3, 2, 17, 7, tzinfo=dt.UTC)
SITE = "https://portal.juniper.example"
CALL_LINK = f"https://meet.juniper.example/j/81234567890?pwd={'aB3' * 12}"
#: A client's words about a body: in no header of any email, and only in the emails that quote them.
ABOUT_A_BODY = "My sciatica hurts"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
State = Appointment.State
Compose = Callable[["Scene"], None]


@dataclass(frozen=True)
class Scene:
    """Tess owns the practice, Jonah works there, Zoë is a client. `now`: when the emails are planned."""

    tess: Practitioner
    jonah: Practitioner
    zoe: User
    kind: SessionType
    lesson: Lesson
    now: dt.datetime

    def session(self, days: float = 10, **fields: Any) -> Appointment:
        """Make a booked session of Zoë's with Tess, so many days ahead."""
        booked = {
            "client": self.zoe,
            "practitioner": self.tess,
            "booked_at": self.now,
            "zone": "Europe/Madrid",
            "policy": snapshot(the_practice()),
        }
        start = self.now.replace(minute=0, second=0, microsecond=0) + days * DAY
        return make_appointment(session_type=self.kind, start=start, **{**booked, **fields})

    def request(self, **fields: Any) -> Appointment:
        """Make a session that waits for an answer until tomorrow."""
        return self.session(state=State.PENDING, booked_at=None, answer_by=self.now + DAY, **fields)

    def cancelled(self, **fields: Any) -> Appointment:
        """Make a session that was just canceled."""
        gone = {"state": State.CANCELLED, "occupies": False, "cancelled_at": self.now}
        return self.session(**{**gone, **fields})

    def three(self, make: Callable[..., Appointment]) -> list[Appointment]:
        """Make three sessions booked together, a week apart."""
        series = uuid.uuid4()
        return [make(days=10 + 7 * week, series=series) for week in range(3)]


def make_scene() -> Scene:
    """Make the rows: names with accents, an apostrophe and an ampersand, and an address with an umlaut."""
    make_practice(name="Juniper Street Myopractic & Café", late_percent=50)
    tess = make_practitioner("Tess O'Marlow")
    tess.video_link = CALL_LINK
    tess.save(update_fields=["video_link"])
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)
    for practitioner in (tess, jonah):
        open_every_day(practitioner)
    zoe = make_user("Zoë Núñez", email="zoe@bücher.example", phone="303 555 0101")
    kind = make_session_type(
        tess,
        jonah,
        name="First session",
        preparation="Wear something soft.\n\nEat lightly.",
        price_cents=14000,
    )
    lesson = make_lesson("floor", title="Let the back be heavy")
    assign(lesson, zoe, by=tess, dosage="every second day", word="Slowly, please.")
    assign(make_exercise("tilt", title="Pelvic tilt"), zoe, by=tess)
    return Scene(tess, jonah, zoe, kind, lesson, timezone.now())


def read_in(scene: Scene, language: str) -> None:
    """Make everyone read this language, which the rows in memory know too."""
    assert language in dict(LANGUAGES)
    User.objects.update(language=language)
    VisitorQuestion.objects.update(language=language)
    for person in (scene.tess.user, scene.jonah.user, scene.zoe):
        person.language = language
