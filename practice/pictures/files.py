"""The files of pictures below MEDIA_ROOT: written whole, found by their own names only, removed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from practice.models import Practice
from practice.pictures.engine.prepare import PHOTO_SIDES, Prepared

PEOPLE, LOOK = "people", "look"
FILE = re.compile(r"[0-9a-f]{32}-[0-9]{1,3}(x[0-9]{1,3})?")
LOGO = re.compile(r"[0-9a-f]{32}-([0-9]+)x([0-9]+)")
#: A logo that is so much wider than high has the name in it.
WIDE = 2.5


@dataclass(frozen=True)
class Logo:
    """The practice's logo as pages show it."""

    address: str
    width: int
    height: int

    @property
    def is_wide(self) -> bool:
        """Return whether it stands in place of the name, too."""
        return self.width >= WIDE * self.height


def key_of(whose: str, pictures: Iterable[Prepared]) -> str:
    """Return the name of pictures, made of their content: a file belongs to one row, and never changes."""
    digest = hashlib.sha256(whose.encode())
    for one in pictures:
        digest.update(one.content)
    return digest.hexdigest()[:32]


def photo_files(key: str) -> list[str]:
    """Return the names of a photo's files."""
    return [f"{key}-{side}" for side in PHOTO_SIDES] if key else []


def file_path(folder: str, name: str) -> Path:
    """Return the path of a picture's file, relative to MEDIA_ROOT. Raises ValueError for any other name."""
    if not FILE.fullmatch(name):
        raise ValueError("not the name of a picture")
    return Path(folder) / f"{name}.webp"


def write(folder: str, name: str, picture: Prepared) -> None:
    """Write a picture; whoever reads it meanwhile finds all of it or nothing."""
    path = Path(settings.MEDIA_ROOT) / file_path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(picture.content)
    part.replace(path)


def remove(folder: str, names: Iterable[str]) -> None:
    """Remove pictures; those that are gone already are fine."""
    for name in names:
        (Path(settings.MEDIA_ROOT) / file_path(folder, name)).unlink(missing_ok=True)


def address(folder: str, name: str) -> str:
    """Return the public address of a picture, also from within another site's frame."""
    return reverse(f"picture_{folder}", args=[name], urlconf=settings.ROOT_URLCONF)


def logo_of(practice: Practice) -> Logo | None:
    """Return the practice's logo, or None."""
    found = LOGO.fullmatch(practice.logo)
    if not found:
        return None
    return Logo(address(LOOK, practice.logo), int(found[1]), int(found[2]))
