"""The model of a client's own request to be erased: its day, unless they withdraw it before."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from practice.models import User


class ErasureRequest(models.Model):
    """A client's request to be erased, at most one each. It goes with everything else on its day."""

    client = models.OneToOneField(User, on_delete=models.CASCADE, related_name="erasure_request")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(db_index=True, help_text="Until then it can be taken back.")

    class Meta:
        ordering = ("due_at",)

    def __str__(self) -> str:
        return f"erasure request {self.pk}"
