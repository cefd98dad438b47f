"""PURE. The manifest of a backup: what is in it, as one JSON file that is written last.

A folder without a manifest is no backup: it is what a backup that was killed left behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
NAME = "%Y-%m-%dT%H-%M-%SZ"
#: The names that engines have in sentences.
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class BadManifest(Exception):
    """Raised for a text that is no manifest, or one that was changed or cut off. The text says which."""


@dataclass(frozen=True)
class StoredFile:
    """A file of a backup: its path, the SHA-256 of its content, its bytes, when it changed (ns)."""

    path: str
    sha256: str
    size: int
    changed: int = 0

    @property
    def blob(self) -> str:
        """Return the name of its content in the store that all backups share."""
        return f"blobs/{self.sha256[:2]}/{self.sha256}"


@dataclass(frozen=True)
class KeyPrints:
    """Fingerprints of the keys that the data needs: of SECRET_KEY, and of FIELD_KEYS, the newest first."""

    secret_key: str
    field_keys: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """What a backup is made of. `migrations`: the last one of each app; `rules`: triggers and exclusions.

    `seconds`: how long it took to make.
    """

    name: str
    made_at: datetime
    engine: str
    version: str
    commit: str
    migrations: Mapping[str, str]
    counts: Mapping[str, int]
    rules: tuple[str, ...]
    keys: KeyPrints
    database: StoredFile
    files: tuple[StoredFile, ...]
    seconds: float

    @property
    def folder(self) -> str:
        """Return where it is below the place of all backups."""
        return folder_of(self.name)

    @property
    def size(self) -> int:
        """Return the bytes of the database and of all files."""
        return self.database.size + sum(one.size for one in self.files)

    def to_json(self) -> bytes:
        """Return the text to store, with a checksum of itself."""
        said = asdict(self) | {"made_at": self.made_at.isoformat(), "size": self.size, "format": FORMAT}
        return json.dumps(said | {"checksum": _checksum(said)}, indent=1, sort_keys=True).encode()


def folder_of(name: str) -> str:
    """Return the folder of the backup of this name."""
    return f"backups/{name}"


def name_for(made_at: datetime) -> str:
    """Return the name of a backup: when it was begun, in UTC."""
    return made_at.strftime(NAME)


def made_at_of(name: str) -> datetime:
    """Return when the backup of this name was begun. Raises ValueError for a name that is none."""
    return datetime.strptime(name, NAME).replace(tzinfo=UTC)


def _checksum(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def read_manifest(text: bytes) -> Manifest:
    """Return what a stored manifest says. Raises BadManifest."""
    try:
        said = json.loads(text)
        checksum = said.pop("checksum")
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise BadManifest("its manifest is cut off or damaged") from error
    if said.get("format") != FORMAT:
        raise BadManifest(f"its format is {said.get('format')}, and this version reads format {FORMAT}")
    if checksum != _checksum(said):
        raise BadManifest("its manifest was changed after it was made")
    return Manifest(
        name=said["name"],
        made_at=datetime.fromisoformat(said["made_at"]),
        engine=said["engine"],
        version=said["version"],
        commit=said["commit"],
        migrations=said["migrations"],
        counts=said["counts"],
        rules=tuple(said["rules"]),
        keys=KeyPrints(said["keys"]["secret_key"], tuple(said["keys"]["field_keys"])),
        database=StoredFile(**said["database"]),
        files=tuple(StoredFile(**one) for one in said["files"]),
        seconds=said["seconds"],
    )


def differing_counts(expected: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Return a sentence for each table whose number of rows is not the one in the manifest."""
    return [
        f"{table}: {found.get(table, 0)} rows instead of {expected.get(table, 0)}"
        for table in sorted({*expected, *found})
        if expected.get(table, 0) != found.get(table, 0)
    ]


def fingerprint(key: str) -> str:
    """Return what tells keys apart and gives none of them away: each is longer than can be guessed."""
    return hashlib.sha256(b"myopractic key " + key.encode()).hexdigest()[:16]
