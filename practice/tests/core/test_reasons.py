"""Why an email waits, failed or was called off: codes on its row, words when it is shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext_lazy

from practice.core import reasons
from practice.core.reasons import as_written, because, has_sentence, reason_in_words
from practice.models import Letter
from practice.tests.code.reading_order import layer, sources
from practice.tests.mail.builders import make_letter
from practice.tests.sampling import proof_only

ENDS = ("NoAnswer", "Later", "Refused", "Unsure", "because")
BEFORE = [("practice", "0020_letter_channel"), ("portal", "0017_plain_labels")]


@pytest.fixture(autouse=True)
def own_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences that a test registers are gone after it."""
    monkeypatch.setattr(reasons, "_sentences", dict(reasons._sentences))


def codes_in(modules: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every code that the program gives as a reason, with its module."""
    for module, text in modules.items():
        if layer(module) == "test support":
            continue
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ENDS):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield module, first.value


def test_every_code_that_is_given_has_a_sentence() -> None:
    found = set(codes_in(sources()))
    assert len(found) > 50
    assert {(module, code) for module, code in found if not has_sentence(code)} == set()


def test_a_planted_code_without_a_sentence_is_found() -> None:
    planted = {"booking.letters.digest": 'CallOff(because("full_moon"))'}
    assert list(codes_in(planted)) == [("booking.letters.digest", "full_moon")]
    assert not has_sentence("full_moon")


def test_several_reasons_are_several_sentences() -> None:
    why = because("rejected", said="550 5.1.1 no such user") + because("eight_tries")
    assert (
        reason_in_words(why) == "The mail server rejected it: 550 5.1.1 no such user. We tried eight times."
    )
    assert reason_in_words([]) == ""


def test_an_old_row_speaks_the_language_of_who_reads_it() -> None:
    reasons.register({"test:day": gettext_lazy("January")})  # a word that Django translates
    why = because("test:day")
    assert reason_in_words(why) == "January"
    with translation.override("es"):
        assert reason_in_words(why) == "enero"


def test_what_was_stored_as_a_sentence_is_shown_as_it_was_written() -> None:
    assert reason_in_words(as_written("No such user, 100 % sure.")) == "No such user, 100 % sure."
    assert as_written("") == []


@pytest.mark.parametrize("why", [because("of_next_year"), because("rejected", other="x")])
def test_a_row_of_another_version_closes_no_page(why: Any) -> None:
    assert reason_in_words(why) == why[0]["code"]


def test_one_code_says_one_thing() -> None:
    with pytest.raises(ValueError, match="eight_tries"):
        reasons.register({"eight_tries": "We tried nine times."})


def migrate(where: Any) -> Any:
    """Go to these migrations; return the models as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate(where)
    return MigrationExecutor(connection).loader.project_state(where).apps


def onward() -> None:
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


@proof_only  # a migration of the past; `test_overlap_guard.py` walks through all of them with empty tables
@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_the_migration_keeps_old_sentences_and_goes_both_ways() -> None:
    """One walk there and back: each migration takes seconds."""
    code = because("rejected", said="550 no") + because("eight_tries")
    for why in (as_written("The address is not known there."), code, []):
        make_letter(why=why)
    try:
        old = migrate(BEFORE).get_model("practice", "Letter")
        texts = list(old._base_manager.order_by("pk").values_list("reason", flat=True))
        assert texts[0] == "The address is not known there."
        assert (texts[2], "550 no" in texts[1]) == ("", True)
    finally:
        onward()
    found = Letter.objects.order_by("pk")
    assert [one.why for one in found] == [as_written("The address is not known there."), code, []]


@pytest.mark.parametrize(
    "name", ["practice.migrations.0021_letter_why", "portal.migrations.0018_follow_up_why"]
)
def test_each_migration_reads_back_what_it_wrote(name: str) -> None:
    step = import_module(name)
    for why in (
        as_written("Held back."),
        because("follow_up:paused", due="2027-03-02"),
        because("as_written", text="["),
    ):
        assert step.kept_as_code(step.kept_as_sentence(why)) == why
