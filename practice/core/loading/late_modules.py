"""Modules that are loaded only when something of them is used: costly ones that few pages and tasks need.

`import fpdf` then names a module that is loaded with its first use, `fpdf.FPDF()`; `from fpdf import FPDF` is
a use. `practice/tests/site/test_late_modules.py` holds what is not loaded for a page.
"""

from __future__ import annotations

import importlib
import sys
import threading
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

#: Module → what it is for.
LATE = {
    "fpdf": "receipts",
    "fontTools.ttLib": "receipts: the letters that they can print",
    "icalendar": "calendar files and feeds",
    "booking.calendars.importing.busy": "other calendars, which are read in a process of its own",
    "allauth.mfa.webauthn.internal.auth": "passkeys",
    "dkim": "signatures, for those who sign emails here",
    "practice.mail_events.webhook_views": "reports of email providers, for those who take them",
    "redis": "the broker",
    "practice.storage.bucket": "recordings or backups in a bucket",
}
#: Its submodules are loaded nevertheless: the other half of the Redis client asks for them.
LATE_ALONE = {"redis.asyncio": "asynchronous programs: never"}
ABSENT = object()
_loading = threading.RLock()


class LateModule(ModuleType):
    """A module that stands for another until somebody asks for something in it."""

    def __getattr__(self, name: str) -> Any:
        """Load the module, and return what was asked for."""
        if name in ("__spec__", "__file__", "__wrapped__"):  # who looks around uses nothing
            raise AttributeError(name)
        return getattr(self._loaded(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Load the module, and set it there: a test that replaces a function means that one."""
        if sys.modules.get(f"{self.__name__}.{name}") is value:  # the import system, after a submodule
            self.__dict__[name] = value
        else:
            self.__dict__.setdefault("_replaced", {}).setdefault(name, getattr(self._loaded(), name, ABSENT))
            setattr(self._loaded(), name, value)

    def __delattr__(self, name: str) -> None:
        """Undo the same: a module that is asked for its names, as this one, would have the old one again."""
        old = self.__dict__.get("_replaced", {}).pop(name, ABSENT)
        if old is ABSENT:
            delattr(self._loaded(), name)
        else:
            setattr(self._loaded(), name, old)

    def _loaded(self) -> ModuleType:
        name = self.__name__
        with _loading:
            if sys.modules.get(name) is self:
                del sys.modules[name]
                try:
                    return importlib.import_module(name)
                except BaseException:
                    sys.modules[name] = self
                    raise
        return importlib.import_module(name)


class LoadedMeanwhile(MetaPathFinder, Loader):
    """Gives a submodule that was loaded while Python asked a late module for its path.

    To import `package.part`, Python asks `package` for its path. One that is late is loaded by that, and may
    load the part, too: Python would then load it once more, and there would be two of it.
    """

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for a submodule that is there by now; None for anything else."""
        there = sys.modules.get(fullname)
        if target is not None or there is None or fullname.rpartition(".")[0] not in LATE:
            return None
        return (
            None if isinstance(there, LateModule) else ModuleSpec(fullname, self, loader_state=there.__spec__)
        )

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module that is there."""
        return sys.modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Load nothing; the module keeps the spec it was loaded by."""
        if module.__spec__ and module.__spec__.loader is self:
            module.__spec__ = module.__spec__.loader_state


def load_late(name: str, *, alone: bool = False) -> None:
    """Have a module be loaded when something of it is used, or a submodule; `alone`: not for a submodule."""
    top, *below = name.split(".")
    if name in sys.modules:
        return
    late, spec = LateModule(name), find_spec(top)
    if alone and spec and spec.origin:
        late.__dict__["__path__"] = [str(Path(spec.origin).parent.joinpath(*below))]
    sys.modules[name] = late


def load_all_late() -> None:
    """Have all that is listed here be loaded late."""
    if not any(isinstance(one, LoadedMeanwhile) for one in sys.meta_path):
        sys.meta_path.insert(0, LoadedMeanwhile())
    for name in LATE_ALONE:
        load_late(name, alone=True)
    for name in LATE:
        load_late(name)


def load_without(absent: str, name: str) -> ModuleType:
    """Load a module as if another one, which it can do without, were not installed."""
    if absent in sys.modules or name in sys.modules:
        return importlib.import_module(name)
    sys.modules[absent] = None  # type: ignore[assignment]  # this is how one says it
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules[absent]
