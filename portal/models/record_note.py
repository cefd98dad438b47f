"""The model of a note about a client between two sessions: written once, and never changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from portal.models.session_note import NoteClosed
from practice.models import Practitioner, User
from practice.models.encrypted import EncryptedTextField


class RecordNote(models.Model):
    """A note without a session: a telephone call, an answer from their doctor. Only ever appended."""

    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="record_notes")
    author = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = EncryptedTextField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"record note {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it once. Raises Closed for a saved note."""
        if not self._state.adding:
            raise NoteClosed("a note stays as it was written")
        super().save(*args, **kwargs)
