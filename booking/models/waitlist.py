"""Wishes on the waitlist, and freed times offered to them: to one person at a time."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.offering import SessionType
from practice.models import Practitioner, User
from practice.models.encrypted import EncryptedTextField
from practice.models.in_words import moment_of
from practice.models.phone import PhoneField
from practice.models.validators import validate_weekdays


class WaitlistManager(models.Manager["WaitlistEntry"]):
    """A manager that defers the address of a visit: a lost key must not block an offer."""

    def get_queryset(self) -> models.QuerySet[WaitlistEntry]:
        return super().get_queryset().defer("address")


class WaitlistEntry(models.Model):
    """One person's wish for a time. Days and times are in the practitioner's zone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        BOOKED = "booked", _("booked")
        LEFT = "left", _("left the list")
        OVER = "over", _("expired")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="waitlist_entries")
    attendee_name = models.CharField(_("who it’s for"), max_length=150, blank=True)
    phone = PhoneField(blank=True)
    address = EncryptedTextField(_("address of the visit"), blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    session_type = models.ForeignKey(SessionType, on_delete=models.CASCADE, related_name="waitlist_entries")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, null=True, blank=True, help_text=_("Leave empty for anyone.")
    )
    weekdays = models.JSONField(
        default=list, blank=True, validators=[validate_weekdays], help_text=_("Leave empty for any day.")
    )
    earliest = models.TimeField(_("not before"), null=True, blank=True)
    latest = models.TimeField(_("begins by"), null=True, blank=True)
    first_day = models.DateField(_("from"), null=True, blank=True)
    last_day = models.DateField(_("until"))
    swaps = models.ForeignKey(
        Appointment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="swapped_by",
        help_text=_("The booked session that is canceled when an offer is accepted."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects: ClassVar = WaitlistManager()

    class Meta:
        ordering = ("created_at", "id")
        verbose_name_plural = _("waitlist")
        indexes = [
            models.Index(fields=["created_at"], name="waitlist_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["client", "state"], name="waitlist_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.attendee_name or self.client}: {self.session_type}"

    @property
    def who(self) -> str:
        """Return who comes, by name: as typed, or the client's present name if they come themselves."""
        return self.attendee_name or self.client.name


class Offer(models.Model):
    """A freed time held for one person of the waitlist. Its time is an appointment in state `held`."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("not answered")
        WITHDRAWN = "withdrawn", _("withdrawn")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(WaitlistEntry, on_delete=models.CASCADE, related_name="offers")
    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="offer")
    freed = models.ForeignKey(
        Appointment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="offers_of_its_time",
        help_text="Whose cancelling or moving freed this time.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    offered_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("offered_at", "id")
        indexes = [
            models.Index(fields=["expires_at"], name="offer_open", condition=models.Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(state="open"), name="one_open_offer_for_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}, {moment_of(self.appointment.starts_at)}, {self.get_state_display()}"
