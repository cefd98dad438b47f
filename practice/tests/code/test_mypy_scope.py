"""mypy reads every module: a new file or folder is checked without a word in pyproject.toml."""

import re
import tomllib
from pathlib import PurePosixPath

import pytest

from practice.tests.code.reading_order import ROOT

TREES = ("practice", "booking", "portal", "tools", "bench")
LEFT_OUT = {"migrations", "tests"}
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]


def modules(root):
    """What has to be checked, as paths from the root: all but migrations and tests."""
    found = (path.relative_to(root) for tree in TREES for path in (root / tree).rglob("*.py"))
    return {path.as_posix() for path in found if not LEFT_OUT & set(path.parts)}


def unchecked(root, *, files, exclude):
    """The modules mypy would not read: below none of `files`, or excluded, alone or with a folder above."""
    begun = {path.relative_to(root).as_posix() for entry in files for path in root.glob(entry)}
    patterns = [exclude] if isinstance(exclude, str) else exclude
    left = set()
    for path in modules(root):
        folders = [folder.as_posix() for folder in PurePosixPath(path).parents]
        tried = [path, *(f"{folder}/" for folder in folders)]
        excluded = any(re.search(pattern, one) for pattern in patterns for one in tried)
        if excluded or begun.isdisjoint({path, *folders}):
            left.add(path)
    return left


def test_every_module_but_migrations_and_tests_is_checked():
    assert len(modules(ROOT)) > 300
    assert unchecked(ROOT, files=SETTINGS["files"], exclude=SETTINGS["exclude"]) == set()


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({}, set()),
        ({"files": ["booking", "portal", "tools", "bench"]}, {"practice/new/rule.py", "practice/urls.py"}),
        ({"files": ["practice/*.py", "booking"]}, {"practice/new/rule.py"}),
        ({"exclude": ["(^|/)(migrations|tests|new)/"]}, {"practice/new/rule.py"}),
        ({"exclude": ["(urls|admin)\\.py$"]}, {"practice/urls.py"}),
        ({"exclude": "urls"}, {"practice/urls.py"}),
    ],
)
def test_a_module_that_is_left_out_is_found(tmp_path, change, left):
    for name in ("new/rule.py", "urls.py", "tests/test_rule.py", "migrations/0001_initial.py"):
        planted = tmp_path / "practice" / name
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.touch()
    said = {name: SETTINGS[name] for name in ("files", "exclude")} | change
    assert unchecked(tmp_path, **said) == left


def test_nothing_of_ours_is_excused():
    """Exceptions are for libraries without types, and for the tests' processes a bench begins with."""
    excused = [name for one in SETTINGS["overrides"] for name in one["module"]]
    assert [name for name in excused if name.split(".")[0] in {*TREES, "*"}] == ["*.tests.*"]
    assert not {"ignore_errors", "ignore_missing_imports", "follow_imports"} & SETTINGS.keys()


@pytest.mark.parametrize(
    "name", ["check_untyped_defs", "disallow_untyped_defs", "disallow_incomplete_defs", "warn_unused_ignores"]
)
def test_a_function_without_types_is_a_mistake(name):
    assert SETTINGS[name] is True
