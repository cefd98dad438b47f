"""The model of what a client is given to do at home."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.exercise import Exercise
from portal.models.lesson import Lesson
from practice.models import Practitioner, User
from practice.models.encrypted import EncryptedTextField


class Assignment(models.Model):
    """A lesson or an exercise given to a client, with a dosage and a personal message.

    Edited in place, never issued anew: what was practiced stays with it.
    """

    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    lesson = models.ForeignKey(
        Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    exercise = models.ForeignKey(
        Exercise, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    assigned_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    dosage = models.CharField(max_length=120, blank=True, help_text=_("every second day"))
    word = EncryptedTextField(_("note"), blank=True, default="")
    order = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "lesson"], condition=models.Q(ended_at=None), name="one_live_assignment"
            ),
            models.UniqueConstraint(
                fields=["client", "exercise"], condition=models.Q(ended_at=None), name="one_live_exercise"
            ),
            models.CheckConstraint(
                condition=models.Q(lesson=None, exercise__isnull=False)
                | models.Q(lesson__isnull=False, exercise=None),
                name="assigned_lesson_or_exercise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} for {self.client}"

    @property
    def what(self) -> Lesson | Exercise:
        """Return the lesson or the exercise."""
        found = self.lesson or self.exercise
        assert found is not None  # the constraint says so
        return found
