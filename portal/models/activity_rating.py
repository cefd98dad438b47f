"""The model of how well a client can do what they want to do again, asked more than once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from practice.models import User
from practice.models.encrypted import EncryptedJSONField


class ActivityRating(models.Model):
    """A client's own activities with a number from 0 to 10 each, at one time. Only ever appended.

    `scores`: a list of {"what": words, "now": number}, as the intake keeps its first ones.
    """

    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="activity_ratings")
    scores = EncryptedJSONField(default=list)
    rated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("rated_at", "id")
        indexes = [models.Index(fields=["client", "-rated_at"], name="rating_of_client")]

    def __str__(self) -> str:
        return f"activity rating {self.pk}"
