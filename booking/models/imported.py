"""Other calendars: what they say is busy is not offered here."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.models import Practitioner
from practice.models.encrypted import EncryptedTextField
from practice.models.in_words import moment_of


class ImportedCalendar(models.Model):
    """A practitioner's other calendar, read by URL at intervals. Its address is stored encrypted."""

    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="imported_calendars"
    )
    name = models.CharField(max_length=80)
    url = EncryptedTextField(_("calendar link (ICS)"))
    is_active = models.BooleanField(_("active"), default=True)
    my_addresses = models.CharField(
        _("my email address there"),
        max_length=300,
        blank=True,
        help_text=_("Invitations it declined don’t count as busy."),
    )
    unanswered_count = models.BooleanField(_("count unanswered invitations as busy"), default=True)
    all_day_count = models.BooleanField(_("count all-day events as busy"), default=True)
    offered_address = models.CharField(
        max_length=254,
        blank=True,
        editable=False,
        help_text="An email address that the calendar is named by.",
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    fetch_at = models.DateTimeField(default=timezone.now, editable=False, help_text="When it is read next.")
    fetched_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the whole of it was read last."
    )
    checked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was read last, or was as it had been."
    )
    emptied_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when it may hold nothing that lies ahead."
    )
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    trouble = models.TextField(blank=True, editable=False, help_text="What went wrong last, in a sentence.")
    warning = models.TextField(blank=True, editable=False, help_text="What was read with a doubt.")

    class Meta:
        ordering = ("practitioner", "name")
        indexes = [
            models.Index(fields=["fetch_at"], name="calendar_to_fetch", condition=models.Q(is_active=True))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the addresses under which invitations in it name its owner."""
        return tuple(self.my_addresses.split())


class BusyTime(models.Model):
    """A stretch that another calendar calls busy: half-open, in UTC. Its topic is not kept."""

    calendar = models.ForeignKey(ImportedCalendar, on_delete=models.CASCADE, related_name="busy_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_at", "id")
        indexes = [models.Index(fields=["calendar", "starts_at", "ends_at"], name="busy_time")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="busy_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{moment_of(self.starts_at)} – {moment_of(self.ends_at)}"


class CalendarFeed(models.Model):
    """An address under which a person's own sessions can be subscribed to, until it is revoked."""

    class Shows(models.TextChoices):
        INITIALS = "initials", _("busy, with initials")
        BUSY = "busy", _("busy only")
        NAMES = "names", _("names")

    owner = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="calendar_feeds")
    practitioner = models.ForeignKey(
        Practitioner,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_feeds",
        help_text=_("Whose sessions it shows. Leave empty for the owner’s own appointments as a client."),
    )
    name = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=64, unique=True, editable=False, help_text="A hash of its secret.")
    shows = models.CharField(max_length=10, choices=Shows, default=Shows.INITIALS)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.name or str(self.owner)
