"""Intakes before the first session, and the owner's own questions. Answers are stored encrypted."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from practice.models import User
from practice.models.encrypted import EncryptedTextField
from practice.models.readers_text import ReadersCharField


class IntakeQuestion(models.Model):
    """A question of the owner's own, asked at the end of the intake."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one of several")

    text = ReadersCharField(_("question"), max_length=200)
    help_text = ReadersCharField(_("hint"), max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT)
    choices = models.TextField(_("choices, one per line"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> list[str]:
        """Return the answers to choose from."""
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class Intake(models.Model):
    """One client's intake: saved while it is written, handed in once, renewed when they say so."""

    class NeedsHuman(models.TextChoices):
        """A code for why somebody should look before the session; it says no more than a list needs."""

        WARNING_SIGN = "warning_sign", _("warning sign, doctor first")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="intakes")
    appointment = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, null=True, blank=True, related_name="intakes"
    )
    answers = EncryptedTextField(blank=True, default="", help_text="JSON: name of the question → answer.")
    version = models.PositiveIntegerField(default=0, help_text="Rises with each save.")
    needs_human = models.CharField(max_length=20, choices=NeedsHuman, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(
                fields=["client"],
                name="intake_needs_human",
                condition=models.Q(cleared_at__isnull=True) & ~models.Q(needs_human=""),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(handed_in_at__isnull=True),
                name="one_open_intake_for_each",
            )
        ]

    def __str__(self) -> str:
        return f"intake {self.pk}"
