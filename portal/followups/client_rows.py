"""What follow-ups ask of a client's rows, by queries that are written once.

A morning asks all of this for hundreds of clients. To have Django write each query anew took more than half
of the time that a follow-up costs; to ask each by a statement of its own, half of the rest (`FACTS`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import BooleanField, Case, Q, QuerySet, When

from booking.models import Appointment
from portal.models import Assignment, ClientProfile, FollowUp, LessonAudio, PracticeEntry, Question
from practice.mail.queries import WAITING
from practice.models import Letter, User
from practice.models.written_queries import AskedTogether, WrittenOnce
from practice.queries import AGREED_TO_LETTERS

State = Letter.State
#: More than any rule looks back on, at two in seven days.
LAST_PROMPTS = 30
#: Values that occur in no query: see `WrittenOnce`.
_CLIENT, _OTHER, _SINCE = -11, -22, dt.datetime(1901, 2, 3, tzinfo=dt.UTC)


def _not_needed() -> Iterator[str]:
    """Yield the fields of a session that nothing is decided by: each has its price, for every email."""
    needed = {"id", "client", "practitioner", "starts_at", "ends_at", "state"}
    yield from (one.name for one in Appointment._meta.concrete_fields if one.name not in needed)


#: The follow-up of an email, with its session and its client, whose row is locked until the transaction ends:
#: never outside of one. One at most: for the order of lists, a database may begin at the sessions.
FOLLOW_UP = WrittenOnce(
    lambda letter: (
        FollowUp.objects.filter(letter_id=letter)
        .select_related("appointment", "client")
        .defer(*(f"appointment__{name}" for name in _not_needed()))
        .select_for_update(no_key=True, of=("client",))
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
#: The open assignments in the order of work, also of what is not published any more.
ASSIGNMENTS = WrittenOnce(
    lambda client: Assignment.objects.filter(client_id=client, ended_at=None), client=_CLIENT
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
#: The sessions that began since then, and those ahead, without what else their rows say.
SESSIONS = WrittenOnce(
    lambda client, sessions_since: (
        Appointment.objects.filter(client_id=client, starts_at__gte=sessions_since)
        .only("state", "starts_at", "booked_at")
        .order_by()
    ),
    client=_CLIENT,
    sessions_since=_SINCE,
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
    As a case and not as an "or", which PostgreSQL compares with each of the table's indexes: for 3 ms.
    """
    counts = Case(
        When(state=State.CANCELLED, then=Q(follow_up__stage__gt="")),
        default=Q(state__in=(State.SENT, State.UNKNOWN, State.CLAIMED)),
        output_field=BooleanField(),
    )
    encouraging = Letter.objects.filter(category=Letter.Category.ENCOURAGEMENT)
    return encouraging.alias(counts=counts).filter(counts=True)


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
#: All that a decision is based on, by one statement: the client's row is locked before.
FACTS = AskedTogether(
    page=PAGE,
    agreed=AGREED_TO_LETTERS,
    assignments=ASSIGNMENTS,
    steps=STEPS,
    sessions=SESSIONS,
    practice=PRACTICE,
    pain_rose=PAIN_ROSE,
    questions=QUESTIONS,
    prompts=PROMPTS,
    waits=WAITS,
)
