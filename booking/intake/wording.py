"""The words of the intake: what each step asks, the choices, and the answers as they are read later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.intake.answers import SIGNS, TODAY, Answers, Part
from practice.core.body_map import from_text

Words = str | Promise

SINCE_WORDS: dict[str, Words] = {
    "days": gettext_lazy("A few days"),
    "weeks": gettext_lazy("A few weeks"),
    "months": gettext_lazy("A few months"),
    "year": gettext_lazy("About a year"),
    "years": gettext_lazy("Several years"),
    "ten_years": gettext_lazy("Ten years or more"),
}
CARE_WORDS: dict[str, Words] = {
    "surgery": gettext_lazy("Surgery"),
    "physical_therapy": gettext_lazy("Physical therapy"),
    "acupuncture": gettext_lazy("Acupuncture"),
    "chiropractic": gettext_lazy("Chiropractic or osteopathy"),
    "massage": gettext_lazy("Massage or other bodywork"),
    "medicine": gettext_lazy("Pain medication"),
    "other": gettext_lazy("Something else"),
}
SIGN_WORDS: dict[str, Words] = {
    "saddle": gettext_lazy("Numb between the legs, where you would sit on a saddle?"),
    "bladder": gettext_lazy("Trouble urinating, or loss of bladder or bowel control?"),
    "fever": gettext_lazy("A fever with the pain, or chills?"),
    "fall": gettext_lazy("A hard fall or an accident recently?"),
    "weight": gettext_lazy("Weight loss without knowing why?"),
    "night": gettext_lazy("Pain at night that no position eases?"),
}
#: As used in a sentence of the page for reading.
SIGNS_TOLD: dict[str, Words] = {
    "saddle": gettext_lazy("Numb between the legs"),
    "bladder": gettext_lazy("Trouble with bladder or bowels"),
    "fever": gettext_lazy("Fever with the pain"),
    "fall": gettext_lazy("A hard fall or an accident"),
    "weight": gettext_lazy("Weight loss without knowing why"),
    "night": gettext_lazy("Pain at night that no position eases"),
}
YES_NO: tuple[tuple[str, Words], ...] = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


@dataclass(frozen=True)
class StepHeading:
    """A step's heading, and the sentence under it."""

    heading: Words
    lead: Words


ASKED: dict[str, StepHeading] = {
    "since": StepHeading(
        gettext_lazy("How long has it been?"),
        gettext_lazy(
            "Pain that is a few days old often behaves differently from pain that has been there "
            "for years. Both are welcome."
        ),
    ),
    "where": StepHeading(
        gettext_lazy("Where is it?"),
        gettext_lazy(
            "Mark every place you notice, even far from your back: a knee, an old ankle injury, ribs."
        ),
    ),
    "change": StepHeading(
        gettext_lazy("What changes it?"),
        gettext_lazy("Positions, times of day, things you do or avoid. A few words are enough."),
    ),
    "care": StepHeading(
        gettext_lazy("What have you tried so far?"),
        gettext_lazy(
            "We respect your other care. What you and your doctor have decided is up to you; "
            "we’d just like to know what your body has been through."
        ),
    ),
    "signs": StepHeading(
        gettext_lazy("Six things we ask everyone"),
        gettext_lazy(
            "They’re rare. If one of them applies to you, please see a doctor first. Your session can wait."
        ),
    ),
    "goals": StepHeading(
        gettext_lazy("What would you like to do again?"),
        gettext_lazy(
            "Name three to five things that are hard right now, in your own words, and how well "
            "you can do each one today."
        ),
    ),
    "more": StepHeading(gettext_lazy("A few more things"), gettext_lazy("These help us prepare.")),
    "consent": StepHeading(
        gettext_lazy("Two consent forms"),
        gettext_lazy(
            "Please read both, and type your name to sign. You can find what you signed in your portal."
        ),
    ),
}


@dataclass(frozen=True)
class AnsweredStep:
    """The answers of one step: lines of words, a body map, or nothing."""

    step: str
    heading: Words
    lines: list[tuple[str, str]] = field(
        default_factory=list
    )  # what was asked ("" where it is clear), and said
    marked: dict[str, int] = field(default_factory=dict)


def answered_steps(answers: Answers) -> list[AnsweredStep]:
    """Return all answers, step by step, without empty steps."""
    found = [
        AnsweredStep(step, ASKED[step].heading, list(tell(answers.part(step))))
        for step, tell in _TELL.items()
    ]
    where = answers.part("where")
    found.insert(
        1, AnsweredStep("where", ASKED["where"].heading, _line("", where, "words"), marked_in(where))
    )
    return [one for one in found if one.lines or one.marked]


def marked_in(part: Part) -> dict[str, int]:
    """Return the marks of the body map; empty for a value that cannot be read."""
    try:
        return from_text(str(part.get("marked", "")))
    except ValueError:
        return {}


def urgent(answers: Answers) -> bool:
    """Return whether a sign was named that needs a doctor today."""
    return bool(answers.signs & TODAY)


def _line(asked: Words, part: Part, name: str) -> list[tuple[str, str]]:
    return [(str(asked), str(part[name]))] if part.get(name) else []


def _since(part: Part) -> Iterator[tuple[str, str]]:
    if part.get("since") in SINCE_WORDS:
        yield "", str(SINCE_WORDS[part["since"]])
    yield from _line(_("How it began"), part, "how")


def _change(part: Part) -> Iterator[tuple[str, str]]:
    yield from _line(_("Better"), part, "better")
    yield from _line(_("Worse"), part, "worse")


def _care(part: Part) -> Iterator[tuple[str, str]]:
    had = [str(CARE_WORDS[one]) for one in part.get("had", []) if one in CARE_WORDS]
    if had:
        yield "", ", ".join(had)
    yield from _line("", part, "words")


def _signs(part: Part) -> Iterator[tuple[str, str]]:
    for sign in SIGNS:
        if part.get(sign):
            yield str(SIGNS_TOLD[sign]), _("yes") if part[sign] == "yes" else _("no")
    yield from _line(_("Details"), part, "words")


def _goals(part: Part) -> Iterator[tuple[str, str]]:
    for goal in part.get("goals", []):
        now = goal.get("now")
        yield str(goal.get("what", "")), "" if now is None else _("%(now)s of 10") % {"now": now}


def _more(part: Part) -> Iterator[tuple[str, str]]:
    for one in part.get("answers", []):
        said = dict(YES_NO).get(one["said"], one["said"]) if one["kind"] == "yes_no" else one["said"]
        if said:
            yield str(one["asked"]), str(said)


_TELL: dict[str, Any] = {
    "since": _since,
    "change": _change,
    "care": _care,
    "signs": _signs,
    "goals": _goals,
    "more": _more,
}
