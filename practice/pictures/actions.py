"""Give a practitioner a photo, or the practice a logo, and remove them; old files go too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from practice.models import Practice, Practitioner
from practice.pictures import files
from practice.pictures.engine.prepare import PHOTO_SIDES, Prepared


def set_photo(practitioner: Practitioner, squares: Sequence[Prepared]) -> None:
    """Save a photo, one square for each of PHOTO_SIDES; none of them removes it."""
    with transaction.atomic():
        row = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
        old, row.photo = row.photo, files.key_of(f"person {row.pk}", squares) if squares else ""
        for side, square in zip(PHOTO_SIDES, squares, strict=bool(squares)):
            files.write(files.PEOPLE, f"{row.photo}-{side}", square)
        row.save(update_fields=["photo"])
        transaction.on_commit(partial(_remove_old_photo, old))
    practitioner.photo = row.photo


def _remove_old_photo(key: str) -> None:
    if not Practitioner.objects.filter(photo=key).exists():
        files.remove(files.PEOPLE, files.photo_files(key))


def set_logo(picture: Prepared | None) -> None:
    """Save the logo; None removes it."""
    with transaction.atomic():
        practice = Practice.objects.select_for_update().filter(pk=1).first() or Practice()
        old, name = practice.logo, ""
        if picture:
            name = f"{files.key_of('logo', [picture])}-{picture.width}x{picture.height}"
            files.write(files.LOOK, name, picture)
        practice.logo = name
        practice.save(update_fields=["logo"] if Practice.objects.filter(pk=1).exists() else None)
        transaction.on_commit(partial(_remove_old_logo, old))


def _remove_old_logo(name: str) -> None:
    if name and not Practice.objects.filter(logo=name).exists():
        files.remove(files.LOOK, [name])
