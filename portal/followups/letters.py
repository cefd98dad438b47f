"""The text of a follow-up, made as it is sent, from the client's plan, one assignment and one variant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.audio.position import at_place
from portal.followups import client_rows
from portal.followups.engine.facts import unanswered
from portal.followups.engine.guards import MAX_UNANSWERED
from portal.followups.engine.stages import Stage
from portal.followups.loading import PlanFacts
from portal.followups.texts import WORDS, Text
from portal.models import Assignment, Exercise, LessonAudio
from portal.practice_log.queries import resume_point
from practice.core import formatting
from practice.core.plain_text import plain_line
from practice.mail.composing.placeholder import placeholder
from practice.mail.composing.render import Rendered, render
from practice.mail.post import NAME_LONGEST
from practice.mail.unsubscribe import unsubscribe_url
from practice.queries import read_once
from practice.shipped_texts import reading_in

#: Characters of each text that people wrote: an email that grows too large would not be sent at all.
LONGEST = 2000
NOON, EVENING = 12, 18


def placeholder_words(sender: str) -> Rendered:
    """Return the placeholder text of a follow-up that waits; it holds nothing about the client."""
    return placeholder(_("An email from %(name)s") % {"name": plain_line(sender)})


def words_when_sent(
    known: PlanFacts,
    assignment: Assignment,
    stage: Stage,
    variant: str,
    *,
    now: datetime,
    following: datetime | None = None,
) -> Rendered:
    """Return the email as sent at `now`. `following`: when the plan's next email is due."""
    language = known.client.language or settings.LANGUAGE_CODE
    with reading_in(language):
        context = {
            **_about(known, assignment, stage),
            **_said(known, assignment, WORDS[variant]),
            "variant": variant,
            "greeting": _greeting(known, now),
            "next_day": _day(known, following) if following and _another_comes(known, stage) else "",
        }
    return render("follow_up", context, language=language)


def _said(known: PlanFacts, assignment: Assignment, words: Text) -> dict[str, Any]:
    """Return the words of this variant, with the client's own plan between opening and closing."""
    it = {"it": _("the movement") if assignment.exercise_id else _("the lesson")}
    planned = [*lines_of(known.page.plan), *lines_of(known.page.obstacle)]
    return {
        **it,
        "words_subject": words.subject % it,
        "opening": words.opening % it,
        "planned": planned,
        "lead": words.lead % it if planned else "",
        "without": "" if planned else words.without % it,
        "closing": words.closing % it,
    }


def _about(known: PlanFacts, assignment: Assignment, stage: Stage) -> dict[str, Any]:
    """Return the sender, the lesson or exercise, and the email's two links."""
    practitioner, is_exercise = known.appointment.practitioner, assignment.exercise_id is not None
    recording, locale = None if is_exercise else _recording(assignment), known.business.locale
    return {
        "to": known.client,
        "sender": plain_line(practitioner.user.name)[:NAME_LONGEST],
        "sign": practitioner.first_name,
        "what": _what(assignment, recording, locale),
        "dosage": plain_line(assignment.dosage).rstrip("."),
        "word": lines_of(assignment.word) if _first_of_plan(known) else [],
        "is_exercise": is_exercise,
        "act_url": link_to(
            assignment,
            at_ms=_left_at(known, recording) if stage is Stage.OPENED else None,
            sha256=recording.sha256 if recording else "",
        ),
        "act_words": _act_words(stage, is_exercise, recording, locale),
        "way_out": unsubscribe_url(known.client),
    }


def _another_comes(known: PlanFacts, stage: Stage) -> bool:
    """Return whether another email follows even if this one gets no answer."""
    return stage is not Stage.QUIET and len(unanswered(known.plan, known.facts)) + 1 < MAX_UNANSWERED


def link_to(assignment: Assignment, *, at_ms: int | None = None, sha256: str = "") -> str:
    """Return the link to the lesson or exercise in the portal; names no person.

    `at_ms`: a place of the lesson's recording with this `sha256`.
    """
    what = assignment.what
    name = "portal_exercise" if isinstance(what, Exercise) else "portal_lesson"
    return settings.SITE_URL + at_place(reverse(name, args=[what.slug]), at_ms, sha256=sha256)


def _left_at(known: PlanFacts, recording: LessonAudio | None) -> int | None:
    """Return where the client stopped in the lesson, in ms, on any device; None to begin anew."""
    before = resume_point(known.client, recording) if recording else None
    return before.stop.at_ms if before else None


def _recording(assignment: Assignment) -> LessonAudio | None:
    lesson = assignment.lesson_id
    found: LessonAudio | None = read_once(
        ("recording", lesson), lambda: client_rows.RECORDING.first_object(lesson=lesson)
    )
    return found


def _first_of_plan(known: PlanFacts) -> bool:
    """Return whether no follow-up of this plan was sent yet: only the first has the personal message."""
    return not any(prompt.plan == known.plan.key for prompt in known.facts.prompts)


def lines_of(written: str) -> list[str]:
    """Return a person's own text, word for word, as stripped lines without empty ones."""
    return [line.strip() for line in (written or "").strip()[:LONGEST].splitlines() if line.strip()]


def _greeting(known: PlanFacts, now: datetime) -> str:
    hour = now.astimezone(known.zone).hour
    if hour < NOON:
        words, named = _("Good morning."), _("Good morning, %(name)s.")
    elif hour < EVENING:
        words, named = _("Good afternoon."), _("Good afternoon, %(name)s.")
    else:
        words, named = _("Good evening."), _("Good evening, %(name)s.")
    name = known.client.first_name
    return named % {"name": name} if name else words


def _what(assignment: Assignment, recording: LessonAudio | None, locale: str) -> str:
    """Return title, length and position in one line, such as “Let the back be heavy”, 21 minutes."""
    what = assignment.what
    length = formatting.minutes_in_words(max(1, recording.minutes), locale=locale) if recording else ""
    return ", ".join(filter(None, (f"“{what.title}”", length, what.position)))


def what_in_words(assignment: Assignment, locale: str) -> str:
    """Return an assignment's title, length and position in one line, as the email says it."""
    return _what(assignment, None if assignment.exercise_id else _recording(assignment), locale)


def _act_words(stage: Stage, is_exercise: bool, recording: LessonAudio | None, locale: str) -> str:
    if stage is Stage.OPENED and not is_exercise:
        return _("Continue where you stopped")
    if stage in (Stage.FINISHED, Stage.OFTEN):
        return _("Do it again")
    if is_exercise:
        return _("See the movement")
    if recording is None or stage is Stage.QUIET:
        return _("Open the lesson")
    return _("Set aside %(length)s for it") % {
        "length": formatting.minutes_in_words(max(1, recording.minutes), locale=locale)
    }


def _day(known: PlanFacts, moment: datetime) -> str:
    return formatting.day_in_words(moment.astimezone(known.zone).date(), locale=known.business.locale)
