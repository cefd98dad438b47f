"""Restore a backup into an empty place: the database, then the files. What follows is the command's.

While it runs, and after it was killed, a file in VAR_DIR says so: `up` does not start on half a restore, and
the next `restore` clears away what this one began.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from practice.backup import databases, here, media, restore_marker
from practice.backup.actions.back_up import sentences
from practice.backup.engine.manifest import Manifest, differing_counts
from practice.backup.engine.refusals import refusals
from practice.backup.places import BackupPlace, Trouble
from practice.storage.chosen import media as media_store
from practice.storage.errors import StorageAway


def refused(manifest: Manifest, *, new_secret_key: bool) -> list[str]:
    """Return why this backup cannot be restored here; an empty list: it can. Changes nothing."""
    place = here.place(manifest)
    if _left_half():  # cleared away first
        place = here.emptied(place)
    return refusals(manifest, place, new_secret_key=new_secret_key)


@contextlib.contextmanager
def restoring(place: BackupPlace, manifest: Manifest, *, say: Callable[[str], None]) -> Iterator[None]:
    """Load the database and the files, then have the block done, and only then be finished.

    After any error all that was begun is gone again. Raises Trouble.
    """
    begun: list[str] = []
    if _left_half():
        say("An earlier restore did not finish. Clearing away what it began.")
        databases.clear()
    restore_marker.begin(settings.VAR_DIR, databases.place_of_database())
    try:
        with sentences(place):
            _load(place, manifest, begun, say)
            yield
    except BaseException:
        say("Clearing away what was begun …")
        databases.clear()
        with contextlib.suppress(StorageAway):  # what stays is the backup's own, and fits the next try
            media_store().remove(*begun)
        restore_marker.finish(settings.VAR_DIR)
        raise
    restore_marker.finish(settings.VAR_DIR)


def _left_half() -> bool:
    """Return whether the database here is what a restore that was killed left."""
    return restore_marker.left_half(settings.VAR_DIR, databases.place_of_database())


def _load(place: BackupPlace, manifest: Manifest, begun: list[str], say: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="restore-") as folder:
        file = Path(folder) / manifest.database.path
        say(f"Database: {manifest.database.path} …")
        place.fetch(f"{manifest.folder}/{manifest.database.path}", file, sha256=manifest.database.sha256)
        databases.load(file)
    if wrong := differing_counts(manifest.counts, databases.contents().counts):
        raise Trouble(f"The restored database is not complete: {'; '.join(wrong)}.")
    to_fetch = media.missing(manifest.files)
    say(f"Recordings and pictures: {len(to_fetch)} files …")
    for one in to_fetch:
        begun.append(one.path)
        media.fetch(place, one)
