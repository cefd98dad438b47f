"""A manifest and a place that fit each other, with what matters changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from practice.backup.engine.manifest import KeyPrints, Manifest, StoredFile
from practice.backup.engine.refusals import Place

MADE_AT = datetime(2027, 3, 2, 10, tzinfo=UTC)
KEYS = KeyPrints("secret-1", ("field-2", "field-1"))


def make_manifest(**fields: Any) -> Manifest:
    """The manifest of a small SQLite backup."""
    made = Manifest(
        name="2027-03-02T10-00-00Z",
        made_at=MADE_AT,
        engine="sqlite",
        version="1.2",
        commit="0123456789abcdef",
        migrations={"practice": "0002_more", "booking": "0001_initial"},
        counts={"practice_user": 3},
        rules=("no_overlap_insert",),
        keys=KEYS,
        database=StoredFile("database.sqlite3", "aa", 1000),
        files=(StoredFile("lessons/a.m4a", "bb11", 2000, 5),),
        seconds=1.5,
    )
    return replace(made, **fields)


def make_place(**fields: Any) -> Place:
    """An empty place that the manifest can be restored to."""
    fits = Place(
        engine="sqlite",
        migrations={"practice": {"0001_initial", "0002_more", "0003_new"}, "booking": {"0001_initial"}},
        keys=KEYS,
        tables=(),
        strange_files=(),
        database="/srv/var/portal.sqlite3",
        media="/srv/var/media",
        keys_dir="/srv/var-keys",
        disks=(),
    )
    return replace(fits, **fields)
