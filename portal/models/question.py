"""The model of clients' questions and their answers."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.exercise import Exercise
from portal.models.lesson import Lesson
from practice.models import User
from practice.models.encrypted import EncryptedTextField


class Question(models.Model):
    """A client's question, pinned to a moment of a lesson, to an exercise, or to nothing."""

    uid = models.UUIDField(
        unique=True,
        null=True,
        editable=False,
        help_text="Made by the client's device: the same is one question.",
    )
    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="questions")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at_ms = models.PositiveIntegerField(null=True, blank=True, help_text="The place in the lesson.")
    text = EncryptedTextField(_("question"))
    asked_at = models.DateTimeField(default=timezone.now)
    answer = EncryptedTextField(_("answer"), blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When the client said to have read it.")

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = [
            models.Index(
                fields=["asked_at"], name="question_open", condition=models.Q(answered_at__isnull=True)
            ),
            models.Index(fields=["client", "-asked_at"], name="question_of_client"),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"
