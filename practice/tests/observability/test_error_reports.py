"""What a collector of errors is sent by the real SDK: what failed and where, and no word of anybody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal.tests.canary import CANARIES, MARK
from practice.observability.error_reports import without_words

BASE = Path(__file__).resolve().parents[3]
WORDS = [*CANARIES.values(), f"{MARK}ann@example.com"]


@pytest.fixture(scope="module")
def arrived(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All that one program sent, which failed in five ways."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "SITE_URL": "http://localhost:8000",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "practice.tests.observability.collector"],
        **{"cwd": BASE, "env": environment, "input": json.dumps(WORDS), "capture_output": True},
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    sent: list[str] = json.loads(ended.stdout.splitlines()[-1])
    return sent


def errors_of(arrived: list[str]) -> set[str]:
    return {
        kind for one in arrived for kind in re.findall(r'"type":"(\w+(?:Error))"', one.replace(": ", ":"))
    }


def test_all_that_failed_was_reported_with_its_place(arrived: list[str]) -> None:
    assert {"ValueError", "RuntimeError", "OSError", "LookupError", "SystemError"} <= errors_of(arrived)
    assert "letter: cannot be sent" in str(arrived)
    assert "fail_everywhere" in str(arrived)
    assert re.search(r"request_id[^,]{5,60}-", str(arrived))


def test_no_word_of_anybody_was_sent(arrived: list[str]) -> None:
    assert {word for word in WORDS if any(word in one for one in arrived)} == set()
    assert MARK not in str(arrived)


def test_nothing_around_a_request_or_a_program_was_sent(arrived: list[str]) -> None:
    names = set(re.findall(r'"(\w+)":', " ".join(one.partition("\n\n")[2] for one in arrived)))
    left_out = {
        "vars",
        "request",
        "user",
        "breadcrumbs",
        "extra",
        "modules",
        "server_name",
        "context_line",
        "value",
    }
    assert names & left_out == set()


def test_an_event_is_made_anew_so_that_what_is_added_later_stays_here() -> None:
    event = {
        "event_id": "1",
        "request": {"data": "knee"},
        "logentry": {"message": "knee"},
        "new_part": "knee",
    }

    assert without_words(event, {}) == {"event_id": "1", "tags": {}}
