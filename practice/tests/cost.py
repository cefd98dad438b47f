"""A pytest plugin that adds up what each test file costs, its ended child processes included.

`--cost-report FILE` writes {"files": {path: {"cpu": seconds, "seconds": seconds}}, "long": [paths],
"torn": [paths that ran in more than one worker], "second": {test that passed on its second try: why its first
failed}, "twice": {test that failed again: the same}} as JSON.
The path "starting" stands for all that no test accounts for (loading, collecting, copying databases), and
"ending" for what the whole session shared: a practice that was up, its browser.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def cpu_seconds() -> float:
    """Return the processor time of this process and of its ended children, in seconds."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Costs:
    """Counts in each worker; the process that started the workers adds them up and writes the file."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.files: dict[str, dict[str, float]] = {}
        self.long: set[str] = set()
        self.torn: set[str] = set()
        self.first_tries: dict[str, str] = {}
        self.failed: set[str] = set()

    def add(self, path: str, *, cpu: float, seconds: float) -> None:
        """Add to the costs of a file."""
        cost = self.files.setdefault(path, {"cpu": 0.0, "seconds": 0.0})
        cost["cpu"] += cpu
        cost["seconds"] += seconds

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Measure set-up, call and teardown of a test."""
        cpu, began = cpu_seconds(), time.perf_counter()
        result = yield
        path = item.nodeid.partition("::")[0]
        self.add(path, cpu=cpu_seconds() - cpu, seconds=time.perf_counter() - began)
        if item.get_closest_marker("long"):
            self.long.add(path)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        """After the last test, what the whole session shared ends (a practice, a browser): no file's cost."""
        cpu = cpu_seconds()
        result = yield
        if nextitem is None:
            spent = cpu_seconds() - cpu
            self.add("ending", cpu=spent, seconds=0.0)
            self.add(item.nodeid.partition("::")[0], cpu=-spent, seconds=0.0)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note who failed, and who is tried a second time, with the first line of what went wrong."""
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.outcome == "rerun":  # type: ignore[comparison-overlap]  # pytest-rerunfailures' own
            reason = getattr(report.longrepr, "reprcrash", None)
            said = reason.message if reason else report.longreprtext.strip()
            self.first_tries.setdefault(report.nodeid, said.partition("\n")[0])

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker counted (xdist calls this where the workers were started)."""
        told = getattr(node, "workeroutput", {}).get("cost", {"files": {}, "long": []})
        self.torn |= {path for path in told["files"].keys() & self.files.keys() if path.endswith(".py")}
        for path, cost in told["files"].items():
            self.add(path, **cost)
        self.long |= set(told["long"])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Tell the process that started this worker, or write the file."""
        is_worker = hasattr(self.config, "workerinput")
        if is_worker or not self.config.getoption("numprocesses", 0):
            counted = sum(cost["cpu"] for cost in self.files.values())
            self.add("starting", cpu=cpu_seconds() - counted, seconds=0.0)
        tried = self.first_tries.items()
        told = {
            "files": self.files,
            "long": sorted(self.long),
            "torn": sorted(self.torn),
            "second": {test: why for test, why in tried if test not in self.failed},
            "twice": {test: why for test, why in tried if test in self.failed},
        }
        if is_worker:
            self.config.workeroutput["cost"] = told
        elif target := self.config.getoption("cost_report"):
            Path(target).write_text(json.dumps(told), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--cost-report", default="", help="write what each test file cost to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    config.pluginmanager.register(Costs(config), "costs")
