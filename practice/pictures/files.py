"""The files of pictures in the media store: written whole, found by their own names only, removed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from practice.models import Practice, Practitioner
from practice.pictures.engine.prepare import PHOTO_SIDES, Prepared
from practice.storage.chosen import media, remove_quietly

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


def file_name(folder: str, name: str) -> str:
    """Return the name of a picture's file in the media store. Raises ValueError for any other name."""
    if not FILE.fullmatch(name):
        raise ValueError("not the name of a picture")
    return f"{folder}/{name}.webp"


def write(folder: str, name: str, picture: Prepared) -> None:
    """Write a picture; whoever reads it meanwhile finds all of it or nothing."""
    media().write(file_name(folder, name), picture.content)


def remove(folder: str, names: Iterable[str]) -> None:
    """Remove pictures; those that are gone already are fine."""
    remove_quietly(*(file_name(folder, name) for name in names))


def photos_in_use() -> Iterator[str]:
    """Yield the files of everyone's photo."""
    for key in Practitioner.objects.exclude(photo="").values_list("photo", flat=True):
        yield from (file_name(PEOPLE, one) for one in photo_files(key))


def logo_in_use() -> Iterator[str]:
    """Yield the file of the logo."""
    for name in Practice.objects.exclude(logo="").values_list("logo", flat=True):
        yield file_name(LOOK, name)


def address(folder: str, name: str) -> str:
    """Return the public address of a picture, also from within another site's frame."""
    return reverse(f"picture_{folder}", args=[name], urlconf=settings.ROOT_URLCONF)


def logo_of(practice: Practice) -> Logo | None:
    """Return the practice's logo, or None."""
    found = LOGO.fullmatch(practice.logo)
    if not found:
        return None
    return Logo(address(LOOK, practice.logo), int(found[1]), int(found[2]))
