"""Payments as they were recorded and receipts as they were issued. No row is changed: both only grow."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.packages import Package
from booking.payments.engine import ledger
from practice.models import User
from practice.models.encrypted import EncryptedTextField


class LedgerEntry(models.Model):
    """Money that was taken or given back for an appointment or a package, or a word on what is owed."""

    class What(models.TextChoices):
        PAYMENT = ledger.PAYMENT, _("payment")
        TIP = ledger.TIP, _("tip")
        REFUND = ledger.REFUND, _("refund")
        CORRECTION = ledger.CORRECTION, _("correction")
        WAIVED = ledger.WAIVED, _("waived")
        CHARGED = ledger.CHARGED, _("charged")

    class How(models.TextChoices):
        CASH = "cash", _("cash")
        CARD = "card", _("card reader")
        TRANSFER = "transfer", _("transfer")
        OTHER = "other", _("other")

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger"
    )
    package = models.ForeignKey(
        Package, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger"
    )
    what = models.CharField(max_length=12, choices=What)
    how = models.CharField(max_length=12, choices=How, blank=True)
    cents = models.IntegerField(_("amount, in cents"), default=0, help_text="Negative: given back.")
    currency = models.CharField(max_length=3, default="USD")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    key = models.CharField(
        max_length=120,
        unique=True,
        editable=False,
        help_text="Of the page it came from: sent twice is one row.",
    )
    note = EncryptedTextField(_("reason"), blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("at", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(appointment__isnull=False, package=None)
                | models.Q(appointment=None, package__isnull=False),
                name="paid_for_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="ledger_by_day")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.cents / 100:.2f} {self.currency}"

    @property
    def entry(self) -> ledger.Entry:
        """Return it for the arithmetic."""
        return ledger.Entry(self.pk, self.what, self.cents, self.corrects_id)

    @property
    def is_money(self) -> bool:
        """Return whether money changed hands: not a word on a fee."""
        return self.what not in ledger.DECISIONS


class Receipt(models.Model):
    """A receipt as it was issued. Without content: the client was erased; number and sum stay."""

    number = models.PositiveIntegerField(unique=True)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="receipts")
    payer = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="receipts")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    cents = models.IntegerField(_("amount received, in cents"))
    tax_cents = models.IntegerField(_("tax included, in cents"), default=0)
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    content: Any = models.JSONField(default=dict, editable=False, help_text="What is printed on it.")
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ("number",)

    def __str__(self) -> str:
        return str(self.number)
