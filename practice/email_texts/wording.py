"""What is wrong with a text that the owner typed, in sentences that name the word and its line."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.core import formatting
from practice.email_texts.placeholders import LONGEST, WORD, Problem, Wrong
from practice.queries import the_practice

SENTENCES: dict[Wrong, Any] = {
    Wrong.NOT_IN_SUBJECT: gettext_lazy(
        "%(shown)s can’t be in the subject, because subjects are shown on locked phones. Use it below."
    ),
    Wrong.NESTED: gettext_lazy("Line %(line)s: %(shown)s has words in a word. Write them apart."),
    Wrong.EXECUTABLE: gettext_lazy(
        "Line %(line)s: %(shown)s can’t be used. Only the words in the list work, written exactly like there."
    ),
    Wrong.UNCLOSED: gettext_lazy("Line %(line)s: %(shown)s has no closing braces. A word ends with }}."),
    Wrong.BRACES: gettext_lazy(
        "Line %(line)s: %(shown)s has braces but is not a word. Words have two braces on each side."
    ),
    Wrong.HTML: gettext_lazy("Line %(line)s: %(shown)s looks like HTML. Please write plain text."),
    Wrong.CONTROL: gettext_lazy(
        "Line %(line)s: there is a character that can’t be shown (%(shown)s). Please delete it."
    ),
    Wrong.EMPTY: gettext_lazy("Please write something here."),
    Wrong.LINES: gettext_lazy("A subject is one line. Please remove the line break."),
}


def sentence(problem: Problem, *, words: Collection[str], longest: int = LONGEST) -> str:
    """Return what is wrong, as a sentence. `words`: those that would be right there."""
    if problem.wrong is Wrong.TOO_LONG:
        most = formatting.number(longest, locale=the_practice().locale)
        return _("That’s too long. Please use up to %(most)s characters.") % {"most": most}
    if problem.wrong is Wrong.UNKNOWN:
        return _unknown(problem, words)
    shown = problem.shown if problem.wrong is Wrong.CONTROL else f"“{problem.shown}”"
    return str(SENTENCES[problem.wrong]) % {"shown": shown, "line": problem.line}


def _unknown(problem: Problem, words: Collection[str]) -> str:
    said = {"shown": f"“{problem.shown}”", "line": problem.line}
    near = get_close_matches(WORD.sub(r"\1", problem.shown), words, n=1)
    if near:
        return _("Line %(line)s: there is no word %(shown)s. Did you mean %(near)s?") % {
            **said,
            "near": f"“{{{{ {near[0]} }}}}”",
        }
    return _("Line %(line)s: there is no word %(shown)s. The list shows the words for this email.") % said
