"""Models of follow-ups: the practitioner's plans, and the emails that came of them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models import Appointment
from portal.followups.engine.facts import LAST_DAY
from portal.models.assignment import Assignment
from practice.core.reasons import reason_in_words
from practice.models import Letter, User

DAYS = (MinValueValidator(1), MaxValueValidator(LAST_DAY))


class FollowUpPlan(models.Model):
    """A template for when to write after a session, copied when used. Without any, a default ships."""

    name = models.CharField(max_length=80)
    is_default = models.BooleanField(_("standard plan"), default=False)

    class Meta:
        verbose_name = _("follow-up plan")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_plan"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FollowUpStep(models.Model):
    """One email of a plan. Without a time of its own it goes at the hour the client prefers."""

    plan = models.ForeignKey(FollowUpPlan, on_delete=models.CASCADE, related_name="steps")
    days = models.PositiveSmallIntegerField(_("days after the session"), validators=DAYS)
    at = models.TimeField(_("at"), null=True, blank=True)

    class Meta:
        ordering = ("days", "id")
        constraints = [models.UniqueConstraint(fields=["plan", "days"], name="one_step_a_day")]

    def __str__(self) -> str:
        return _("%(days)s days after") % {"days": self.days}


class FollowUp(models.Model):
    """One step of a session's plan, and its email, whose text is decided as it is sent."""

    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follow_ups")
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="follow_ups", help_text="The session it follows."
    )
    place = models.PositiveSmallIntegerField(help_text="In the plan, from 0.")
    days = models.PositiveSmallIntegerField(validators=DAYS)
    at = models.TimeField(help_text="By the client's clock.")
    made_at = models.DateTimeField(default=timezone.now)
    letter = models.OneToOneField(
        Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="follow_up"
    )
    why = models.JSONField(
        default=list, blank=True, help_text="Why then, or why not at all: codes, put into words when shown."
    )
    assignment = models.ForeignKey(
        Assignment, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    stage = models.CharField(max_length=12, blank=True)
    variant = models.CharField(max_length=40, blank=True)
    stopped = models.BooleanField(
        default=False,
        help_text="The client stopped the letters while this one waited: asked for again, it waits.",
    )
    asks_human = models.BooleanField(default=False, help_text="The letters stopped: somebody should look.")
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        ordering = ("-appointment__starts_at", "place")
        constraints = [
            models.UniqueConstraint(fields=["appointment", "place"], name="one_letter_a_step"),
        ]
        indexes = [
            models.Index(
                fields=["client"],
                name="follow_up_asks",
                condition=models.Q(asks_human=True, cleared_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"

    @property
    def reason(self) -> str:
        """Return why then, or why not at all, in sentences for the practitioner."""
        return reason_in_words(self.why)
