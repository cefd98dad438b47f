"""The emails between sessions whose texts the owner can edit: each variant of a follow-up, and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.followups.engine.stages import TEXTS, Stage
from portal.followups.letters import lines_of, what_in_words
from portal.followups.loading import live_assignments
from portal.followups.texts import WORDS
from portal.models import Assignment, ClientProfile
from practice.email_texts.registry import EditableEmail, Part, Word
from practice.models import User
from practice.queries import the_practice

BETWEEN, ANSWERS = gettext_lazy("Between sessions"), gettext_lazy("Answers to questions")

FIRST_NAME = Word(
    "first_name", gettext_lazy("The client’s first name"), lambda told: told["first_name"], in_subject=True
)
FOLLOWED = Word(
    "first_name", gettext_lazy("The client’s first name"), lambda told: told["to"].first_name, in_subject=True
)
PRACTICE = Word(
    "practice", gettext_lazy("The name of the practice"), lambda told: told["practice"].name, in_subject=True
)
SIGN = Word(
    "practitioner", gettext_lazy("The practitioner’s first name"), lambda told: told["sign"], in_subject=True
)
IT = Word("it", gettext_lazy("“the lesson” or “the movement”"), lambda told: told["it"], in_subject=True)
LESSON = Word(
    "lesson", gettext_lazy("The title of the lesson or movement, and its length"), lambda told: told["what"]
)
OF_FOLLOW_UP = (FOLLOWED, SIGN, PRACTICE, IT, LESSON)
FOLLOW_UP_PARTS = (
    Part("opening", gettext_lazy("Opening")),
    Part(
        "lead",
        gettext_lazy("Before the client’s own plan"),
        gettext_lazy("Their plan follows, in their own words. For clients who made one."),
    ),
    Part(
        "without",
        gettext_lazy("Instead, without a plan"),
        gettext_lazy("For clients who made no plan."),
    ),
    Part(
        "closing",
        gettext_lazy("Closing"),
        gettext_lazy("The lesson or movement follows, with the link."),
    ),
    Part("ending", gettext_lazy("At the end"), may_be_empty=True),
)
ENDING = Part("ending", gettext_lazy("At the end"), gettext_lazy("The link follows."), may_be_empty=True)
STAGES: Mapping[Stage, tuple[Any, Any]] = {
    Stage.ASSIGNED: (gettext_lazy("Not begun, text %(n)s"), gettext_lazy("The client has not begun yet.")),
    Stage.OPENED: (gettext_lazy("Begun, text %(n)s"), gettext_lazy("The client has begun, and stopped.")),
    Stage.FINISHED: (gettext_lazy("Done once, text %(n)s"), gettext_lazy("The client did it once or twice.")),
    Stage.OFTEN: (
        gettext_lazy("Done often, text %(n)s"),
        gettext_lazy("The client did it three times or more."),
    ),
    Stage.QUIET: (gettext_lazy("Quiet, text %(n)s"), gettext_lazy("Nothing was heard for two weeks.")),
}


class ExampleReader:
    """An invented reader of a follow-up."""

    def __init__(self, first_name: str) -> None:
        self.first_name = first_name


def examples(now: datetime) -> dict[str, str]:
    """Return an invented value for every word."""
    return {
        "first_name": _("Alex"),
        "practice": the_practice().name,
        "practitioner": _("Sam"),
        "it": _("the lesson"),
        "lesson": _("“Let the back be heavy”, 21 minutes"),
    }


def follow_up_sample(variant: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of an invented follow-up (`portal.followups.letters`)."""
    words, it = WORDS[variant], {"it": values["it"]}
    return {
        "to": ExampleReader(values["first_name"]),
        "variant": variant,
        "sender": values["practitioner"],
        "sign": values["practitioner"],
        "it": values["it"],
        "what": values["lesson"],
        "greeting": _("Good morning, %(name)s.") % {"name": values["first_name"]},
        "words_subject": words.subject % it,
        "opening": words.opening % it,
        "planned": [_("After breakfast, on the rug in the living room.")],
        "lead": words.lead % it,
        "without": words.without % it,
        "closing": words.closing % it,
        # A template shows one of the two: the editor shows both.
        "shipped_parts": {"lead": words.lead % it, "without": words.without % it},
        "dosage": "",
        "word": [],
        "is_exercise": False,
        "act_url": settings.SITE_URL + "/",
        "act_words": _("Open the lesson"),
        "next_day": "",
        "way_out": settings.SITE_URL + "/",
    }


def follow_up_of(client: User, _now: datetime) -> dict[str, Any]:
    """Return what a follow-up to this client says of their first assignment and their own plan."""
    found: Assignment | None = next(iter(live_assignments(client)), None)
    page = ClientProfile.objects.of(client)
    planned = [*lines_of(page.plan), *lines_of(page.obstacle)]
    told: dict[str, Any] = {"to": client, "planned": planned}
    if found is None:
        return told
    is_exercise = found.exercise_id is not None
    return {
        **told,
        "is_exercise": is_exercise,
        "it": _("the movement") if is_exercise else _("the lesson"),
        "what": what_in_words(found, the_practice().locale),
    }


def follow_ups() -> Iterator[EditableEmail]:
    """Yield the texts of follow-ups by stage."""
    for stage, variants in TEXTS.items():
        for number, variant in enumerate(variants, start=1):
            name, when = STAGES[stage]
            yield _follow_up(variant, _Numbered(name, number), when)


def _follow_up(variant: str, name: Any, when: Any) -> EditableEmail:
    return EditableEmail(
        kind="follow_up",
        variant=variant,
        group=BETWEEN,
        name=name,
        when=when,
        words=OF_FOLLOW_UP,
        parts=FOLLOW_UP_PARTS,
        examples=examples,
        sample=lambda values: follow_up_sample(variant, values),
        of_client=follow_up_of,
        opens="access:email_between_sessions",
        applies=lambda told: told["variant"] == variant,
    )


class _Numbered:
    """A name with a number, in the language of the moment."""

    def __init__(self, words: Any, number: int) -> None:
        self.words, self.number = words, number

    def __str__(self) -> str:
        return str(self.words) % {"n": self.number}


def answer_sample(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of an invented answer, to a client or a visitor."""
    return {
        "first_name": values["first_name"],
        "who": values["practitioner"],
        "sign": values["practitioner"],
        "sender": values["practitioner"],
        "answer": _("(Your answer.)"),
        "act_url": settings.SITE_URL + "/",
        "act_words": _("Read the answer"),
        "why": _("You’re receiving this because you asked a question in your portal."),
    }


def answers() -> Iterator[EditableEmail]:
    """Yield the emails with answers."""
    yield EditableEmail(
        kind="answered",
        group=ANSWERS,
        name=gettext_lazy("A client’s question is answered"),
        when=gettext_lazy("The answer itself stays in the portal."),
        words=(FIRST_NAME, SIGN, PRACTICE),
        parts=(Part("opening", gettext_lazy("Text"), gettext_lazy("The link follows.")), ENDING),
        examples=examples,
        sample=answer_sample,
    )
    yield EditableEmail(
        kind="visitor_answer",
        group=ANSWERS,
        name=gettext_lazy("A visitor’s question is answered"),
        when=gettext_lazy("Your answer comes first. You can add something after it."),
        words=(FIRST_NAME, SIGN, PRACTICE),
        parts=(ENDING,),
        examples=examples,
        sample=answer_sample,
    )


EMAILS = (*follow_ups(), *answers())
