"""Sessions that are over and wrapped up, made inside a practice of its own: for `manage.py shell`.

Whoever comes lives where it is ten in the morning now, so that no quiet hours keep a letter.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from booking.models import SessionType
from booking.testing import make_appointment, make_session_type
from portal.demo.ten import zone_at_ten
from portal.followups.engine.when import AFTER_SESSION
from portal.models import ClientProfile, Exercise, Lesson
from portal.practice_log.actions.exercise_done import exercise_done
from portal.session_notes.actions.assign import NewAssignment
from portal.session_notes.actions.wrap_up import WrapUp, sign
from portal.testing import make_exercise, make_lesson, make_recording
from practice.consents.actions.letter_preferences import decline_letters
from practice.core.clock import zone_named
from practice.models import Letter, Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
UNHASHED = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
LENGTH, APART = 10 * MINUTE, 12 * MINUTE  # short, so that many fit into one day


def open_house() -> None:
    """The practice and what can be given home."""
    make_practice()
    make_recording(make_lesson("floor", title="Let the back be heavy"))
    make_exercise("tilt")


def plan_of(name: str) -> str:
    """What this client planned, in words of their own."""
    return f"After breakfast, on the rug of {name}."


def wrap_up_sessions(practitioner: str, clients: Sequence[str], *, days_ago: int = 1) -> None:
    """One session after the other that day, each wrapped up when it was over.

    Letters come by the hour that was an hour ago: with the default plan, that of the day after such a
    session, or of four days after, is due since then.
    """
    now = timezone.now()
    zone, _in_a_moment = zone_at_ten(now)
    at = (now.astimezone(zone_named(zone)) - HOUR).time().replace(microsecond=0)
    by = make_practitioner(practitioner, role=User.Role.PRACTITIONER, order=Practitioner.objects.count())
    kind = SessionType.objects.first() or make_session_type()
    lesson, exercise = Lesson.objects.get(), Exercise.objects.get()
    last = now - HOUR - AFTER_SESSION - APART - dt.timedelta(days=days_ago - 1)
    for number, name in enumerate(clients):
        ends = last - number * APART
        client = make_user(name, zone=zone)
        ClientProfile.objects.keep(client, letter_at=at)
        session = make_appointment(
            session_type=kind, practitioner=by, start=ends - LENGTH, client=client, minutes=10
        )
        wrap_up = WrapUp(
            foundation="Quiet.",
            home=[NewAssignment(lesson, "Every second day"), NewAssignment(exercise, "Ten small ones")],
            plan=plan_of(name),
        )
        sign(session, wrap_up, by=by.user, now=ends + MINUTE)


def declines(name: str) -> None:
    """They want no more letters."""
    decline_letters(User.objects.get(name=name), now=timezone.now(), why=f"{name} asked for no more letters.")


def practises(name: str, *, minutes_ago: float) -> None:
    """They did the exercise, then."""
    now = timezone.now() - minutes_ago * MINUTE
    exercise_done(User.objects.get(name=name), Exercise.objects.get(), uid=uuid.uuid4(), now=now)


def falls_due(name: str, place: int) -> None:
    """As if the letter of this place in their plan were due now."""
    letters = Letter.objects.filter(follow_up__client__name=name, follow_up__place=place)
    letters.update(due_at=timezone.now())


def first_page(practitioner: str) -> str:
    """The first page this practitioner sees, signed in and with a second factor."""
    browser = at_work(User.objects.get(name=practitioner))
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": UNHASHED}):  # none are collected
        return browser.get("/workspace/", headers={"host": "localhost"}).text
