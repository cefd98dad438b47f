"""The time zone data of the product: its own, pinned in the lock, wherever it runs.

Python's `zoneinfo` asks the system's folder first and the package `tzdata` last, so a machine with old data
would quietly overrule the pinned ones. `docs/time-zones.md` says what was found and how to update them.
"""

from __future__ import annotations

import os
import re
import zoneinfo
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from tzdata import IANA_VERSION  # type: ignore[import-untyped]

#: Where systems keep their own copy (PEP 615). Looked at for its version only.
SYSTEM_FOLDERS = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
#: When the pinned data came out. The package does not say: a line is added when the lock is renewed.
RELEASED = {"2026f": date(2026, 10, 28)}
A_YEAR = timedelta(days=365)
_VERSION = re.compile(r"(?:# version )?(\d{4}[a-z]+)", re.ASCII)


def use_pinned_data() -> None:
    """Read the pinned data from here on, in this process and in those it starts.

    Called by `practice/__init__.py`, before anything of ours can make a zone. A zone object that somebody
    else has made before keeps its rules.
    """
    os.environ["PYTHONTZPATH"] = ""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()


def version() -> str:
    """Return the version that zones are really read from, such as "2026f"; "unknown" where none is named."""
    if not zoneinfo.TZPATH:
        return str(IANA_VERSION)
    return version_in(zoneinfo.TZPATH) or "unknown"


def system_version() -> str | None:
    """Return the version of the system's own copy; None when there is none, or it does not say."""
    return version_in(SYSTEM_FOLDERS)


def version_in(folders: Iterable[str | Path]) -> str | None:
    """Return the version named by the first of these folders that names one, in `+VERSION` or `tzdata.zi`."""
    for folder in folders:
        for name in ("+VERSION", "tzdata.zi"):
            try:
                with (Path(folder) / name).open(encoding="utf-8") as file:
                    said = _VERSION.match(file.readline())
            except (OSError, UnicodeDecodeError):
                continue
            if said:
                return said[1]
    return None


def system_zone(key: str) -> zoneinfo.ZoneInfo | None:
    """Return a zone by the system's own copy, read before ours was in use; None: it has none."""
    for folder in SYSTEM_FOLDERS:
        try:
            with (Path(folder) / key).open("rb") as file:
                return zoneinfo.ZoneInfo.from_file(file, key=key)
        except (OSError, ValueError):
            continue
    return None


def is_newer(one: str, other: str) -> bool:
    """Return whether the first of two versions came out later: 2026a < 2026f < 2027a; z is followed by za."""
    return _order(one) > _order(other)


def _order(name: str) -> tuple[int, int, str]:
    found = _VERSION.fullmatch(name)
    return (int(name[:4]), len(name), name) if found else (0, 0, "")


def is_old(now: datetime) -> bool:
    """Return whether the data is older than a year; a version without a known day counts from January."""
    used = version()
    year = _order(used)[0]
    came_out = RELEASED.get(used) or (date(year, 1, 1) if year else date.min)
    return now.date() - came_out > A_YEAR
