"""The model of two records of one person that became one, with what is needed to part them again."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from practice.models import User
from practice.models.encrypted import EncryptedJSONField


class RecordMerge(models.Model):
    """One merge: `merged` became part of `kept`. Its ledger says what moved, and what was changed from what.

    The ledger is encrypted, since it may hold a plan. It goes when the merge is undone, and when it can no
    longer be undone.
    """

    kept = models.ForeignKey(User, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    ledger: Any = EncryptedJSONField(null=True, help_text="What moved, what was changed, what was removed.")

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at__isnull=True), name="one_merge_of_each_record"
            )
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"
