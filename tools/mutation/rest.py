"""Mutations where mutmut makes none: tables and constants, class defaults, decorated functions.

The same changes by mutmut's own operators, but the module is changed before it is imported, so that each
change needs a process of its own. Run in the folder that `__main__.py` lays out; writes `rest.json` there.
"""

import argparse
import importlib.abc
import importlib.util
import json
import multiprocessing
import os
import signal
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import hypothesis  # noqa: F401  (imported once, for all the processes to come)
import libcst as cst
import pytest
from mutmut.mutation.mutators import mutation_operators

PATIENCE = 120  # seconds of wall time: a change that makes the tests go on for ever was noticed
# The tests that may notice, quickest first.
NOTICING = {
    "booking/availability/engine": ["booking/tests/engine"],
    "booking/offers/matching": ["booking/tests/engine"],
    "booking/policy/deadlines": ["booking/tests/engine"],
    "booking/time_off/matching": ["booking/tests/engine"],
    "portal/practice_log/listening": ["portal/tests/practice_log/test_listening.py"],
    "portal/followups": ["portal/tests/followups"],
    "practice/core/clock": [
        "practice/tests/core/test_clock.py",
        "booking/tests/engine",
        "portal/tests/followups",
    ],
}


class Elsewhere(cst.CSTVisitor):
    """A visitor that collects `(node, changed node)` where mutmut makes no change, without annotations."""

    METADATA_DEPENDENCIES = (cst.metadata.PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode, int]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note the changes of this node; return whether to look at what is in it."""
        if isinstance(node, cst.FunctionDef) and not _is_left_alone(node):
            return False
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom) or _names_a_type(
            node
        ):
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                line = self.get_metadata(cst.metadata.PositionProvider, node).start.line
                self.found += ((node, changed, line) for changed in operator(node))
        return True


def _is_left_alone(function: cst.FunctionDef) -> bool:
    names = [one.decorator.value for one in function.decorators if isinstance(one.decorator, cst.Name)]
    return bool(function.decorators) and names not in (["staticmethod"], ["classmethod"])


def _names_a_type(node: cst.CSTNode) -> bool:
    """Return whether a node names a type (`Pair = tuple[int, int]`) or `__all__`, or is a spared call."""
    if isinstance(node, cst.Assign):
        target = node.targets[0].target
        return isinstance(node.value, cst.Subscript) or getattr(target, "value", "") == "__all__"
    return isinstance(node, cst.Call) and getattr(node.func, "value", "") in ("len", "isinstance")


def changes(name: str) -> list[tuple[str, str, int]]:
    """Return each change of a file: its name, the whole changed text, the line."""
    wrapper = cst.metadata.MetadataWrapper(cst.parse_module(Path(name).read_text()))
    visitor = Elsewhere()
    wrapper.visit(visitor)
    texts = []
    for node, changed, line in visitor.found:
        text = wrapper.module.deep_replace(node, changed).code
        if text != wrapper.module.code:
            texts.append((name, text, line))
    return texts


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """An importer that loads one module from a text instead of its file."""

    def __init__(self, module: str, text: str) -> None:
        self.module, self.text = module, text

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return a spec for the one module."""
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed text."""
        exec(compile(self.text, self.module, "exec"), module.__dict__)


def is_noticed(change: tuple[str, str, int]) -> bool:
    """Return whether a test fails. Called in a process that has imported nothing of the practice yet."""
    name, text, _ = change
    sys.meta_path.insert(0, Changed(name.removesuffix(".py").replace("/", "."), text))
    sys.path.insert(0, os.getcwd())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def give_up(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    tests = next(paths for area, paths in NOTICING.items() if name.startswith(area))
    return pytest.main(["-x", *tests]) != pytest.ExitCode.OK


def main() -> None:
    """Try every change of the named files, several at once, and write down the results."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--jobs", type=int, default=1)
    reader.add_argument("names", nargs="+")
    options = reader.parse_args()
    todo = [change for name in options.names for change in changes(name)]
    # Once for each area: the first of its files, as it is.
    firsts = {area: name for name in reversed(options.names) for area in NOTICING if name.startswith(area)}
    unchanged = [(name, Path(name).read_text(), 0) for name in firsts.values()]
    with multiprocessing.get_context("fork").Pool(options.jobs, maxtasksperchild=1) as pool:
        if any(pool.imap(is_noticed, unchanged)):
            sys.exit("The tests fail before anything is changed.")
        noticed = []
        for one in pool.imap(is_noticed, todo):
            noticed.append(one)
            print(f"\r{len(noticed)} of {len(todo)}", end="", flush=True)
        print()
    found = [
        {"path": name, "line": line, "text": text, "killed": killed}
        for (name, text, line), killed in zip(todo, noticed, strict=True)
    ]
    Path("rest.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
