"""A copy of the keys, in a place that is not the backups': whoever has one of them alone can read nothing."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from practice.backup.actions.back_up import sentences
from practice.backup.places import Folder, Trouble


def refuse_near(folder: Path, *, backups: Path | None) -> None:
    """Raise Trouble for a folder that is with the data. `backups`: None when they are in a bucket."""
    for near in ([backups.resolve()] if backups else []) + [Path(settings.VAR_DIR)]:
        if folder == near or near in folder.parents:
            raise Trouble(f"The keys are not copied into {folder}: keys and data must be apart.")


def copy_keys(folder: Path) -> list[Path]:
    """Write the keys in use into a folder, for this user alone; return the files. Raises Trouble."""
    keys = {"field_keys": ",".join(settings.FIELD_KEYS), "secret_key": settings.SECRET_KEY}
    with sentences(folder):
        for name, key in keys.items():
            Folder(folder).write(name, f"{key}\n".encode())
    return [folder / name for name in keys]
