"""Models of follow-ups: the practitioner's plans, and the emails that came of them."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models import Appointment
from portal.followups.engine.facts import LAST_DAY, Step
from portal.models.assignment import Assignment
from practice.core.reasons import reason_in_words
from practice.models import Letter, User

DAYS = (MinValueValidator(1), MaxValueValidator(LAST_DAY))


class PlanManager(models.Manager["FollowUpPlan"]):
    """A manager that tells the practice's plans from those of one client."""

    def shared(self) -> QuerySet[FollowUpPlan]:
        """Return the plans of the practice, without those of one client."""
        return self.filter(client=None)


class FollowUpPlan(models.Model):
    """A template for when to write after a session, copied when used. Without any, a default ships."""

    class Pain(models.TextChoices):
        """The pain for which a plan is chosen by itself, by what a client said before the first session."""

        NEW = "new", _("New pain: days or weeks")
        LONG = "long", _("Pain for several years, or ten and more")

    name = models.CharField(max_length=80)
    is_default = models.BooleanField(_("standard plan"), default=False)
    pain = models.CharField(_("chosen for"), max_length=4, choices=Pain.choices, blank=True, default="")
    client = models.OneToOneField(
        User,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follow_up_plan",
        help_text="Of one client alone; empty for a plan of the practice.",
    )
    version = models.PositiveIntegerField(default=1, help_text="Grows with each change.")

    objects: ClassVar = PlanManager()

    class Meta:
        verbose_name = _("follow-up plan")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_plan"
            ),
            models.UniqueConstraint(
                fields=["pain"], condition=~models.Q(pain=""), name="one_plan_for_each_pain"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FollowUpStep(models.Model):
    """One email of a plan. Without a time of its own it goes at the hour the client prefers."""

    plan = models.ForeignKey(FollowUpPlan, on_delete=models.CASCADE, related_name="steps")
    days = models.PositiveSmallIntegerField(_("days after the session"), validators=DAYS)
    at = models.TimeField(_("at"), null=True, blank=True)
    stage = models.CharField(
        max_length=12, blank=True, default="", help_text="The text's; empty: by what the client did."
    )
    variants = models.JSONField(default=list, blank=True, help_text="Texts it may have; none named: all.")

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
    plan = models.ForeignKey(
        FollowUpPlan, on_delete=models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    step_stage = models.CharField(max_length=12, blank=True, default="", help_text="As its step has it.")
    step_variants = models.JSONField(default=list, blank=True, help_text="As its step has them.")
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
    def step(self) -> Step:
        """Return the step as it was planned for this client."""
        return Step(self.days, self.at, self.step_stage, tuple(self.step_variants))

    @property
    def reason(self) -> str:
        """Return why then, or why not at all, in sentences for the practitioner."""
        return reason_in_words(self.why)
