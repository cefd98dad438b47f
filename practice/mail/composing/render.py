"""Templates rendered to subject, text and HTML, with the style sheet written into the elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import css_inline
from django.conf import settings
from django.template import engines
from django.utils import translation

from practice import queries
from practice.core.plain_text import plain_line, with_one_period
from practice.shipped_texts import reading_in

INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
SUBJECT_LONGEST = 200
#: Gmail cuts a letter off at 102 KB, and what is cut is the foot, with the way out.
HTML_LARGEST = 100_000
#: Control characters but the line end and the tab, and what only pretends to be a line end.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TO_TIDY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
FALSE_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
MANY_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


class TooLong(ValueError):
    """Raised when the HTML of an email would be cut off by the reader's mail program."""


@dataclass(frozen=True)
class Rendered:
    """The words of an email."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class OwnWords:
    """The practice's own words for one email: its subject, and the paragraphs of each part.

    "" and parts that are not there stay as they are shipped.
    """

    subject: str = ""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


OwnWordsFinder = Callable[[str, Mapping[str, Any], str], OwnWords | None]
_finders: list[OwnWordsFinder] = []


def register_own_words(find: OwnWordsFinder) -> None:
    """Have `find(kind, context, language)` asked for the own words of each email. Called in `ready()`."""
    _finders[:] = [find]


def own_words_of(kind: str, context: Mapping[str, Any], language: str) -> OwnWords | None:
    """Return the practice's own words for an email in this language, or None."""
    return next((own for find in _finders if (own := find(kind, context, language))), None)


def render(
    kind: str, context: dict[str, Any], *, language: str = "", own_words: OwnWords | None = None
) -> Rendered:
    """Render `templates/emails/<kind>_subject.txt`, `<kind>.txt` and `<kind>.html` with `context`.

    The templates also know `practice`, `site_url`, `language` and their own `subject`. `own_words`: for a
    preview, in place of those that are saved. Raises TooLong.
    """
    with reading_in(language or settings.LANGUAGE_CODE):
        words = {
            "practice": queries.the_practice(),
            "site_url": settings.SITE_URL,
            "language": translation.get_language(),
            **context,
        }
        own = own_words or own_words_of(kind, words, translation.get_language())
        words["own_words"] = own
        # The text engine escapes nothing: "Tess & Jonah" stays so in a subject and in a text part.
        text_engine, html_engine = engines["text"], engines["django"]
        subject = own.subject if own else ""
        subject = subject or text_engine.get_template(f"emails/{kind}_subject.txt").render(words)
        words["subject"] = subject = printable(plain_line(subject))[:SUBJECT_LONGEST].rstrip()
        text = text_engine.get_template(f"emails/{kind}.txt").render(words)
        html = html_engine.get_template(f"emails/{kind}.html").render(words)
    html = INLINER.inline(printable(html))
    if len(html.encode()) > HTML_LARGEST:
        raise TooLong(f"the letter {kind} has {len(html.encode())} bytes of HTML, of {HTML_LARGEST} allowed")
    return Rendered(subject, MANY_BLANK_LINES.sub("\n\n", printable(text)).strip() + "\n", html)


def printable(text: str) -> str:
    """Return the text without control characters, with one kind of line end and one period at a time.

    Hardly any text has anything of that: to look costs a fraction of what replacing does.
    """
    if TO_TIDY.search(text):
        text = UNPRINTABLE.sub("", FALSE_LINE_ENDS.sub("\n", text))
    return with_one_period(text)
