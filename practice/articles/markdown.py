"""Markdown written by the practice, as HTML that is safe to show.

Two fences: raw HTML in the text is shown as text, and what comes out is sanitised once more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

TOP = 2  # the page itself has the h1
TEXT = {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "img"}
TAGS = TEXT | {"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title", "rel"}, "img": {"src", "alt"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
FOREIGN = "nofollow noopener"
#: A telephone number as it is written here: it is not cut at the end of a line.
PHONE = re.compile(r"(?<![\d-])(\(?\d{3}\)?) (\d{3}) (\d{4})(?![\d-])")
SECTION = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)

reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


class RenderedText(SafeString):
    """HTML that knows the text it was made from, and so its language: {% lang_of html %}."""

    __slots__ = ("of",)
    of: str

    def __new__(cls, html: str, of: str) -> RenderedText:
        made = super().__new__(cls, html)
        made.of = of
        return made


@dataclass(frozen=True)
class Section:
    """A section of a text: a heading (plain text, may be empty) and the HTML under it."""

    heading: str
    html: SafeString


def render(text: str, *, of: str = "") -> SafeString:
    """Return the text as HTML that is safe to show.

    Its highest headings become h2; links to other sites are marked nofollow; only this site's own pictures
    are kept. `of`: the whole text, if this is a part of it.
    """
    tokens = reader.parse(PHONE.sub("\\1\u00a0\\2\u00a0\\3", text))
    _shift_headings(tokens)
    for token in tokens:
        token.children = [child for child in token.children or [] if not _foreign_picture(child)]
        for child in token.children:
            _mark_link(child)
    html = reader.renderer.render(tokens, reader.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return RenderedText(clean.strip(), of or text)


def sections(text: str) -> list[Section]:
    """Return the text cut at its headings, whatever their level: for lists of rules and of expectations.

    Text before the first heading becomes a section without one.
    """
    parts = SECTION.split(text)
    found = [Section("", render(parts[0], of=text))] if parts[0].strip() else []
    return found + [Section(parts[i], render(parts[i + 1], of=text)) for i in range(1, len(parts), 2)]


def _shift_headings(tokens: Sequence[Token]) -> None:
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = TOP - min(levels, default=TOP)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"


def _is_foreign(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    return bool(parts.netloc) and parts.netloc != urlsplit(settings.SITE_URL).netloc


def _foreign_picture(token: Token) -> bool:
    if token.type != "image":
        return False
    source = str(token.attrGet("src") or "")
    return _is_foreign(source) or not source.startswith(("/", "http"))


def _mark_link(token: Token) -> None:
    if token.type == "link_open" and _is_foreign(str(token.attrGet("href") or "")):
        token.attrSet("rel", FOREIGN)
