"""Files that no row names any more: of what was deleted, or what a process that was killed had begun."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from practice.storage.chosen import media

#: So long a file may lie there without a row: it is looked for when a database was restored by hand.
AGE = timedelta(days=7)
#: Longer than any task may take.
A_DAY = timedelta(days=1)
InUse = Callable[[], Iterable[str]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Folder:
    """A folder that is tidied. `passing`: what lies there is on its way to another one."""

    in_use: InUse
    passing: bool = False


_folders: dict[str, Folder] = {}


def register(folder: str, in_use: InUse, *, passing: bool = False) -> None:
    """Have the files of a folder removed once they are old and `in_use` does not name them."""
    _folders[folder] = Folder(in_use, passing)


def remove_leftovers(now: datetime, *, dry: bool = False) -> int:
    """Remove what no row names, and return how many files. Raises StorageAway. `dry`: only count them.

    A folder with more such files than files in use is left as it is: rather than so many leftovers, the
    database is a new or an old one, or the files are another practice's.
    """
    if not dry:
        media().clear_rooms((now - A_DAY).timestamp())
    old = _old(now)
    left = {name for folder in _folders for name in _left_in(folder, old)}
    if left and not dry:
        left &= _old(now)  # not one that was kept anew meanwhile
        media().remove(*sorted(left))
        log.info("files without a row were removed", names=sorted(left))
    return len(left)


def _left_in(folder: str, old: Iterable[str]) -> set[str]:
    """Return the old files of a folder that may go."""
    here = {one for one in old if _in(one, folder)}
    if not here:
        return set()
    used = set(_folders[folder].in_use())
    left = {one for one in here if not {one, one.rpartition("/")[0]} & used}
    if len(left) > len(used) and not _folders[folder].passing:
        log.warning("files without a row are kept, as they are too many", folder=folder, files=len(left))
        return set()
    return left


def _old(now: datetime) -> set[str]:
    """Return the files of the folders that are known here which are old enough."""
    until = (now - AGE).timestamp() * 1_000_000_000
    return {one.name for one in media().names() if one.changed < until and _is_known(one.name)}


def _is_known(name: str) -> bool:
    return any(_in(name, folder) for folder in _folders)


def _in(name: str, folder: str) -> bool:
    return name.startswith(f"{folder}/")
