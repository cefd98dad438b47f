"""A client's own page: their plan for practicing, and when they prefer emails."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.lesson import Lesson
from practice.models import User
from practice.models.encrypted import EncryptedTextField
from practice.models.validators import validate_weekdays

PREFERRED_HOUR = dt.time(9)
#: Characters of a plan, or of its obstacle, whether the client or the practitioner writes it.
PLAN_LONGEST = 1_000


class ClientProfileManager(models.Manager["ClientProfile"]):
    """A manager for pages that do not exist until something is first written on them."""

    def of(self, user: User) -> ClientProfile:
        """Return the user's page, for reading; a blank one, not saved, when there is none."""
        return self.filter(user=user).first() or ClientProfile(user=user)

    def keep(self, user: User, **fields: Any) -> ClientProfile:
        """Write these fields on the user's page, which is created when there is none."""
        return self.update_or_create(user=user, defaults=fields)[0]


class ClientProfile(models.Model):
    """The portal's page of a `User`. The plan is theirs: it is quoted word for word, and never judged."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="client")
    plan = EncryptedTextField(
        _("when and where, in their own words"),
        blank=True,
        default="",
        help_text=_("after breakfast, on the rug"),
    )
    obstacle = EncryptedTextField(
        _("and if something gets in the way"),
        blank=True,
        default="",
        help_text=_("if the floor is cold, two blankets"),
    )
    letter_at = models.TimeField(_("emails come at about"), default=PREFERRED_HOUR)
    letter_weekdays = models.JSONField(
        _("emails come on"),
        default=list,
        blank=True,
        validators=[validate_weekdays],
        help_text=_("Leave empty for any day."),
    )
    paused_until = models.DateTimeField(_("no emails until"), null=True, blank=True)
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="When a practitioner last said: they answered, on another way."
    )

    objects: ClassVar = ClientProfileManager()

    class Meta:
        db_table = "portal_client"  # as before the model was renamed

    def __str__(self) -> str:
        return str(self.user)


class GuidelinesRead(models.Model):
    """A client's reading of a lesson's guidelines: asked again after 30 days, or when they change."""

    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="guidelines_read")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="guidelines_read")
    digest = models.CharField(max_length=64, help_text="Of the text that was read.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "lesson"], name="one_reading_of_guidelines")]
