"""A set of states has one name, and a name one set: two meanings of one name once hid a fault."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType

from django.db.models import TextChoices

from practice.tests.reading_order import sources


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
