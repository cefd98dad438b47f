"""The demo's days after a session: wrap-up, practice at home and questions, by the real actions."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from itertools import pairwise

from booking.models import Appointment
from booking.payments.accounts import account_of
from booking.payments.actions.record import new_key
from booking.payments.actions.wrap_up import LATER, SessionPayment
from portal.demo.timeline import Timeline
from portal.demo.weeks import AssignmentSpec, PracticeSpec, QuestionSpec, SessionSpec
from portal.lessons import lesson_page
from portal.models import Exercise, Lesson, LessonAudio
from portal.practice_log import listening
from portal.practice_log.actions.exercise_done import exercise_done
from portal.practice_log.actions.listen import Batch, listen
from portal.practice_log.actions.self_report import SelfReport, write_down
from portal.questions.actions import answer, ask
from portal.session_notes.actions.assign import NewAssignment
from portal.session_notes.actions.wrap_up import WrapUp, amend, sign
from practice.core.clock import resolve
from practice.models import User
from practice.queries import the_practice, zone_of

A_DAY = dt.timedelta(days=1)
READING = dt.timedelta(minutes=1)  # the page before the player
LYING_ON = dt.timedelta(minutes=2)  # and still after it
REST_MS = 40_000  # a pause in every lesson: it is practice too
PARTS = 3


def wrap_up_visit(
    timeline: Timeline, appointment: Appointment, after: SessionSpec, moment: dt.datetime
) -> None:
    """Wrap up the session, and schedule the practice and questions after it."""
    client, practitioner = appointment.client, appointment.practitioner
    assert client is not None
    wrapped = WrapUp(
        came=True,
        foundation=after.foundation,
        low_back=after.low_back,
        whole_body=after.whole_body,
        next_time=after.next_time,
        touched=after.touched,
        home=[given(take) for take in after.home],
        plan=after.plan,
        obstacle=after.obstacle,
        letters=True,
        follow_up_plan=None,
        payment=paid(appointment, after.paid),
    )
    note = sign(appointment, wrapped, by=practitioner.user, now=moment)
    if after.amended:
        timeline.at(moment + A_DAY, lambda later: amend(note, after.amended, by=practitioner.user, now=later))
    zone = zone_of(client.zone, practice=the_practice())
    day = appointment.starts_at.astimezone(zone).date()
    for one in after.practised:
        began = resolve(dt.datetime.combine(day + one.days * A_DAY, dt.time.fromisoformat(one.at)), zone)
        schedule_practice(timeline, client, one, began)
    for asked in after.asked:
        when = resolve(dt.datetime.combine(day + asked.days * A_DAY, dt.time.fromisoformat(asked.at)), zone)
        timeline.at(when, partial(schedule_question, timeline, client, practitioner.user, asked))


def paid(appointment: Appointment, how: str) -> SessionPayment:
    """Return what the wrap-up says of the payment: all that is outstanding, in this way."""
    outstanding = account_of(appointment).outstanding
    return SessionPayment(key=new_key(), how=how if outstanding else LATER, cents=outstanding)


def given(take: AssignmentSpec) -> NewAssignment:
    """Return the lesson or exercise of that slug, to assign."""
    what = Lesson.objects.filter(slug=take.slug).first() or Exercise.objects.get(slug=take.slug)
    return NewAssignment(what, dosage=take.dosage, word=take.word)


def schedule_practice(timeline: Timeline, client: User, one: PracticeSpec, began: dt.datetime) -> None:
    """Schedule one time of practice: an exercise at its moment, a lesson when it has been heard."""
    recording = LessonAudio.objects.filter(lesson__slug=one.slug, is_current=True).first()
    if recording is None:
        exercise = Exercise.objects.get(slug=one.slug)
        timeline.at(
            began,
            lambda moment: exercise_done(client, exercise, uid=uuid.uuid4(), now=moment, felt=one.felt),
        )
        return
    took = dt.timedelta(milliseconds=heard_in(recording, one) + (PARTS - 1) * REST_MS)
    timeline.at(began + took, partial(record_listening, client, recording, one, began))


def record_listening(
    client: User, recording: LessonAudio, one: PracticeSpec, began: dt.datetime, over: dt.datetime
) -> None:
    """Record the lesson as heard, with rests in it, then the client's own words."""
    uid, since, lesson = uuid.uuid4(), began - READING, recording.lesson
    lesson_page.keep_guidelines_read(client, lesson, lesson_page.digest_of(lesson), now=since)
    listen(client, Batch(uid, reports(heard_in(recording, one))), recording=recording, since=since, now=over)
    before, afterwards = one.pain or (None, None)
    said = SelfReport(
        lying_before=one.lying,
        lying_after=one.lying_after,
        noticing=one.noticing,
        pain_before=before,
        pain_after=afterwards,
        felt=one.felt,
    )
    write_down(client, said, uid=uid, lesson=lesson, recording=recording, since=since, now=over + LYING_ON)


def heard_in(recording: LessonAudio, one: PracticeSpec) -> int:
    """Return how much of the recording was heard, in ms: to where it was left, or all of it."""
    return round(one.until * 60_000) if one.until else recording.duration_ms


def reports(heard_ms: int) -> list[listening.Report]:
    """Return the player's report at the end of a lesson: three stretches, with a rest between."""
    marks = [round(heard_ms * part / PARTS) for part in range(PARTS + 1)]
    told = []
    for seq, (start, end) in enumerate(pairwise(marks)):
        age = heard_ms - end + (PARTS - 1 - seq) * REST_MS
        told.append(listening.Report(seq, start, end, 1.0, end - start, age))
    return told


def schedule_question(
    timeline: Timeline, client: User, practitioner: User, asked: QuestionSpec, moment: dt.datetime
) -> None:
    """Ask a question, and schedule its answer some hours later."""
    at_ms = round(asked.minute * 60_000) if asked.minute is not None else None
    lesson = Lesson.objects.get(slug=asked.slug) if asked.minute is not None else None
    question = ask(client, asked.text, lesson=lesson, at_ms=at_ms, now=moment)
    if asked.answer:
        timeline.at(
            moment + asked.hours * dt.timedelta(hours=1),
            lambda later: answer(question, asked.answer, by=practitioner, now=later),
        )
