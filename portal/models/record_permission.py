"""The model of a permission to open a client's record, given by the owner or a colleague."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.models import Practitioner, User
from practice.models.in_words import moment_of


class RecordPermission(models.Model):
    """A permission for a practitioner to open a client's record until a moment, unless revoked."""

    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="record_permissions")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="+")
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ("-given_at", "-id")
        indexes = [
            models.Index(
                fields=["practitioner", "client"],
                name="permission_stands",
                condition=models.Q(revoked_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.client}, {moment_of(self.until)}"
