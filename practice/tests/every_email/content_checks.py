"""What the two texts of an email must have in common, and what its HTML must not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

from practice.tests.every_email.composed import Composed
from practice.tests.every_email.scene import CALL_LINK, SITE

#: Gmail cuts off what is longer (`practice.mail.composing.render.HTML_LARGEST`); text and HTML together.
HTML_LARGEST, BOTH_LARGEST = 100_000, 60_000
LINK = re.compile(r"https?://[^\s<>\"]+")
WORD = re.compile(r"[\w$€%@'’&.:,+-]*\w[%\w]*")
#: What joins links to a sentence in HTML, where the text has a line for each; and a link's own name there.
ONLY_HTML = {"or", "o", "button", "botón", "answer", "las", "responder"}
ONLY_TEXT = {"link", "enlace"}
#: Of templates and values that were not there.
REMNANTS = re.compile(r"\{\{|\{%|\{#|%\(\w+\)|\b(?:None|True|False)\b|<[A-Z]\w+: |&(?:amp|quot|lt|gt|#\w+);")
FORBIDDEN = set("script form input img iframe link object embed video audio svg base".split())
FETCHES = re.compile(r"url\(|@import|src\s*=|srcset|background\s*=\s*[\"']", re.IGNORECASE)
#: How the other language writes days and hours.
FOREIGN = {
    "en": re.compile(r"\b(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|[ap]\.\s?m\.)"),
    "es": re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\d\s[AP]M\b|\bminutes\b"),
}
TWO_PERIODS = re.compile(r".{0,20}(?<!\.)\.\.(?!\.)")
UNSEEN = {"style", "title", "head"}
BREAKS = {"p", "div", "br", "h1", "h2", "li", "tr", "td"}
VOID = {"meta", "br", "hr", "img", "link", "input", "base"}


class Reader(HTMLParser):
    """What a reader sees of the HTML, its links, its elements and its languages."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.preheader = "", ""
        self.links: list[str] = []
        self.elements: list[str] = []
        self.languages: list[str] = []
        self.open: list[str] = []
        self.styles: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = dict(attrs)
        self.elements.append(tag)
        self.styles.append(given.get("style") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if "lang" in given:
            self.languages.append(given["lang"] or "")
        if tag in BREAKS:
            self.words += "\n"
        if tag not in VOID:
            self.open.append("preheader" if given.get("class") == "preheader" else tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if self.open:
            self.open.pop()
        if tag in BREAKS:
            self.words += "\n"

    def handle_data(self, text: str) -> None:
        """Note words that a reader sees."""
        if "preheader" in self.open:
            self.preheader += text
        elif not UNSEEN & set(self.open):
            self.words += text


@lru_cache(maxsize=512)
def read(html: str) -> Reader:
    """Return what a reader sees of the HTML. Many checks ask."""
    return Reader(html)


def words_of(text: str) -> set[str]:
    """Return the words, numbers and amounts of a text without its links."""
    plain = LINK.sub(" ", text.replace("\u00a0", " ").replace("\u202f", " "))
    return {word.strip(".:,'’").casefold() for word in WORD.findall(plain)} - {""}


def same_facts(one: Composed) -> Iterator[str]:
    """Name words, numbers, amounts, names and links that only one of the two parts has."""
    text, seen = one.text, read(one.html)
    said, shown = words_of(text), words_of(seen.words)
    sender = words_of(str(one.message["From"]))  # which a mail program shows above the text
    if only := said - shown - ONLY_TEXT:
        yield f"only in the text: {sorted(only)}"
    if only := shown - said - sender - ONLY_HTML:
        yield f"only in the HTML: {sorted(only)}"
    if only := {word for word in words_of(seen.preheader) - said if not word.isalpha()}:
        yield f"only in the preview line: {sorted(only)}"
    addresses = {link.rstrip(".,)") for link in LINK.findall(text)}
    links = {link for link in seen.links if link.startswith("http")}
    if addresses != links | (addresses & {link.rstrip(".,)") for link in LINK.findall(seen.words)}):
        yield f"links: {sorted(addresses ^ links)}"


def own_links(one: Composed) -> Iterator[str]:
    """Name links to anybody else; a practitioner's own video call and a server's words are no exception."""
    for link in read(one.html).links:
        if not (link.startswith((f"{SITE}/", "mailto:", "tel:")) or link == CALL_LINK):
            yield f"a link to {urlsplit(link).netloc or link}"


def language(one: Composed) -> Iterator[str]:
    """Name a language of the HTML that is not the reader's."""
    found = read(one.html).languages
    if set(found) != {one.language} or len(found) < 2:
        yield f"lang: {found}"


def own_dates(one: Composed) -> Iterator[str]:
    """Name days and times that are written in another language than the email."""
    for text in texts(one):
        yield from (f"“{found[0]}”" for found in FOREIGN[one.language].finditer(text))


def texts(one: Composed) -> tuple[str, str, str]:
    """Return all that a reader sees: the subject and both parts."""
    return str(one.message["Subject"]), one.text, read(one.html).words


def periods(one: Composed) -> Iterator[str]:
    """Name sentences that end in two periods, as after "a.m."."""
    for text in texts(one):
        yield from (f"“{found[0]}”" for found in TWO_PERIODS.finditer(text))


def harmless(one: Composed) -> Iterator[str]:
    """Name what fetches something, runs, or asks for input."""
    html = one.html
    yield from (f"<{tag}>" for tag in Reader(html).elements if tag in FORBIDDEN)
    yield from (f"{found[0]}" for found in FETCHES.finditer(html))


def size(one: Composed) -> Iterator[str]:
    """Say how large it is, if it is too large."""
    html, text = len(one.html.encode()), len(one.text.encode())
    if html > HTML_LARGEST or html + text > BOTH_LARGEST:
        yield f"{html} bytes of HTML, {text} of text"


def remnants(one: Composed) -> Iterator[str]:
    """Name what a template has left behind."""
    for text in texts(one):
        yield from (f"“{found[0]}”" for found in REMNANTS.finditer(text))


CHECKS = (same_facts, own_links, language, own_dates, periods, harmless, size, remnants)
