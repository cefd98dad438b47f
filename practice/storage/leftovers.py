"""Files that no row names any more: of what was deleted, or what a process that was killed had begun."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog

from practice.storage.chosen import media

#: So long a file may lie there without a row: it is looked for when a database was restored by hand.
AGE = timedelta(days=7)
#: Longer than any task may take.
A_DAY = timedelta(days=1)
InUse = Callable[[], Iterable[str]]

log = structlog.get_logger(__name__)
_folders: dict[str, InUse] = {}


def register(folder: str, in_use: InUse) -> None:
    """Have the files of a folder removed once they are old and `in_use` does not name them."""
    _folders[folder] = in_use


def remove_leftovers(now: datetime, *, dry: bool = False) -> int:
    """Remove what no row names, and return how many files. Raises StorageAway. `dry`: only count them."""
    if not dry:
        media().clear_rooms((now - A_DAY).timestamp())
    old = _old(now)
    used = {
        name
        for folder, in_use in _folders.items()
        if any(_in(one, folder) for one in old)
        for name in in_use()
    }
    left = {one for one in old if not {one, one.rpartition("/")[0]} & used}
    if left and not dry:
        left &= _old(now)  # not one that was kept anew meanwhile
        media().remove(*sorted(left))
        log.info("files without a row were removed", names=sorted(left))
    return len(left)


def _old(now: datetime) -> set[str]:
    """Return the files of the folders that are known here which are old enough."""
    until = (now - AGE).timestamp() * 1_000_000_000
    return {one.name for one in media().names() if one.changed < until and _is_known(one.name)}


def _is_known(name: str) -> bool:
    return any(_in(name, folder) for folder in _folders)


def _in(name: str, folder: str) -> bool:
    return name.startswith(f"{folder}/")
