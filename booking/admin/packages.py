"""Packages that were sold. Selling and using happens in the workspace; here a slip is mended."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from booking.models import Package
from practice.access import rows
from practice.access.pages import require_staff
from practice.admin.shared import Months, OwnRows


@admin.register(Package)
class PackageAdmin(OwnRows):
    """One of which nothing was ever used can be taken away; the others keep their number and their client."""

    list_display = ("client", "session_type", "sessions", "sold_at", "valid_until")
    search_fields = ("client__name", "client__email")
    list_filter = (("sold_at", Months),)
    readonly_fields = ("client", "session_type", "sessions", "price_cents", "currency", "sold_by")
    fields = (*readonly_fields, "valid_until", "note")
    list_select_related = ("client", "session_type")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """How it was paid is read by who sees records, and by whoever sold it."""
        user = require_staff(request)
        reads = rows.may(user, "records") or (isinstance(obj, Package) and obj.sold_by_id == user.pk)
        return self.fields if reads else tuple(name for name in self.fields if name != "note")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sold in the workspace, where the price and the letters of booking know of it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """While nothing of it was used."""
        unused = not isinstance(obj, Package) or not obj.uses.exists()
        return unused and super().has_delete_permission(request, obj)
