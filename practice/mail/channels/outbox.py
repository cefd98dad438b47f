"""The email backend without a mail server: every email becomes a file in `var/outbox/`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from practice.mail.channels.message_bytes import as_bytes


class OutboxBackend(BaseEmailBackend):
    """A backend that writes one .eml file per email, named by its time and a hash."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the emails as files; return how many. Raises OSError."""
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            write_whole(folder, as_bytes(message))
        return len(email_messages)


def write_whole(folder: Path, content: bytes) -> Path:
    """Write a file that appears under its name only when all of it is on the disk."""
    name = f"{timezone.now():%Y%m%dT%H%M%S.%fZ}-{hashlib.sha256(content).hexdigest()[:12]}"
    growing = folder / f".{name}.{os.getpid()}.part"
    try:
        with growing.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return growing.rename(folder / f"{name}.eml")
    finally:
        growing.unlink(missing_ok=True)
