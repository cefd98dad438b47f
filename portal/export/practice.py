"""The home part of a record: assignments, what was heard, done, noticed and asked."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from portal.models import (
    ActivityRating,
    Assignment,
    FollowUp,
    FollowUpStep,
    LessonAudio,
    PracticeEntry,
    Question,
)
from portal.over_time.queries import scores_of
from practice.models import User

Values = dict[str, Any]
WORDS = ("lying_before", "lying_after", "noticing", "pain_before", "pain_after", "felt")


def assignments(client: User) -> list[Values]:
    """Return lessons and exercises assigned, with the personal message."""
    found = Assignment.objects.filter(client=client).select_related("lesson", "exercise", "assigned_by__user")
    return [
        {
            "what": one.what.title,
            "from": one.assigned_by.user.name,
            "dosage": one.dosage,
            "word": one.word,
            "given_at": one.created_at,
            "ended_at": one.ended_at,
        }
        for one in found.order_by("created_at", "pk")
    ]


def audio(client: User) -> list[Values]:
    """Return the recordings assigned or heard. The sound itself stays on its page."""
    theirs = Q(lesson__assignments__client=client, is_current=True)
    theirs |= Q(pk__in=PracticeEntry.objects.filter(client=client).values("recording"))
    found = LessonAudio.objects.filter(theirs).distinct().select_related("lesson").order_by("created_at")
    return [
        {
            "lesson": one.lesson.title,
            "page": one.lesson.get_absolute_url(),
            "voice": one.lesson.voice,
            "duration_ms": one.duration_ms,
            "sha256": one.sha256,
        }
        for one in found
    ]


def practice(client: User) -> list[Values]:
    """Return each time something was heard or done, with the client's words about it."""
    found = PracticeEntry.objects.filter(client=client).select_related("lesson", "exercise")
    return [_entry(one) for one in found.prefetch_related("segments").order_by("started_at", "pk")]


def _entry(one: PracticeEntry) -> Values:
    what = one.lesson or one.exercise
    return {
        "what": what.title if what else "",
        "started_at": one.started_at,
        "last_at": one.last_at,
        "finished_at": one.finished_at,
        "heard_ms": one.heard_ms,
        "covered_ms": one.covered_ms,
        **{name: getattr(one, name) for name in WORDS},
        "pain_rose": bool(one.needs_human),
        "segments": [[part.start_ms, part.end_ms, part.began_at] for part in one.segments.all()],
    }


def questions(client: User) -> list[Values]:
    """Return the client's questions, with the answers."""
    found = Question.objects.filter(client=client).select_related("lesson", "exercise", "answered_by")
    return [
        {
            "about": str(one.lesson or one.exercise or ""),
            "asked_at": one.asked_at,
            "question": one.text,
            "answered_at": one.answered_at,
            "answered_by": one.answered_by.name if one.answered_by else "",
            "answer": one.answer,
        }
        for one in found.order_by("asked_at", "pk")
    ]


def activities(client: User) -> list[Values]:
    """Return the client's activities as they rated them again, 0 to 10."""
    found = ActivityRating.objects.filter(client=client).order_by("rated_at", "pk")
    return [{"at": one.rated_at, "scores": scores_of(one.scores)} for one in found]


def email_plan(client: User) -> list[Values]:
    """Return the steps of the client's own plan of emails; none where they have the practice's.

    `stage`: "" for by what they did; `texts`: none named stands for all.
    """
    found = FollowUpStep.objects.filter(plan__client=client).order_by("days")
    return [{"days": one.days, "at": one.at, "stage": one.stage, "texts": one.variants} for one in found]


def follow_ups(client: User) -> list[Values]:
    """Return the emails planned between sessions, with the reason for the time or the refusal."""
    found = FollowUp.objects.filter(client=client).order_by("pk")
    return [
        {
            "days": one.days,
            "at": one.at,
            "made_at": one.made_at,
            "reason": one.reason,
            "stage": one.stage,
            "stopped": one.stopped,
            "session_at": one.session_at,
        }
        for one in found.annotate(session_at=F("appointment__starts_at"))
    ]
