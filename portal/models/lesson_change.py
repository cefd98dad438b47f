"""The model of a lesson's history: who published, withdrew or changed it, and when."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.lesson import Lesson
from practice.models import User


class LessonChange(models.Model):
    """A line of a lesson's history. Only appended."""

    class What(models.TextChoices):
        CREATED = "created", _("created")
        SAVED = "saved", _("texts saved as a draft")
        PUBLISHED = "published", pgettext_lazy("lesson", "published")
        CHANGES_PUBLISHED = "changes", _("changes to the texts published")
        DISCARDED = "discarded", _("changes to the texts discarded")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CHAPTERS = "chapters", _("chapters changed")
        TRANSCRIPT = "transcript", _("transcript changed")

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=12, choices=What)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.lesson}: {self.get_what_display()}"
