"""What people read is plain American English: no word that docs/words.md bans, in templates and messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from practice.tests.code.reading_order import ROOT

#: A person's own voice, not the product's.
VOICES = ("portal/followups/texts.py", "portal/demo/")
#: Sentences in which a banned word is right: where, and the words around it.
ALLOWED: dict[str, tuple[str, ...]] = {}

BANNED: dict[str, str] = {
    "some-, any-, every-, nobody": r"\b(some|any|every|no)body\b",
    "whoever": r"\bwho(m)?ever\b",
    "meanwhile": r"\bmeanwhile\b",
    "anew": r"\banew\b",
    "letter": r"\bletters?\b",
    "signs (of a text)": r"\bsigns (or|of|here|at the most)\b",
    "tick": r"\bticks?\b",
    "ring (a person)": r"\bring (us|me|them|your|the)\b",
    "telephone": r"\btelephones?\b",
    "wish (on the waitlist)": r"\bwish(es)?\b",
    "free times": r"\bfree times?\b",
    "your pages": r"\b(your|own) pages\b",
    "first page": r"\bfirst page\b",
    "go on": r"\bgo on\b",
    "hand in": r"\bhand(s|ed)? (it )?in\b",
    "just now": r"\bjust now\b",
    "any more": r"\bany more\b",
    "of that name": r"\bof that name\b",
    "stands": r"\bstands\b|\bstands? (in|on|below|there|here|beside)\b",
    "as it is": r"\bas it (is|was|stood)\b",
    "lies (of a time)": r"\blies? (before|after|between|behind|outside)\b",
    "shall": r"\bshall\b",
    "gladly": r"\bgladly\b",
    "given to you": r"\bgiven to you\b",
    "opens nothing": r"\bopens? nothing\b",
    "practise (the verb)": r"\bpractis(e|es|ed|ing)\b",
    "cancelled": r"\bcancell(ed|ing)\b",
    "afterwards, towards": r"\b(after|to)wards\b",
    "way round": r"\bway round\b",
    "uncertain (of an email)": r"\buncertain\b",
    "if you like (in a label)": r"\(if you like\)",
    "colour, favour, neighbour": r"\b(col|fav|neighb|behavi)our",
}
MARKED = re.compile(r"""(?:\{% translate |_\()"([^"]*)\"""")
LONG = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def banned_in(sentence: str) -> list[str]:
    """Return the names of the banned words in a sentence; what a program fills in is not read."""
    words = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|%\(\w+\)s|<[^>]*>", " ", sentence)
    return [name for name, pattern in BANNED.items() if re.search(pattern, words, re.IGNORECASE)]


def sentences_of(name: str, text: str) -> Iterator[str]:
    """Yield what a file shows to people: marked sentences of a template, gettext strings of a module."""
    if not name.endswith(".py"):
        yield from MARKED.findall(text)
        yield from LONG.findall(text)
        return
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in GETTEXT:
            for given in call.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


def files() -> Iterator[tuple[str, Path]]:
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    modules = [path for app in ("practice", "booking", "portal") for path in (ROOT / app).rglob("*.py")]
    for path in sorted([*templates, *modules]):
        name = path.relative_to(ROOT).as_posix()
        if "/tests/" not in name and "/migrations/" not in name and not name.startswith(VOICES):
            yield name, path


def faults() -> list[str]:
    return [
        f"{name}: {word}: {sentence}"
        for name, path in files()
        for sentence in sentences_of(name, path.read_text(encoding="utf-8"))
        for word in banned_in(sentence)
        if not any(allowed in sentence for allowed in ALLOWED.get(name, ()))
    ]


def test_no_page_and_no_message_uses_a_banned_word() -> None:
    assert faults() == []


def test_what_is_allowed_is_still_there() -> None:
    assert [
        (name, allowed)
        for name, sentences in ALLOWED.items()
        for allowed in sentences
        if allowed not in (ROOT / name).read_text(encoding="utf-8")
    ] == []


def test_each_banned_word_is_in_the_document() -> None:
    document = (ROOT / "docs/words.md").read_text(encoding="utf-8")
    assert [name for name in BANNED if name not in document] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '{% translate "Whoever comes" %}'),
        ("a.html", '{% wrongs form said=_("Your wish is still here.") %}'),
        (
            "a.html",
            "{% blocktranslate trimmed count n=n %}One.{% plural %}{{ n }} letters.{% endblocktranslate %}",
        ),
        ("a.txt", "{% blocktranslate trimmed %}If you like,\nring us.{% endblocktranslate %}"),
        ("a.py", 'x = _("It was cancelled.")'),
        ("a.py", 'x = ngettext("One time.", "%(n)s times, anybody.", 2)'),
        ("a.py", 'raise Wrong(gettext_lazy("Nobody " "of that name."))'),
    ],
)
def test_a_banned_word_is_found(name: str, text: str) -> None:
    assert any(banned_in(sentence) for sentence in sentences_of(name, text))


@pytest.mark.parametrize(
    "sentence",
    [
        "We’ve emailed you.",
        "Please answer all of the warning signs.",
        "{{ letter.subject }} {% url 'wish' %} %(whoever)s",
        '<a href="/letters/">Emails</a>',
    ],
)
def test_what_is_no_word_of_ours_is_not_found(sentence: str) -> None:
    assert banned_in(sentence) == []
