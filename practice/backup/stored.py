"""The backups that are stored in a place: their manifests, the newest, and what is left of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from practice.backup.engine.manifest import MANIFEST, BadManifest, Manifest, folder_of, read_manifest
from practice.backup.places import BackupPlace, Trouble

LATEST = "latest"


def names(place: BackupPlace) -> list[str]:
    """Return the names of all finished backups, the oldest first."""
    files = (name.split("/") for name in place.names("backups"))
    return sorted(parts[1] for parts in files if len(parts) == 3 and parts[2] == MANIFEST)


def manifest_of(place: BackupPlace, name: str = LATEST) -> Manifest:
    """Return the manifest of one backup, or of the latest. Raises Trouble in a sentence."""
    if name == LATEST:
        found = names(place)
        if not found:
            raise Trouble(f"There is no finished backup in {place}.")
        name = found[-1]
    try:
        return read_manifest(place.read(f"{folder_of(name)}/{MANIFEST}"))
    except FileNotFoundError as error:
        there = names(place)
        listed = f"There are: {', '.join(there[-5:])}." if there else "There is none at all."
        raise Trouble(f"There is no finished backup {name} in {place}. {listed}") from error
    except BadManifest as error:
        raise Trouble(f"The backup {name} cannot be used: {error}. Use an earlier one.") from error


def readable(place: BackupPlace) -> list[Manifest]:
    """Return the manifests of all backups that can be read, the oldest first."""
    found = []
    for name in names(place):
        try:
            found.append(manifest_of(place, name))
        except Trouble:  # `verify_backup` says so; it is neither used nor removed
            continue
    return found


def leftovers(place: BackupPlace) -> list[str]:
    """Return files of backups that were killed before their manifest was written."""
    finished = set(names(place))
    return [name for name in place.names("backups") if name.split("/")[1] not in finished]


def unused_blobs(place: BackupPlace, used_by: Iterable[Manifest]) -> Sequence[str]:
    """Return the contents that no backup refers to any more."""
    used = {one.blob for manifest in used_by for one in manifest.files}
    return [name for name in place.names("blobs") if name not in used]
