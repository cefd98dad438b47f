"""What follow-ups ask of a client's rows, each by one query that is written once.

A morning asks all of this for hundreds of clients. To have Django write each query anew took more than half
of the time that a follow-up costs.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from booking.models import Appointment, sealed_at
from portal.models import Assignment, ClientProfile, FollowUp, LessonAudio, PracticeEntry, Question
from practice.mail.queries import WAITING
from practice.models import Letter, User
from practice.models.written_queries import WrittenOnce

State = Letter.State
#: More than any rule looks back on, at two in seven days.
LAST_PROMPTS = 30
#: Values that occur in no query: see `WrittenOnce`.
_CLIENT, _OTHER, _SINCE, _NOW = -11, -22, *(dt.datetime(1901, 2, day, tzinfo=dt.UTC) for day in (3, 4))

#: The follow-up of an email, with its session and who gave it. One at most: for the order of lists, a
#: database may begin at the sessions.
FOLLOW_UP = WrittenOnce(
    lambda letter: (
        FollowUp.objects.filter(letter_id=letter)
        .select_related("appointment__practitioner__user")
        .defer(*sealed_at("appointment"))
        .order_by()
    ),
    letter=_OTHER,
)
#: The client, locked until the transaction ends. Never outside of one.
LOCKED = WrittenOnce(
    lambda client: User.objects.select_for_update(no_key=True).filter(pk=client), client=_CLIENT
)
#: What the client wrote on their own page, and when they prefer emails.
PAGE = WrittenOnce(lambda client: ClientProfile.objects.filter(user_id=client), client=_CLIENT)
#: The open assignments that can be opened, in the order of work.
ASSIGNMENTS = WrittenOnce(
    lambda client: Assignment.objects.filter(
        Q(lesson__is_published=True) | Q(exercise__is_published=True), client_id=client, ended_at=None
    ).select_related("lesson", "exercise"),
    client=_CLIENT,
)
#: The recording that a lesson has now.
RECORDING = WrittenOnce(
    lambda lesson: LessonAudio.objects.filter(lesson_id=lesson, is_current=True), lesson=_OTHER
)
#: (days, at, stage, variants) of a session's steps, in their order.
STEPS = WrittenOnce(
    lambda appointment: (
        FollowUp.objects.filter(appointment_id=appointment)
        .order_by("place")
        .values_list("days", "at", "step_stage", "step_variants")
    ),
    appointment=_OTHER,
)
#: Whether a later session was wrapped up.
LATER_SESSION = WrittenOnce(
    lambda client, since: Appointment.objects.filter(
        client_id=client, state=Appointment.State.COMPLETED, starts_at__gt=since
    ).values_list("pk"),
    client=_CLIENT,
    since=_SINCE,
)
#: (starts_at) of the next session but this one.
NEXT_SESSION = WrittenOnce(
    lambda client, since, but: (
        Appointment.objects.filter(client_id=client)
        .upcoming(since)
        .exclude(pk=but)
        .order_by("starts_at")
        .values_list("starts_at")[:1]
    ),
    client=_CLIENT,
    since=_SINCE,
    but=_OTHER,
)
#: (booked_at). An appointment booked since then also begins since then; the index is on its beginning.
BOOKINGS = WrittenOnce(
    lambda client, since, now: Appointment.objects.filter(
        client_id=client, starts_at__gte=since, booked_at__gte=since, booked_at__lte=now
    ).values_list("booked_at"),
    client=_CLIENT,
    since=_SINCE,
    now=_NOW,
)
#: (asked_at).
QUESTIONS = WrittenOnce(
    lambda client, since: Question.objects.filter(client_id=client, asked_at__gte=since).values_list(
        "asked_at"
    ),
    client=_CLIENT,
    since=_SINCE,
)
#: (pk, first, lesson, exercise, last_at, finished_at).
PRACTICE = WrittenOnce(
    lambda client, since: (
        PracticeEntry.objects.filter(client_id=client, last_at__gte=since)
        .order_by("last_at", "id")
        .values_list("pk", "first", "lesson", "exercise", "last_at", "finished_at")
    ),
    client=_CLIENT,
    since=_SINCE,
)
#: (last_at) of the newest rise of pain that nobody has cleared.
PAIN_ROSE = WrittenOnce(
    lambda client: (
        PracticeEntry.objects.filter(
            client_id=client, needs_human=PracticeEntry.NeedsHuman.PAIN_ROSE, cleared_at=None
        )
        .order_by("-last_at")
        .values_list("last_at")[:1]
    ),
    client=_CLIENT,
)
PROMPT_FIELDS = (
    *("kind", "state", "sent_at", "due_at"),
    *("follow_up__appointment", "follow_up__place", "follow_up__stage", "follow_up__variant"),
)


def may_have_gone() -> QuerySet[Letter]:
    """Return the encouraging emails that count as sent.

    They were sent, may have been sent, are being sent, or may have been sent and were left so by a person.
    """
    left = Q(state=State.CANCELLED, follow_up__isnull=False) & ~Q(follow_up__stage="")
    encouraging = Letter.objects.filter(category=Letter.Category.ENCOURAGEMENT)
    return encouraging.filter(Q(state__in=(State.SENT, State.UNKNOWN, State.CLAIMED)) | left)


#: PROMPT_FIELDS of the latest of them but one.
PROMPTS = WrittenOnce(
    lambda client, but: (
        may_have_gone()
        .filter(user_id=client)
        .exclude(pk=but)
        .order_by("-due_at", "-id")
        .values_list(*PROMPT_FIELDS)[:LAST_PROMPTS]
    ),
    client=_CLIENT,
    but=_OTHER,
)
#: (letter, appointment, place, due_at, state, stage) of what waits or is being sent, the soonest first.
WAITS = WrittenOnce(
    lambda client: (
        FollowUp.objects.filter(client_id=client, letter__state__in=WAITING)
        .order_by("letter__due_at", "letter_id")
        .values_list("letter", "appointment", "place", "letter__due_at", "letter__state", "stage")
    ),
    client=_CLIENT,
)
