"""Where files are kept, by the settings."""

from __future__ import annotations

from pathlib import Path

import structlog
from django.conf import settings

from practice.storage import bucket
from practice.storage.errors import StorageAway
from practice.storage.folder import Folder
from practice.storage.store import MediaStore

log = structlog.get_logger(__name__)


def media() -> MediaStore:
    """Return where files are kept: in the bucket of S3_BUCKET, or in the folder MEDIA_ROOT."""
    if settings.S3 is None:
        return Folder(Path(settings.MEDIA_ROOT))
    return bucket.the_bucket(settings.S3, work=settings.VAR_DIR / "work")


def remove_quietly(*names: str) -> None:
    """Remove files that no row names any more. What a bucket keeps for now, `leftovers.py` removes later."""
    try:
        media().remove(*names)
    except StorageAway as error:
        log.warning("files stay behind for now", files=names, why=str(error))
