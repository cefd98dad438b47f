"""Packages that were sold. They are sold and used in the workspace; here mistakes are corrected."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from booking.models import Package
from practice.access import rows
from practice.access.pages import require_staff
from practice.admin.shared import MonthFilter, OwnRowsAdmin


@admin.register(Package)
class PackageAdmin(OwnRowsAdmin):
    """Packages. One of which nothing was used can be deleted; the others keep number and client."""

    list_display = ("client", "session_type", "sessions", "sold_at", "valid_until")
    search_fields = ("client__name", "client__email")
    list_filter = (("sold_at", MonthFilter),)
    readonly_fields = ("client", "session_type", "sessions", "price_cents", "currency", "sold_by")
    fields = (*readonly_fields, "valid_until", "note")
    list_select_related = ("client", "session_type")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the fields; how it was paid only for readers of records, and for its seller."""
        user = require_staff(request)
        reads = rows.may(user, "records") or (isinstance(obj, Package) and obj.sold_by_id == user.pk)
        return self.fields if reads else tuple(name for name in self.fields if name != "note")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: packages are sold in the workspace."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether nothing of the package was ever used."""
        unused = not isinstance(obj, Package) or not obj.uses.exists()
        return unused and super().has_delete_permission(request, obj)
