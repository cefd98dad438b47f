"""Each feature says in a README of its own what it does, and names files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from practice.tests.code.reading_order import APPS, ROOT

#: Folders of an app that are a layer of all features, or hold no code of one.
NO_FEATURE = {"admin", "content", "management", "migrations", "models", "static", "templatetags", "tests"}
LONGEST = 40  # lines: read in a minute
FEATURES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).iterdir()
    if path.is_dir() and path.name not in NO_FEATURE and any(path.rglob("*.py"))
)
NAMED = re.compile(r"`([\w./-]+\.py)`")


def lines_of(feature: Path) -> list[str]:
    """Return the README's lines; none where there is no README."""
    readme = feature / "README.md"
    return readme.read_text(encoding="utf-8").splitlines() if readme.exists() else []


def is_there(name: str, feature: Path) -> bool:
    """Return whether a file of that name lies in the feature, beside it, or where its whole path says."""
    places = [feature, *(path for path in feature.rglob("*") if path.is_dir()), feature.parent, ROOT]
    return any((place / name).exists() for place in places)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: f"{path.parent.name}.{path.name}")
def test_each_feature_has_a_short_readme(feature: Path) -> None:
    assert 3 <= len(lines_of(feature)) <= LONGEST


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: f"{path.parent.name}.{path.name}")
def test_every_file_named_there_exists(feature: Path) -> None:
    named = NAMED.findall("\n".join(lines_of(feature)))
    assert [name for name in named if not is_there(name, feature)] == []


def test_a_file_that_is_not_there_is_found() -> None:
    assert not is_there("nowhere.py", FEATURES[0])
