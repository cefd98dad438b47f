"""Back office of the practice's one row and its rooms."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from practice.admin.shared import OwnRowsAdmin
from practice.models import Practice, Room

admin.site.site_header = _("Back office")
admin.site.site_title = _("Back office")
admin.site.index_title = _("All data")


@admin.register(Practice)
class PracticeAdmin(OwnRowsAdmin):
    """The admin of the practice: name, address, policies. There is one row, and it stays."""

    list_display = ("name", "zone", "currency")
    fieldsets = (
        (None, {"fields": ("name", "address", "phone", "email", "standfirst")}),
        (_("On the home page"), {"fields": ("headline", "introduction", "approach_title", "approach")}),
        (_("Time and money"), {"fields": ("zone", "home_locale", "currency")}),
        (
            _("Cancellations and requests"),
            {
                "fields": (
                    "free_hours",
                    "locked_hours",
                    "late_percent",
                    "moves_allowed",
                    "request_hours",
                    "treatment_consent",
                )
            },
        ),
        (
            _("Emails"),
            {"fields": ("reminder_hours", "quiet_from", "quiet_until")},
        ),
        (_("Access to records"), {"fields": ("record_months",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Practice.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Room)
class RoomAdmin(OwnRowsAdmin):
    """The admin of rooms, each a place with one table."""

    search_fields = ("name",)
