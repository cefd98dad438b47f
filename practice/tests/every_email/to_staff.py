"""How each notice to those who work at the practice is planned."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import translation

from booking.calendars.importing.wording import of_fetching
from booking.calendars.letters import notice_calendar
from booking.letters import series, to_practitioner
from booking.letters.context import to_practitioner as plan_to_practitioner
from booking.letters.digest import News, plan_digest, put_in_digest
from booking.models import AppointmentChange, ImportedCalendar, Intake
from portal.letters import notice_pain, notice_question
from portal.models import PracticeEntry, Question, VisitorQuestion
from portal.visitor_questions.letters import notice_of_hour
from practice.mail.delivery.refusals import tell_owner
from practice.models import Letter, Practitioner
from practice.tests.every_email.scene import ABOUT_A_BODY, DAY, HOUR, Compose, Scene
from practice.tests.every_email.to_clients import before, earlier
from practice.tests.mail.builders import make_letter

What = AppointmentChange.What


def booked(scene: Scene) -> None:
    """Somebody booked."""
    to_practitioner.notice_booked(scene.session(), by=None, now=scene.now)


def requested(scene: Scene) -> None:
    """Somebody asks for a time."""
    to_practitioner.notice_requested(scene.request(), now=scene.now)


def declined(scene: Scene) -> None:
    """No one answered a request."""
    to_practitioner.notice_declined(scene.cancelled(booked_at=None), by=None, now=scene.now)


def moved(scene: Scene) -> None:
    """Moved to a colleague: one notice to each."""
    one = scene.session(practitioner=scene.jonah)
    was = earlier(one)
    was.practitioner = scene.tess
    to_practitioner.notice_moved(one, was=was, by=None, now=scene.now)


def length_changed(scene: Scene) -> None:
    """A colleague made it longer."""
    to_practitioner.notice_length_changed(
        scene.session(minutes=90), was=60, by=scene.jonah.user, now=scene.now
    )


def handed_over(scene: Scene) -> None:
    """A request was handed over: one notice to each."""
    one = scene.request(practitioner=scene.jonah)
    to_practitioner.notice_handed_over(one, was=before(one, practitioner=scene.tess), by=None, now=scene.now)


def cancelled(scene: Scene) -> None:
    """Canceled, for a fee."""
    to_practitioner.notice_cancelled(scene.cancelled(), fee=7000, by=None, now=scene.now)


def restored(scene: Scene) -> None:
    """It takes place after all."""
    one = scene.session()
    plan_to_practitioner(one, "notice_restored", "notice-restored:0", by=None, now=scene.now)


def series_booked(scene: Scene) -> None:
    """Three at once."""
    series.notice_series(scene.three(scene.session), by=None, now=scene.now)


def series_cancelled(scene: Scene) -> None:
    """Three canceled at once."""
    series.notice_series_cancelled(scene.three(scene.cancelled), by=None, now=scene.now)


def digest(scene: Scene) -> None:
    """A day of changes, and a question, in one email."""
    Practitioner.objects.update(notices=Practitioner.Notices.DIGEST)
    one, later = scene.session(), scene.session(days=12)
    changes = ((one, What.BOOKED), (later, What.MOVED), (one, What.CANCELLED))
    for number, (appointment, what) in enumerate(changes):
        AppointmentChange.objects.create(
            appointment=appointment,
            at=scene.now + dt.timedelta(minutes=number),
            what=what,
            starts_at=appointment.starts_at,
            was_starts_at=one.starts_at if what == What.MOVED else None,
        )
    put_in_digest(scene.tess.user, News("question", f"question:{question(scene).pk}"), now=scene.now)
    plan_digest(scene.tess, now=scene.now)


def calendar(scene: Scene) -> None:
    """A calendar that is not read anymore."""
    other = ImportedCalendar.objects.create(
        practitioner=scene.tess, name="Home & family", url="https://x.example/a.ics"
    )
    with translation.override(scene.tess.user.language):
        trouble = of_fetching("404")
    days_ago = {"checked_at": scene.now - 3 * DAY, "added_at": scene.now - 30 * DAY}
    ImportedCalendar.objects.update(trouble=trouble, **days_ago)
    other.refresh_from_db()
    notice_calendar(other, now=scene.now)


def intake(scene: Scene) -> None:
    """Answers with a warning sign."""
    one = scene.session()
    answers = Intake.objects.create(
        client=scene.zoe,
        appointment=one,
        handed_in_at=scene.now,
        needs_human="warning_sign",
        answers={"where": ABOUT_A_BODY},
    )
    to_practitioner.notice_intake(answers, now=scene.now)


def pain(scene: Scene) -> None:
    """Pain rose at home."""
    entry = PracticeEntry.objects.create(
        uid=uuid.uuid4(),
        client=scene.zoe,
        lesson=scene.lesson,
        since=scene.now - HOUR,
        finished_at=scene.now,
        needs_human="pain_rose",
    )
    notice_pain(entry, now=scene.now)


def question(scene: Scene) -> Question:
    """A client's question."""
    return Question.objects.create(client=scene.zoe, lesson=scene.lesson, text=ABOUT_A_BODY)


def asked(scene: Scene) -> None:
    """A client asked something."""
    notice_question(question(scene), now=scene.now)


def visitor_asked(scene: Scene) -> None:
    """A visitor asked something about a free lesson."""
    VisitorQuestion.objects.create(lesson=scene.lesson, email="vera@example.com", text=ABOUT_A_BODY)
    notice_of_hour(now=scene.now)


def refused(scene: Scene) -> None:
    """The mail server refuses what we send."""
    said = "550 5.7.1 Message rejected: <https://support.example/?p=1&q=2>"
    for number in range(3):
        letter = make_letter(
            "reminder",
            to_address=f"ann{number}@example.com",
            state=Letter.State.FAILED,
            refused_at=scene.now,
            refusal="550",
        )
    tell_owner(letter, said=said, now=scene.now)


CASES: tuple[Compose, ...] = (
    *(booked, requested, declined, moved, length_changed, handed_over, cancelled, restored),
    *(series_booked, series_cancelled, digest, calendar, intake, pain, asked, visitor_asked, refused),
)
