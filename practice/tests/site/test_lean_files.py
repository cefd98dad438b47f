"""What browsers get of our scripts and styles: all of the code, and none of the comments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from practice.web.lean_files import lean_script, lean_style

STATIC = Path(__file__).resolve().parents[2] / "static"
SCRIPTS = sorted((STATIC / "js").glob("*.js"))


@pytest.mark.parametrize(
    ("text", "lean"),
    [
        ("  // gone\n  const a = 'http://here'; // stays\n", "const a = 'http://here'; // stays\n"),
        ("a();\n\n\n// gone\n\nb();\n", "a();\nb();\n"),
        ("const a = /  x/;\n", "const a = /  x/;\n"),
        ("", ""),
    ],
)
def test_a_script_loses_only_lines_that_are_comments(text: str, lean: str) -> None:
    assert lean_script(text) == lean


def test_a_style_loses_its_comments_over_several_lines() -> None:
    assert lean_style("/* a\n b */\n.x {\n  color: red; /* c */\n}\n") == ".x {\ncolor: red;\n}\n"


@pytest.mark.parametrize("lean", [lean_script, lean_style])
def test_what_is_lean_stays_as_it_is(lean: Callable[[str], str]) -> None:
    once = lean("  a;\n\n  // b\n  /* c */ d;\n")
    assert lean(once) == once


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_template_text_of_ours_goes_over_several_lines(path: Path) -> None:
    """Else a line of it that looks like a comment, or its indentation, would be lost."""
    assert [line for line in path.read_text().splitlines() if line.count("`") % 2] == []
