"""`make test` runs on both databases whatever depends on the database; what is not marked is found here."""

import ast

import pytest

from practice.tests.code.engine_marks import reasons, uncovered, unmarked_tests
from practice.tests.code.reading_order import is_edge, layer, sources

MODULES = sources()
TESTS = {name: text for name, text in MODULES.items() if name.rpartition(".")[2].startswith("test_")}
CODE = {name: text for name, text in MODULES.items() if layer(name) != "test support"}
EDGES = {name for name in CODE if is_edge(layer(name)) or layer(name) == "the demo"}


def test_every_test_that_depends_on_the_database_is_marked():
    """Browser tests meet the database only behind a whole practice."""
    found = {name: unmarked_tests(ast.parse(text)) for name, text in TESTS.items() if ".browser." not in name}
    assert {name: tests for name, tests in found.items() if tests} == {}


def test_every_module_that_depends_on_the_database_is_reached_by_a_marked_test():
    assert uncovered(CODE, TESTS, edges=EDGES) == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("connection.cursor()", "raw SQL"),
        ("User.objects.raw('SELECT 1')", "raw SQL"),
        ("rows.select_for_update(skip_locked=True)", "a lock"),
        ("rows.filter(leased_until__lt=Now())", "the database's clock"),
        ("mine = rows.filter(state='planned').update(state='claimed')", "a claim"),
        ("if not rows.filter(pk=1).update(done=True): pass", "a claim"),
        ("rows.filter(count__lt=3).update(count=4) == 1", "a claim"),
        ("rows.annotate(day=TruncDate('at'))", "a window"),
        ("rows.filter(starts_at__date=today)", "a look-up inside a time or JSON"),
        ("key = sha256(secret).hexdigest()", "a digest"),
        ("if connection.vendor == 'sqlite': pass", "which database it is"),
        ("try: pass\nexcept IntegrityError: pass", "a refusal of the database"),
    ],
)
def test_what_depends_on_the_database_is_recognized(line, reason):
    assert reasons(ast.parse(line)) == {reason}


def test_an_unmarked_test_is_found_through_its_fixture():
    text = "def rows(): connection.cursor()\ndef test_a(rows): pass\ndef test_b(): pass"
    assert unmarked_tests(ast.parse(text)) == {"test_a": {"raw SQL"}}


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.engines\ndef test_a(): connection.cursor()",
        "pytestmark = [pytest.mark.engines]\ndef test_a(): connection.cursor()",
    ],
)
def test_a_marked_test_is_not_found(text):
    assert unmarked_tests(ast.parse(text)) == {}


@pytest.mark.parametrize(("mark", "found"), [("engines", {}), ("long", {"booking.lock": {"a lock"}})])
def test_a_module_is_reached_only_by_a_marked_test(mark, found):
    code = {"booking.lock": "rows.select_for_update()", "booking.book": "from booking import lock"}
    tests = {
        "booking.tests.appointments.test_book": f"from booking import book\npytestmark = pytest.mark.{mark}"
    }
    assert uncovered(code, tests, edges=set()) == found


def test_a_mark_may_name_what_its_test_reaches_over_http():
    code = {"booking.lock": "rows.select_for_update()"}
    tests = {
        "booking.tests.appointments.test_pages": "@pytest.mark.engines('booking.lock')\ndef test_a(): pass"
    }
    assert uncovered(code, tests, edges=set()) == {}
