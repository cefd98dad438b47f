"""A set of states has one name, and a name one set: two meanings of one name once hid a fault."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.db.models import TextChoices

from practice.tests.code.reading_order import ROOT, sources


def sets_in(module: ModuleType) -> Iterator[tuple[str, frozenset[str]]]:
    """(Name, members) of the constants of a module that are sets of states: of several, of one kind."""
    for name, value in vars(module).items():
        is_set = name.isupper() and isinstance(value, (tuple, frozenset, set)) and len(value) > 1
        if is_set and all(isinstance(one, TextChoices) for one in value):
            yield name, frozenset(f"{type(one).__qualname__}.{one.name}" for one in value)


def faults_of(modules: list[ModuleType]) -> list[str]:
    """What is said twice: one name with two sets, or one set with two names."""
    by_name, by_set = defaultdict(set), defaultdict(set)
    for module in modules:
        for name, members in sets_in(module):
            by_name[name].add(members)
            by_set[members].add(name)
    two_sets = [f"{name} means {len(found)} sets" for name, found in by_name.items() if len(found) > 1]
    return two_sets + [" and ".join(sorted(names)) for names in by_set.values() if len(names) > 1]


def all_modules() -> list[ModuleType]:
    skipped = {"tests", "management", "settings", "wsgi"}
    return [importlib.import_module(name) for name in sources() if not skipped & set(name.split("."))]


def test_one_name_for_each_set_of_states_and_one_set_for_each_name() -> None:
    modules = all_modules()
    assert any(dict(sets_in(module)) for module in modules)
    assert faults_of(modules) == []


def test_the_same_name_with_another_meaning_is_found() -> None:
    class State(TextChoices):
        COMPLETED = "completed"
        NO_SHOW = "no_show"
        BOOKED = "booked"

    one, other = ModuleType("one"), ModuleType("other")
    one.TOOK_PLACE = (State.COMPLETED, State.NO_SHOW)
    other.TOOK_PLACE = (State.BOOKED, State.COMPLETED)
    assert faults_of([one, other]) == ["TOOK_PLACE means 2 sets"]
    other.TOOK_PLACE, other.OVER = one.TOOK_PLACE, one.TOOK_PLACE
    assert faults_of([one, other]) == ["OVER and TOOK_PLACE"]


# Sets of appointment states are defined beside the model only, as methods of its queryset.

HOME = "booking.models"
STATES = {"HELD", "PENDING", "BOOKED", "COMPLETED", "NO_SHOW", "CANCELLED", "RELEASED"}


def foreign_aliases(tree: ast.AST) -> set[str]:
    """Names a module gives to the states of another model, as in `State = Letter.State`."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value).endswith(".State")
        for target in node.targets
        if isinstance(target, ast.Name) and ast.unparse(node.value) != "Appointment.State"
    }


def states_in(node: ast.AST, foreign: set[str]) -> set[str]:
    """The appointment states that a piece of code names, by attribute or by value."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and one.attr in STATES:
            owner = ast.unparse(one.value)
            if owner == "Appointment.State" or (owner == "State" and owner not in foreign):
                found.add(one.attr)
    return found


def ad_hoc_sets(text: str) -> list[str]:
    """The pieces of a module's code that make a set of appointment states of their own."""
    tree = ast.parse(text)
    foreign = foreign_aliases(tree)
    found = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Tuple, ast.List, ast.Set))
        and len({state for one in node.elts for state in own_states(one, foreign)}) > 1
    ]
    found += [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.BoolOp) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr))
        if len(states_in(node, foreign)) > 1
    ]
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return found + [ast.unparse(node) for node in imports if node.module == f"{HOME}.appointment_states"]


def own_states(item: ast.expr, foreign: set[str]) -> set[str]:
    """The state that an item of a tuple, list or set is, by attribute or by value."""
    if isinstance(item, ast.Constant):
        return {str(item.value).upper()} & STATES
    return states_in(item, foreign) if isinstance(item, ast.Attribute) else set()


def test_no_module_but_the_model_makes_a_set_of_appointment_states() -> None:
    apart = (HOME, f"{HOME}.appointment", f"{HOME}.appointment_states")
    texts = {name: text for name, text in sources().items() if name not in apart and ".tests" not in name}
    assert {name: found for name, text in texts.items() if (found := ad_hoc_sets(text))} == {}


def ad_hoc_tests(template: str) -> list[str]:
    """The tags of a template that ask for several appointment states by name."""
    tags = re.findall(r"{%[^%]*%}", template)
    asked = {tag: {one.upper() for one in re.findall(r'state [!=]= "(\w+)"', tag)} for tag in tags}
    return [tag for tag, states in asked.items() if len(states) > 1 and states <= STATES]


def test_no_template_asks_for_several_states_by_name() -> None:
    pages = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))
    assert len(pages) > 100
    assert {page.name: found for page in pages if (found := ad_hoc_tests(page.read_text("utf-8")))} == {}
    assert ad_hoc_tests('{% if one.state == "completed" or one.state == "no_show" %}')
    assert not ad_hoc_tests('{% if letter.state == "failed" or letter.state == "unknown" %}')


@pytest.mark.parametrize(
    "planted",
    [
        "AHEAD = (State.BOOKED, State.PENDING)",
        "found.exclude(state__in=[Appointment.State.HELD, Appointment.State.RELEASED])",
        "found.filter(state__in=('booked', 'pending'))",
        "over = one.state == State.COMPLETED or one.state == State.NO_SHOW",
        "came = Q(state=State.COMPLETED) | Q(state=State.BOOKED, starts_at__lte=now)",
        "from booking.models.appointment_states import EXPECTED",
    ],
)
def test_a_planted_set_is_found(planted: str) -> None:
    assert ad_hoc_sets(f"State = Appointment.State\n{planted}")


def test_the_states_of_another_model_are_its_own_matter() -> None:
    assert not ad_hoc_sets("State = Letter.State\nNEVER = (State.CANCELLED, State.RELEASED)")
    assert not ad_hoc_sets("WENT = (Letter.State.SENT, Letter.State.CANCELLED)")
