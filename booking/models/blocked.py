"""Blocked times: an hour a practitioner keeps for something else, without closing the day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.models import Practitioner
from practice.models.encrypted import EncryptedTextField
from practice.models.in_words import moment_of


class BlockedTimeManager(models.Manager["BlockedTime"]):
    """The manager that reads no reasons: a lost key must not stop the calendar."""

    def get_queryset(self) -> models.QuerySet[BlockedTime]:
        """Return all rows, their reasons unread until a page shows them."""
        return super().get_queryset().defer("reason")


class BlockedTime(models.Model):
    """A stretch in which a practitioner is not to be booked: half-open, in UTC, within one day of theirs."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="blocked_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = EncryptedTextField(max_length=120, blank=True, help_text=_("Only the practice can see this."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = BlockedTimeManager()

    class Meta:
        ordering = ("starts_at", "id")
        indexes = [models.Index(fields=["practitioner", "starts_at", "ends_at"], name="blocked_time")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="block_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{moment_of(self.starts_at)} – {moment_of(self.ends_at)}"
