"""Texts with words in double braces: exact words of the list are filled in, and nothing else passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.email_texts.placeholders import (
    LONGEST,
    Problem,
    Wrong,
    fill,
    paragraphs,
    problems_of,
    problems_of_subject,
    tidy,
    words_in,
)

WORDS = frozenset({"name", "when"})


@pytest.mark.parametrize(
    ("text", "wrong", "shown"),
    [
        ("{{ client.delete }}", Wrong.EXECUTABLE, "{{ client.delete }}"),
        ("{{ {{ name }} }}", Wrong.NESTED, "{{ {{ name }} }}"),
        ("{{ na{{ name }}me }}", Wrong.NESTED, "{{ na{{ name }}me }}"),
        ("{% load wording %}", Wrong.EXECUTABLE, "{% load wording %}"),
        ("{% debug", Wrong.EXECUTABLE, "{% debug"),
        ("%} {{ name }}", Wrong.EXECUTABLE, "%}"),
        ("{# a comment #}", Wrong.EXECUTABLE, "{# a comment #}"),
        ("{{ name|safe }}", Wrong.EXECUTABLE, "{{ name|safe }}"),
        ("{{ name() }}", Wrong.EXECUTABLE, "{{ name() }}"),
        ("{{ NAME }}", Wrong.EXECUTABLE, "{{ NAME }}"),
        ("{{ nаme }}", Wrong.EXECUTABLE, "{{ nаme }}"),  # a Cyrillic letter
        ("{{ nmae }}", Wrong.UNKNOWN, "{{ nmae }}"),
        ("{{ name", Wrong.UNCLOSED, "{{ name"),
        ("{{ name\n}}", Wrong.UNCLOSED, "{{ name"),
        ("{{}}", Wrong.BRACES, "{{}}"),
        ("name }}", Wrong.BRACES, "}}"),
        ("{name}", Wrong.BRACES, "{name}"),
        ("{{{ name }}}", Wrong.BRACES, "{{{ name }}}"),
        ("<b>Hello</b>", Wrong.HTML, "<b>"),
        ("<script>alert(1)</script>", Wrong.HTML, "<script>"),
        ("<img src=x onerror=alert(1)", Wrong.HTML, "<img src=x onerror=alert(1)"),
        ("Hello\x00", Wrong.CONTROL, "U+0000"),
        ("Hello\ud800", Wrong.CONTROL, "U+D800"),
    ],
)
def test_what_is_no_listed_word_is_refused_by_name(text: str, wrong: Wrong, shown: str) -> None:
    first = problems_of(f"Fine {{{{ name }}}}.\n{text}", words=WORDS)[0]
    assert first == Problem(wrong, shown, 2)


@pytest.mark.parametrize(
    "text", ["1 < 2", "I <3 this", "50 % off", "a > b", "{{ name }}{{when}}", "C# and %"]
)
def test_plain_signs_and_listed_words_are_fine(text: str) -> None:
    assert problems_of(text, words=WORDS) == []


def test_a_megabyte_is_refused_by_its_length_alone() -> None:
    assert problems_of("{{ x }}" * 150_000, words=WORDS) == [Problem(Wrong.TOO_LONG)]
    assert problems_of("x" * LONGEST, words=WORDS) == []


def test_a_few_problems_are_named_and_not_thousands() -> None:
    assert len(problems_of("{x} " * 4000, words=WORDS)) == 5


def test_a_text_may_not_be_empty_unless_it_is_optional() -> None:
    assert problems_of(" \n ", words=WORDS) == [Problem(Wrong.EMPTY)]
    assert problems_of(" \n ", words=WORDS, may_be_empty=True) == []


@pytest.mark.parametrize(
    ("subject", "wrong"),
    [
        ("", Wrong.EMPTY),
        ("  ", Wrong.EMPTY),
        ("One\nTwo", Wrong.LINES),
        ("One\r\nBcc: x@example.com", Wrong.LINES),
        ("One\u2028Two", Wrong.LINES),
        ("x" * 151, Wrong.TOO_LONG),
        ("{{ when }}", Wrong.NOT_IN_SUBJECT),
        ("{{ other }}", Wrong.UNKNOWN),
    ],
)
def test_a_subject_is_one_line_without_words_that_say_too_much(subject: str, wrong: Wrong) -> None:
    (found,) = problems_of_subject(subject, words={"name"}, body_words=WORDS)
    assert found.wrong is wrong


def test_braces_in_a_value_stay_what_they_are() -> None:
    assert fill("{{ name }}", {"name": "{{ when }} {% x %}"}) == "{{ when }} {% x %}"


def test_a_word_without_a_value_is_an_error_and_never_an_empty_place() -> None:
    with pytest.raises(KeyError):
        fill("Hello {{ name }}", {})


def test_blank_lines_make_paragraphs_however_they_were_typed() -> None:
    typed = "\r\n One  \r\n \t\r\n\r\nTwo\rThree\n"
    assert paragraphs(tidy(typed), {}) == ("One", "Two\nThree")


@given(st.text(alphabet="{}%#|.<>/ \nabname_", max_size=60))
def test_a_text_that_passes_has_no_braces_but_those_of_listed_words(text: str) -> None:
    if problems_of(text, words=WORDS, may_be_empty=True):
        return
    assert words_in(text) <= WORDS
    filled = fill(text, dict.fromkeys(WORDS, "x"))
    assert not set("{}") & set(filled)
    assert "%}" not in filled
