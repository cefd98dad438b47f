"""A pinned package known to be unsafe fails the checks; where that cannot be asked, a sentence says so."""

import json
from datetime import date

import pytest

from tools.audit import WAIT, Allowed, judge

TODAY = date(2027, 3, 16)
FINE = {"name": "django", "version": "5.2.19", "vulns": []}
UNKNOWN = {
    "name": "vine",
    "skip_reason": "Dependency not found on PyPI and could not be audited: …",
}
UNSAFE = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": ["CVE-2019-10906"]}],
}
NAMED = "pip-audit: jinja2 2.4.1: PYSEC-2019-217, CVE-2019-10906, mended in 2.10.1"
UNREACHED = "pip-audit: not run: its data cannot be reached from here"


def report(*packages):
    return json.dumps({"dependencies": packages, "fixes": []})


def ended(code, out="", err="", *, exceptions=()):
    return judge(code, out, err, today=TODAY, exceptions=exceptions)


def excused(name, until):
    return [Allowed(name, until, "only on Windows")]


@pytest.mark.parametrize("others", [[], [FINE], [UNKNOWN], [FINE, UNKNOWN]])
def test_a_known_vulnerability_fails_whatever_else_is_so(others):
    assert ended(1, report(*others, UNSAFE), "Found 1 known vulnerability in 1 package") == (1, NAMED)


def test_nothing_known_is_fine():
    assert ended(0, report(FINE), "No known vulnerabilities found") == (
        0,
        "pip-audit: 1 packages, nothing known against them.",
    )


@pytest.mark.parametrize(
    "err",
    [
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='pip.example'): Max retries exceeded",
        "requests.exceptions.ProxyError: HTTPSConnectionPool(host='pip.example'): Max retries exceeded",
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='pip.example'): Read timed out.",
        "requests.exceptions.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "requests.exceptions.HTTPError: 503 Server Error\n[…]\npip_audit._service.interface.ServiceError",
        "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\nERROR:pip_audit._cli:Tip: […]",
        "ERROR:pip_audit._cli:PyPI is not redirecting properly\nERROR:pip_audit._cli:Tip: […]",
    ],
)
def test_data_out_of_reach_is_said_and_does_not_fail(err):
    assert ended(1, "", f"Traceback (most recent call last):\n[…]\n{err}") == (0, f"{UNREACHED}.")


def test_no_answer_in_time_does_not_fail():
    assert ended(None) == (0, f"pip-audit: not run: its data did not come within {WAIT} seconds.")


def test_a_place_that_knows_no_package_at_all_has_judged_nothing():
    """pip-audit itself ends with 0 and says that no vulnerability is known."""
    assert ended(0, report(UNKNOWN, UNKNOWN), "No known vulnerabilities found") == (
        0,
        f"{UNREACHED} (it knew none of 2 packages).",
    )


def test_a_package_that_was_not_judged_is_named():
    assert ended(0, report(FINE, UNKNOWN), "No known vulnerabilities found") == (
        0,
        "pip-audit: not run for vine: the version is not known there.",
    )


@pytest.mark.parametrize(
    ("code", "out", "err"),
    [
        (1, "", "ERROR:pip_audit._cli:requirement jinja2==2.4.1 does not contain a hash"),
        (1, "", "/srv/.venv/bin/python: No module named pip_audit"),
        (1, "", "pip_audit._service.interface.ServiceError: Received malformed version from PyPI: x"),
        (2, "", "pip-audit: error: unrecognized arguments: --nope"),
        (-9, "", ""),
        (0, "", ""),
        (0, "a page for people", ""),
        (0, "[]", ""),
        (0, report(), "No known vulnerabilities found"),  # the lock names nothing
        (0, report(UNSAFE), ""),  # its code and its report disagree
        (1, report(FINE), ""),
        (2, report(FINE), "requests.exceptions.ConnectionError: […]"),
    ],
)
def test_any_other_end_fails_with_what_was_said(code, out, err):
    verdict = ended(code, out, err)
    assert verdict.code == 1
    assert verdict.said.startswith(f"pip-audit: it ended with {code} ")
    assert err in verdict.said


@pytest.mark.parametrize("name", ["PYSEC-2019-217", "CVE-2019-10906"])
@pytest.mark.parametrize("until", [TODAY, date(2027, 3, 17)])
def test_an_exception_holds_up_to_its_day(name, until):
    assert ended(1, report(FINE, UNSAFE), exceptions=excused(name, until)).code == 0


def test_an_exception_is_for_one_vulnerability_only():
    assert ended(1, report(UNSAFE), exceptions=excused("CVE-2019-99999", TODAY)) == (1, NAMED)


@pytest.mark.parametrize("code", [0, 1, None])
def test_an_exception_past_its_day_fails_even_where_nothing_can_be_asked(code):
    out = {0: report(FINE), 1: report(UNSAFE), None: ""}[code]
    assert ended(code, out, exceptions=excused("PYSEC-2019-217", date(2027, 3, 15))) == (
        1,
        "pip-audit: the exception for PYSEC-2019-217 ended on 2027-03-15 (only on Windows)",
    )
