"""Packages: several sessions of a type, sold together. Each session used is a row, so none is used twice."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.offering import SessionType
from practice.models import User
from practice.models.encrypted import EncryptedTextField


class Package(models.Model):
    """Several sessions of a type, sold to a client by somebody at work. Paid elsewhere.

    Without a client: that record was erased; what was paid stays, as a number.
    """

    client = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="packages")
    session_type = models.ForeignKey(SessionType, on_delete=models.PROTECT, related_name="packages")
    sessions = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(100)])
    price_cents = models.PositiveIntegerField(_("price, in cents"), default=0)
    currency = models.CharField(max_length=3, default="USD")
    sold_at = models.DateTimeField(default=timezone.now)
    sold_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = EncryptedTextField(_("payment"), max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("sold_at", "id")

    def __str__(self) -> str:
        return f"{self.sessions} × {self.session_type}"


class PackageUse(models.Model):
    """One session of a package, used by an appointment; given back by a cancel in time."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="uses")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="package_uses")
    number = models.PositiveSmallIntegerField(help_text="Which of the package's sessions, from 1.")
    used_at = models.DateTimeField(default=timezone.now)
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("used_at", "id")
        constraints = [
            # In the database: no session of a package pays for two appointments.
            models.UniqueConstraint(
                fields=["package", "number"],
                condition=models.Q(given_back_at__isnull=True),
                name="one_use_of_each_session",
            ),
            models.UniqueConstraint(
                fields=["appointment"],
                condition=models.Q(given_back_at__isnull=True),
                name="one_package_for_an_appointment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.package}"
