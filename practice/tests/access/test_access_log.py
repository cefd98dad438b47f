"""Who opened whose record is written down once an hour, and one's own never."""

from __future__ import annotations

import ast
import datetime as dt
import re
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext_lazy

from practice.access.actions.open_record import log_action, log_opening
from practice.core import reasons
from practice.models import AccessLog, User
from practice.testing import make_user
from practice.tests.code.reading_order import layer, sources
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
NOTE = "access:note"


@pytest.fixture
def tess() -> User:
    return make_user("Tess", role=User.Role.OWNER)


@pytest.fixture
def ann() -> User:
    return make_user("Ann")


def test_who_opened_what_and_when_is_written_down(tess: User, ann: User) -> None:
    log_opening(tess, ann, NOTE, now=NOW)
    assert AccessLog.objects.values_list("reader", "whose", "code", "at").get() == (
        tess.pk,
        ann.pk,
        NOTE,
        NOW,
    )


@pytest.mark.parametrize(("minutes", "count"), [(0, 1), (59, 1), (60, 2), (61, 2)])
def test_the_same_again_within_an_hour_adds_nothing(tess: User, ann: User, minutes: int, count: int) -> None:
    log_opening(tess, ann, NOTE, now=NOW)
    log_opening(tess, ann, NOTE, now=NOW + dt.timedelta(minutes=minutes))
    assert AccessLog.objects.count() == count


def test_another_reader_person_or_thing_is_a_line_of_its_own(tess: User, ann: User) -> None:
    jonah, ben = make_user("Jonah", role=User.Role.PRACTITIONER), make_user("Ben")
    for reader, whose, code in (
        (tess, ann, NOTE),
        (jonah, ann, NOTE),
        (tess, ben, NOTE),
        (tess, ann, "access:intake"),
    ):
        log_opening(reader, whose, code, now=NOW)
    assert AccessLog.objects.count() == 4


def test_ones_own_record_is_no_news(ann: User) -> None:
    log_opening(ann, ann, NOTE, now=NOW)
    assert not AccessLog.objects.exists()


def test_a_record_erased_in_the_meantime_is_no_error(tess: User, ann: User) -> None:
    whose = User.objects.get(pk=ann.pk)
    ann.delete()
    log_opening(tess, whose, NOTE, now=NOW)
    assert not AccessLog.objects.exists()


def test_a_line_is_stored_as_a_code_and_worded_when_it_is_read(tess: User, ann: User) -> None:
    log_action(tess, ann, "access:permitted", now=NOW, name="Mira Vale")
    line = AccessLog.objects.get()
    assert (line.what, line.code, line.params) == ("", "access:permitted", {"name": "Mira Vale"})
    assert line.words == "let Mira Vale open the record"


def test_a_line_follows_the_language_of_its_reader(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "_sentences", {"access:day": gettext_lazy("January")})
    line = AccessLog(whose=ann, code="access:day")
    with translation.override("es"):
        assert line.words == "enero"


def test_an_old_line_is_shown_as_it_was_written(ann: User) -> None:
    assert AccessLog(whose=ann, what="100 % of the record").words == "100 % of the record"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "assigned a session to the record of Ann Lee"),
        (3, "assigned 3 sessions to the record of Ann Lee"),
    ],
)
def test_a_number_of_sessions_is_said_by_its_number(number: int, words: str) -> None:
    line = AccessLog(code="access:assigned_to_this", params={"number": number, "name": "Ann Lee"})
    assert line.words == words


CALLS = ("opened", "opened_all", "write_down")
CODE = re.compile(r"^access:[a-z_]+$")


def codes_given(text: str) -> set[str]:
    """The texts that a module gives the access log: in its calls, as `opens`, and what looks like a code."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        value: ast.AST | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            value = node.args[2] if len(node.args) > 2 else None
        elif isinstance(node, ast.Assign) and ast.unparse(node).startswith("opens = "):
            value = None if "Field(" in ast.unparse(node) else node.value  # a closure's field
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value):
            found.add(node.value)
        parts = ast.walk(value) if value else ()
        found |= {one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found - {""}


def test_every_code_that_is_given_has_its_words() -> None:
    texts = {name: text for name, text in sources().items() if layer(name) != "test support"}
    found = {name: codes_given(text) for name, text in texts.items()}
    assert len(set().union(*found.values())) > 20
    assert {name: bad for name, codes in found.items() if (bad := {c for c in codes if not known(c)})} == {}


def known(code: str) -> bool:
    return bool(CODE.match(code)) and reasons.has_sentence(code)


def test_a_sentence_and_a_code_without_words_are_found() -> None:
    planted = 'opened(user, her, _("record"), now=now)\nclass A:\n    opens = "access:moon"\n'
    assert codes_given(planted) == {"record", "access:moon"}
    assert not known("record")
    assert not known("access:moon")


def migrate(name: str) -> Any:
    """Go to this migration of the app; return its model as it is there."""
    executor = MigrationExecutor(connection)
    executor.migrate([("practice", name)])
    return (
        MigrationExecutor(connection)
        .loader.project_state(("practice", name))
        .apps.get_model("practice", "AccessLog")
    )


@proof_only  # a migration of the past; `test_overlap_guard.py` walks through all of them with empty tables
@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_undone_and_the_lines_still_say_something() -> None:
    ann = make_user("Ann")
    AccessLog.objects.create(whose=ann, what="chart")
    log_action(None, ann, "access:permitted", now=NOW, name="Mira " + "Vale" * 30)
    log_action(None, ann, "access:of_next_year", now=NOW)
    said = ["chart", ("let Mira " + "Vale" * 30)[:80], "access:of_next_year"]
    try:
        old = migrate("0027_locale_is_checked")
        assert list(old.objects.order_by("pk").values_list("what", flat=True)) == said
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert [one.words for one in AccessLog.objects.order_by("pk")] == said


def test_the_words_of_the_migration_are_those_of_today() -> None:
    step = import_module("practice.migrations.0028_access_log_codes")
    params = {"name": "Mira Vale", "number": 2}
    differ = {
        code
        for code in step.WORDS
        if step.as_words(code, params) != AccessLog(code=code, params=params).words
    }
    assert differ == {"access:assigned_to_this"}  # no plural there
