"""Which place an address names: a folder, or a bucket."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from practice.backup.kinds.bucket import InBucket
from practice.backup.places import BackupPlace, Folder, Trouble
from practice.storage.storage_settings import COPIES_ITSELF, bucket_and_prefix, is_bucket, is_of_media


def place_at(address: str) -> BackupPlace:
    """Return the place of an address as settings and commands name it.

    Raises Trouble for a bucket without keys, and for the one with the recordings.
    """
    if not is_bucket(address):
        return Folder(Path(address))
    reached = settings.BACKUP_S3_ACCESS
    if reached is None:
        raise Trouble(
            f"There are no keys for {address}. Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY in .env."
        )
    if is_of_media(address, media=settings.S3, reached=reached):
        raise Trouble(f"{address} {COPIES_ITSELF}")
    name, prefix = bucket_and_prefix(address)
    return InBucket(reached, name, prefix, var=Path(settings.VAR_DIR))
