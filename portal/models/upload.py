"""The model of uploaded recordings that are not on a page yet, read by the media worker."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.lesson import Lesson
from practice.models import User


class RecordingUpload(models.Model):
    """A sound file sent for a lesson, and what became of it."""

    class State(models.TextChoices):
        RECEIVING = "receiving", _("being uploaded")
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being prepared")
        PUBLISHED = "published", pgettext_lazy("recording", "published")
        REFUSED = "refused", _("could not be used")

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="uploads")
    file = models.CharField(max_length=200, help_text="Path below MEDIA_ROOT; gone once it was dealt with.")
    name = models.CharField(_("file name"), max_length=200)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    reason = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes; 0: unknown.")
    fingerprint = models.CharField(
        max_length=80, blank=True, help_text="By which a browser knows its file again."
    )
    arrived_at = models.DateTimeField(default=timezone.now, help_text="When its last part came.")
    step = models.CharField(max_length=12, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="upload_open",
                condition=models.Q(state__in=["waiting", "working"]),
            ),
            models.Index(
                fields=["lesson", "created_at"],
                name="upload_needs_person",
                condition=models.Q(
                    state__in=["receiving", "waiting", "working", "refused"], dismissed_at=None
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display()}"
