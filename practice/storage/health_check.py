"""Whether the bucket with files can be reached: for `manage.py check`, `/healthz` and the owner's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext_lazy as _

from practice.health.findings import Finding, State
from practice.storage import bucket
from practice.storage.errors import StorageAway


def ask() -> StorageAway | None:
    """Return why the bucket cannot be used; None when it can, or when files are kept in a folder."""
    if settings.S3 is None:
        return None
    try:
        bucket.the_bucket(settings.S3, work=settings.VAR_DIR).ask()
    except StorageAway as error:
        return error
    return None


def storage(now: datetime) -> Finding:
    """Check that the bucket with recordings and pictures answers."""
    if settings.S3 is None:
        return Finding("in a folder", _("Recordings and pictures are kept on the server’s disk."))
    error = ask()
    if error is None:
        return Finding("answers", _("The place where recordings and pictures are kept answers."))
    return Finding(
        str(error),
        _("Recordings and pictures can’t be reached. Everything else works."),
        State.DOWN,
        _("The person who runs your server can help: show them this page."),
    )


def bucket_is_there(app_configs: Any = None, **more: Any) -> list[CheckMessage]:
    """Check (E005, W014) that the bucket answers. One that may come back does not stop the start."""
    error = ask()
    if error is None:
        return []
    if error.lasting:
        return [Error(str(error), hint="See docs/storage.md.", id="practice.E005")]
    hint = "Bookings and emails work meanwhile; recordings and pictures do not. See docs/storage.md."
    return [Warning(str(error), hint=hint, id="practice.W014")]
