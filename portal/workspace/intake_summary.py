"""A client's intake as lines of the brief; before a first session there is nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from booking.intake import queries as intake_queries
from booking.intake.answers import SIGNS, Answers, Part, Unreadable, read
from booking.intake.wording import SIGNS_TOLD, SINCE_WORDS, marked_in
from portal.wording import shortened
from portal.workspace.brief_wording import Line
from practice.core.body_map import marks_in_words


def intake_lines_since(last_session: Mapping[int, dt.datetime | None]) -> dict[int, list[Line]]:
    """Return the lines of each client's intake handed in after their last session (None: no session yet).

    One query for all of them, none for nobody. An intake that cannot be read any more, or is older, has no
    lines.
    """
    found: dict[int, list[Line]] = {}
    for intake in intake_queries.newest_of(last_session) if last_session else ():
        last = last_session[intake.client_id]
        if last is None or (intake.handed_in_at and intake.handed_in_at > last):
            try:
                found[intake.client_id] = list(lines(read(intake.answers)))
            except Unreadable:
                continue
    return found


def lines(answers: Answers) -> Iterator[Line]:
    """Yield the lines of an intake: warning signs, where, since when, what changes it, goals."""
    signs = [str(SIGNS_TOLD[sign]) for sign in SIGNS if sign in answers.signs]
    for icon, strong, words in (
        ("heed", _("Warning sign:"), _sentences("; ".join(signs))),
        ("person", _("Where:"), _where(answers.part("where"))),
        ("clock", _("Since when:"), _since(answers.part("since"))),
        ("note", _("What changes it:"), _change(answers.part("change"))),
        ("check", _("Wants to do again:"), _goals(answers.part("goals"))),
    ):
        if words:
            yield Line(icon, strong, words)


def _where(part: Part) -> str:
    return _sentences("; ".join(marks_in_words(marked_in(part), say=_)), _own(part, "words"))


def _since(part: Part) -> str:
    return _sentences(str(SINCE_WORDS.get(part.get("since", ""), "")), _own(part, "how"))


def _change(part: Part) -> str:
    better, worse = _own(part, "better"), _own(part, "worse")
    return _sentences(
        _("Better: %(words)s.") % {"words": better} if better else "",
        _("Worse: %(words)s.") % {"words": worse} if worse else "",
    )


def _goals(part: Part) -> str:
    said = []
    for goal in part.get("goals", []):
        what, now = shortened(str(goal.get("what", ""))), goal.get("now")
        if what:
            said.append(what if now is None else _("%(what)s (%(now)s of 10)") % {"what": what, "now": now})
    return _sentences("; ".join(said))


def _own(part: Part, name: str) -> str:
    """Return the client's own words, shortened and in quotation marks; "" where there are none."""
    words = shortened(str(part.get(name) or ""))
    return _("“%(words)s”") % {"words": words} if words else ""


def _sentences(*said: str) -> str:
    """Join the parts that are not empty, each beginning with a capital and ending with one full stop."""
    ended = (one if one.endswith(("”", ".", "!", "?")) else f"{one}." for one in said if one)
    ended = (re.sub(r"([.!?]”)\.$", r"\1", one) for one in ended)
    return " ".join(f"{one[:1].upper()}{one[1:]}" for one in ended)
