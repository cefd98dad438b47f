"""What fails in a browser has a second try, which is said aloud; nothing else has one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools import run_tests
from tools.run_tests import Part, Report

pytestmark = pytest.mark.once
BROWSER = Part("browser", "browser", workers=2, twice=True)
GUARD = Part("processes", "processes", workers=3)
FAILED = '<testcase classname="practice.tests.browser.test_map" name="{name}"><failure/></testcase>'
XML = """<testsuites><testsuite tests="{tests}" failures="{failures}" errors="0" skipped="1">
<testcase classname="practice.tests.test_look" name="test_fine"/>{cases}</testsuite></testsuites>"""


def report(folder: Path, *failed: str) -> Report:
    """What pytest writes when five tests ran beside those that failed, and one was skipped."""
    file = folder / "report.xml"
    cases = "".join(FAILED.format(name=name) for name in failed)
    file.write_text(XML.format(tests=6 + len(failed), failures=len(failed), cases=cases))
    return Report.read(file)


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the tries of a part end like this, one after the other; what is left of them."""

    def ends(*endings: tuple[int, Report]) -> list[tuple[int, Report]]:
        left = list(endings)
        monkeypatch.setattr(run_tests, "once", lambda *_command: left.pop(0))
        return left

    return ends


def test_a_report_names_what_failed(tmp_path: Path) -> None:
    read = report(tmp_path, "test_b[chromium]")
    assert (read.passed, read.failed, read.skipped) == (5, 1, 1)
    assert read.wrong == ["practice/tests/browser/test_map.py::test_b[chromium]"]


def test_what_passes_at_the_second_try_is_named(tmp_path: Path, tries: Any) -> None:
    tries((1, report(tmp_path, "test_b")), (0, Report(passed=1)))
    result = run_tests.run(BROWSER)
    assert (result.passed, result.failed, result.broken) == (6, 0, False)
    assert result.late == ["practice/tests/browser/test_map.py::test_b"]


def test_what_fails_twice_failed(tmp_path: Path, tries: Any) -> None:
    tries((1, report(tmp_path, "test_b")), (1, report(tmp_path, "test_b")))
    result = run_tests.run(BROWSER)
    assert (result.passed, result.failed, result.late) == (5, 1, [])


def test_a_second_try_that_finds_no_test_is_none(tmp_path: Path, tries: Any) -> None:
    tries((1, report(tmp_path, "test_b")), (0, Report()))
    assert run_tests.run(BROWSER).failed == 1


@pytest.mark.parametrize(("part", "failed"), [(BROWSER, "abcd"), (GUARD, "a")])
def test_many_or_what_the_practice_lives_from_have_no_second_try(
    tmp_path: Path, tries: Any, part: Part, failed: str
) -> None:
    left = tries((1, report(tmp_path, *failed)), (0, Report(passed=len(failed))))
    assert (run_tests.run(part).failed, len(left)) == (len(failed), 1)


def test_a_part_that_ended_badly_without_a_failure_did_not_run(tries: Any) -> None:
    tries((3, Report()))
    assert run_tests.run(BROWSER).broken
