"""A pytest plugin that adds up the processor time of each test file, its ended child processes included.

`--cpu-report FILE` writes it as JSON: {"files": {path: seconds}, "long": [paths], "starting": seconds}.
"""

from __future__ import annotations

import json
import resource
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def cpu_seconds() -> float:
    """Return the processor time of this process and of its ended children, in seconds."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class CpuByFile:
    """Counts in each worker; the process that started the workers adds them up and writes the file."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.files: Counter[str] = Counter()
        self.long: set[str] = set()
        self.starting = 0.0

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        before = cpu_seconds()
        result = yield
        path = item.nodeid.partition("::")[0]
        self.files[path] += cpu_seconds() - before
        if item.get_closest_marker("long"):
            self.long.add(path)
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker counted (xdist calls this where the workers were started)."""
        told = getattr(node, "workeroutput", {}).get("cpu")
        if told:
            self.files.update(told["files"])
            self.long |= set(told["long"])
            self.starting += told["starting"]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Tell the process that started this worker, or write the file."""
        if hasattr(self.config, "workerinput"):
            self.config.workeroutput["cpu"] = self.told()
        elif target := self.config.getoption("cpu_report"):
            Path(target).write_text(json.dumps(self.told()), encoding="utf-8")

    def told(self) -> dict[str, Any]:
        """Return the sums. `starting` is all that no test accounts for: loading, collecting, migrating."""
        here = 0.0 if self.starting else cpu_seconds() - sum(self.files.values())
        return {"files": dict(self.files), "long": sorted(self.long), "starting": self.starting + here}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--cpu-report", default="", help="write processor seconds by test file to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Start counting."""
    config.pluginmanager.register(CpuByFile(config), "cpu-by-file")
