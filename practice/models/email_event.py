"""The model of what became of a sent email, as the provider or the receiving mail server reported it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.core.reasons import because, reason_in_words
from practice.models.letter import Letter


class EmailEvent(models.Model):
    """One report about one email. A report that arrives twice is one row (`report_id`)."""

    class What(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        DEFERRED = "deferred", _("delayed")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("reported as unwanted")
        ANSWERED = "answered", _("answered")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="reports")
    what = models.CharField(max_length=12, choices=What)
    at = models.DateTimeField(help_text="When it happened, by the clock of who reports it.")
    recorded_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=20, help_text="The provider, or the mailbox for bounces.")
    said = models.CharField(max_length=200, blank=True, help_text="The receiving mail server’s answer.")
    report_id = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("report about an email")
        verbose_name_plural = _("reports about emails")
        ordering = ("at", "id")
        indexes = [models.Index(fields=["at"], name="email_event_at")]

    def __str__(self) -> str:
        return f"{self.what}, {self.letter}"

    @property
    def words(self) -> str:
        """Return what was reported, as a sentence for the practitioner."""
        return reason_in_words(because(f"reported_{self.what}", said=self.said))
