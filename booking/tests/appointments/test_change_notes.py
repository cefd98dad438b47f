"""The note beside each change: a person's words stay, and what the system says is worded when it is read."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from booking.access import reason_for
from booking.appointments.actions.cancel import cancel
from booking.models import AppointmentChange, SessionType
from booking.tests.people import TEN, booked, minutes, noted
from booking.wording import SENTENCES, note_of
from practice.models import Practice, Practitioner
from practice.tests.code.reading_order import sources

pytestmark = pytest.mark.django_db
Code = AppointmentChange.Code
LATE = TEN - minutes(60 * 10)


def a_change(**fields: Any) -> AppointmentChange:
    return AppointmentChange(what="cancelled", **fields)


def test_a_late_cancel_is_stored_as_a_sum_and_worded_for_who_reads_it(
    session: SessionType, tess: Practitioner, practice: Practice
) -> None:
    change = cancel(booked(session, tess), now=LATE).changes.get(what="cancelled")
    assert (change.note, change.code, change.params) == ("", "late_fee", {"cents": 4750, "currency": "USD"})
    Practice.objects.update(home_locale="es")
    assert "47,50" in reason_for(tess.user, change)
    assert noted(change.appointment, "cancelled") == "Late: $47.50 by policy."


def test_an_old_row_is_shown_as_it_was_written() -> None:
    old = a_change(note="Late: $70 by policy.")
    assert note_of(old, locale="es") == "Late: $70 by policy."


def test_a_code_of_another_version_is_shown_as_it_is() -> None:
    assert note_of(a_change(code="paid_online"), locale="en-us") == "paid_online"


def test_the_words_of_a_person_come_before_those_of_the_system() -> None:
    both = a_change(note="She flies out tomorrow.", code=Code.BEEN_HERE)
    assert note_of(both, locale="en-us") == "She flies out tomorrow."
    assert note_of(a_change(), locale="en-us") == ""


@pytest.mark.parametrize("code", Code.values)
def test_every_code_has_its_sentence(code: str) -> None:
    params = {"cents": 0, "currency": "USD", "was": "Tess", "now": "Jonah"}
    found = note_of(a_change(code=code, params=params), locale="en-us")
    assert found[0].isupper()
    assert found.endswith(".")
    assert set(SENTENCES) == set(Code.values)


def test_the_system_writes_no_sentence_into_a_note() -> None:
    texts = {name: text for name, text in sources().items() if ".tests" not in name}
    assert {name: found for name, text in texts.items() if (found := sentences_written(text))} == {}


def test_a_sentence_written_into_a_note_is_found() -> None:
    assert sentences_written("record(after, what, note='' if by else _('No one answered.'))")
    assert sentences_written("release(held, note=f'Closed on {day}')")
    assert not sentences_written("record(after, what, note=override_note)")


def sentences_written(text: str) -> list[str]:
    """The calls of `record` and `release` whose note is a sentence of the code's own."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ("record", "release")
        for keyword in call.keywords
        if keyword.arg == "note" and is_worded(keyword.value)
    ]


def is_worded(value: ast.expr) -> bool:
    """Whether an expression has words in it: a call for a translation, or a text that is not empty."""
    return any(
        (isinstance(node, ast.Call) and ast.unparse(node.func) in ("_", "gettext", "ngettext"))
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != "")
        for node in ast.walk(value)
    )
