"""The model of the texts of emails in the owner's own words: one row for each version, only appended."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.models.people import User


class EmailText(models.Model):
    """A version of the text of one email in one language. The newest one is used.

    Two people who save at once ask for the same number, and the database lets one of them have it.
    """

    class What(models.TextChoices):
        SAVED = "saved", _("changed")
        RESTORED = "restored", _("put back to an earlier version")
        RESET = "reset", _("put back to the shipped text")

    #: The key of `practice/email_texts/registry.py`: a kind, or a kind and its situation.
    email = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What)
    # "" and no parts: as shipped.
    subject = models.CharField(max_length=150, blank=True)
    parts: Any = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("email", "language", "-version")
        constraints = [
            models.UniqueConstraint(fields=["email", "language", "version"], name="one_email_text_version")
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.language}), {self.version}"

    @property
    def is_own(self) -> bool:
        """Return whether it is the practice's own text, and not the shipped one."""
        return self.what != self.What.RESET
