"""Payments and receipts in the back office: read only. They are recorded in the workspace."""

from __future__ import annotations

from django.contrib import admin

from booking.models import LedgerEntry, Receipt
from practice.admin.shared import MonthFilter, ReadOnlyAdmin


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """Payments, refunds, tips, corrections, and what was waived; reasons are on the session's page."""

    list_display = ("at", "what", "how", "cents", "currency", "appointment", "package", "by")
    list_filter = (("at", MonthFilter), "what", "how")
    list_select_related = ("appointment", "package__session_type", "by")
    fields = ("at", "what", "how", "cents", "currency", "appointment", "package", "corrects", "by")


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """Receipts: number, sum and tax."""

    list_display = ("number", "issued_at", "cents", "tax_cents", "currency", "appointment", "issued_by")
    list_filter = (("issued_at", MonthFilter),)
    list_select_related = ("appointment", "issued_by")
    fields = ("number", "issued_at", "cents", "tax_cents", "currency", "appointment", "replaces", "issued_by")
