"""Every email whose text can be edited: shipped, with all its words, and with whatever an owner may type."""

from __future__ import annotations

import html
import re

import pytest
from django.conf import settings
from django.utils import timezone, translation
from hypothesis import HealthCheck, given
from hypothesis import settings as sized
from hypothesis import strategies as st

from practice.email_texts.actions import save_text
from practice.email_texts.placeholders import problems_of, problems_of_subject, tidy
from practice.email_texts.preview import context_for, in_theme, preview
from practice.email_texts.queries import Text, find_own_words, language_of, languages
from practice.email_texts.registry import EditableEmail, editable_emails, email_for, email_named
from practice.email_texts.shipped import completed, shipped_text
from practice.mail.composing.render import Rendered, render
from practice.mail.kinds import KINDS
from practice.models import Letter, User
from practice.testing import make_practice, make_practitioner

EMAILS = editable_emails()
#: Kinds for clients whose text is not edited: see `practice/email_texts/README.md`.
NOT_EDITED = {"clocks_changed", "text_reminder", "text_offer"}
LANGUAGES = sorted(languages())
TAG = re.compile(r"<style>.*?</style>|<title>.*?</title>|<!--.*?-->|<[^>]*>", re.DOTALL)


@pytest.fixture(autouse=True)
def practice(db: None) -> None:
    """A practice with an address, which every email must name."""
    make_practice()


@pytest.fixture
def tess() -> User:
    return make_practitioner("Tess Marlow").user


def named(key: str) -> EditableEmail:
    found = email_named(key)
    assert found
    return found


def with_all_words(email: EditableEmail) -> Text:
    """A text of the owner's that has every word it may have."""
    body = "\n\n".join(f"My {one.name}: {one.typed}." for one in email.words)
    subject = " ".join(one.typed for one in email.words if one.in_subject)
    parts = {part.name: f"{part.name} by me.\n\n{body}" for part in email.parts}
    return Text(subject if email.has_subject else "", parts)


def words_of_html(words: Rendered) -> str:
    """What a reader sees of the HTML, in one line."""
    return " ".join(html.unescape(TAG.sub(" ", words.html)).split())


def fixed_lines(email: EditableEmail) -> set[str]:
    """The lines of the text part that the site writes: details, links, foot."""
    text = Text("", {part.name: "MINE" for part in email.parts})
    shown = preview(email, text, language="en", client=None, now=timezone.now()).text
    return set(shown.splitlines()) - {"MINE"}


def test_every_email_to_clients_can_be_edited_but_those_with_a_reason() -> None:
    to_clients = {
        name
        for name, kind in KINDS.items()
        if kind.category
        in (Letter.Category.APPOINTMENT, Letter.Category.ENCOURAGEMENT, Letter.Category.ANSWER)
    }
    assert {one.kind for one in EMAILS} == to_clients - NOT_EDITED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", EMAILS, ids=lambda one: one.key)
def test_the_shipped_text_in_the_editor_is_what_is_sent(email: EditableEmail, language: str) -> None:
    now, shipped = timezone.now(), shipped_text(email, language)
    assert problems_of_subject(shipped.subject or "x", words=email.subject_words, body_words=()) == []
    for part in email.parts:
        found = problems_of(shipped.parts[part.name], words=email.word_names, may_be_empty=part.may_be_empty)
        assert found == []
    with translation.override(language):
        context = context_for(email, None, now=now)
    sent = render(email.kind, context, language=language)
    assert preview(email, shipped, language=language, client=None, now=now) == sent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", EMAILS, ids=lambda one: one.key)
def test_a_text_with_every_word_says_the_same_in_both_parts(email: EditableEmail, language: str) -> None:
    now, text = timezone.now(), with_all_words(email)
    with translation.override(language):
        values = email.examples(now)
    words = preview(email, text, language=language, client=None, now=now)
    assert "{" not in words.subject + words.text
    said, seen = " ".join(words.text.split()), words_of_html(words)
    for word in email.words:
        # "2:00 p. m." ends a sentence by its own period.
        expected = " ".join(f"My {word.name}: {values[word.name]}".split()).removesuffix(".") + "."
        assert expected in said
        assert expected in seen


@pytest.mark.parametrize("email", EMAILS, ids=lambda one: one.key)
def test_each_situation_of_a_kind_finds_its_own_text(email: EditableEmail) -> None:
    assert email_for(email.kind, context_for(email, None, now=timezone.now())) is email


@pytest.mark.parametrize("email", EMAILS, ids=lambda one: one.key)
def test_each_word_reads_the_value_that_the_example_has(email: EditableEmail) -> None:
    now = timezone.now()
    values = email.values(context_for(email, None, now=now))
    assert values == {name: value for name, value in email.examples(now).items() if name in values}


LINES = st.text(alphabet="abc <>&{}%/.\n-_:", max_size=80)
KEYS = ("follow_up.opened-a", "confirmation", "offer", "cancelled.by_us", "visitor_answer")


@sized(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=LINES, typed=LINES, key=st.sampled_from(KEYS))
def test_no_text_removes_a_link_or_the_foot(subject: str, typed: str, key: str) -> None:
    email = named(key)
    parts = {part.name: tidy(typed) for part in email.parts}
    if any(problems_of(part, words=email.word_names) for part in parts.values()):
        return
    right = problems_of_subject(subject, words=email.subject_words, body_words=()) == []
    text = Text(subject.strip() if right else "", parts)
    now = timezone.now()
    links = r'href="([^"]*)"'
    shown = preview(email, text, language="en", client=None, now=now)
    shipped = preview(email, Text(), language="en", client=None, now=now)
    assert re.findall(links, shown.html) == re.findall(links, shipped.html)
    foot = shipped.text.partition("\n-- \n")[2]
    assert foot
    assert shown.text.endswith(f"\n-- \n{foot}")
    assert fixed_lines(email) - {shipped.subject} <= set(shown.text.splitlines())


def test_what_an_owner_types_is_no_html() -> None:
    email = named("confirmation")
    text = Text("A & B", {"opening": "1 < 2 & “so”\nnext"})
    shown = preview(email, text, language="en", client=None, now=timezone.now())
    assert "1 &lt; 2 &amp; “so”<br>next" in shown.html
    assert "1 < 2 & “so”\nnext" in shown.text
    assert shown.subject == "A & B"


def test_a_saved_text_is_used_in_its_language_alone(tess: User) -> None:
    email, now = named("confirmation"), timezone.now()
    mine = Text("See you, {{ first_name }}", {"opening": "Mine.", "ending": ""})
    save_text(email, "en", mine, seen=0, by=tess, now=now)
    context = context_for(email, None, now=now)
    own = find_own_words("confirmation", context, "en-us")
    assert own
    assert (own.subject, own.parts["opening"]) == ("See you, Alex", ("Mine.",))
    assert find_own_words("confirmation", context, "es") is None
    assert "Mine." in render("confirmation", context, language="en").text
    assert "Mine." not in render("confirmation", context, language="es").text


def test_a_reader_without_a_value_for_a_word_gets_the_shipped_text(tess: User) -> None:
    email, now = named("confirmation"), timezone.now()
    mine = Text("", {"opening": "Dear {{ first_name }}, mine.", "ending": ""})
    save_text(email, "en", mine, seen=0, by=tess, now=now)
    context = {**context_for(email, None, now=now), "first_name": ""}
    assert "mine." not in render("confirmation", context).text
    assert "You’re booked." in render("confirmation", context).text


def test_only_what_differs_is_kept_so_that_the_rest_follows_new_versions(tess: User) -> None:
    email = named("follow_up.opened-a")
    shipped = shipped_text(email, "en")
    mine = Text(shipped.subject, {**shipped.parts, "closing": "Mine."})
    saved = save_text(email, "en", mine, seen=0, by=tess, now=timezone.now())
    assert saved
    assert (saved.subject, saved.parts) == ("", {"closing": "Mine."})
    assert completed(Text(saved.subject, saved.parts), shipped) == mine


def test_the_preview_shows_one_theme_whatever_the_device_prefers() -> None:
    shown = preview(named("confirmation"), Text(), language="en", client=None, now=timezone.now()).html
    assert "@media (prefers-color-scheme: dark)" in shown
    assert "prefers-color-scheme" not in in_theme(shown, dark=True) + in_theme(shown, dark=False)
    assert "light dark" not in in_theme(shown, dark=True) + in_theme(shown, dark=False)
    assert "@media all" in in_theme(shown, dark=True)
    assert "@media not all" in in_theme(shown, dark=False)


def test_the_language_of_the_texts_is_that_of_the_site() -> None:
    assert language_of("") == language_of(settings.LANGUAGE_CODE) == "en"
