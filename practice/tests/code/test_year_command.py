"""`make year` never says of a run that broke off that no promise was broken."""

from __future__ import annotations

import sys

import pytest

from tools.year import __main__ as command
from tools.year.outcome import Outcome


def printed(found: list[Outcome], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints on SQLite, with its exit code at the end."""
    monkeypatch.setattr(command, "outcomes_on", lambda *_asked: found)
    monkeypatch.setattr(sys, "argv", ["make year", "--engine", "SQLite", "--seed", "1"])
    code = command.main()
    return f"{capsys.readouterr().out}{code}"


def test_a_run_that_broke_off_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = printed([], monkeypatch, capsys)
    assert said == "seed 1\nThe year on SQLite broke off; the error stands above.\n1"


def test_a_run_to_the_end_says_what_was_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = printed([Outcome("SQLite", 1, days=9, clients=2)], monkeypatch, capsys)
    assert said.endswith("No promise was broken.\n0")
