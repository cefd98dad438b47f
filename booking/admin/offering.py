"""Session types, opening hours and closures in the back office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ManyToManyField, Model
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from booking.access import reads_why_closed
from booking.models import Closure, OpeningHours, SessionType
from booking.time_off.actions import close_days
from booking.time_off.forms.closures import ClosureForm
from practice.access import rows
from practice.access.pages import require_staff
from practice.admin.shared import LabeledListAdmin, OwnRowsAdmin


@admin.register(SessionType)
class SessionTypeAdmin(LabeledListAdmin):
    """Session types. Their numbers are the rules of the slot engine; existing appointments keep theirs."""

    list_display = (
        "name",
        "place",
        "minutes",
        "price_cents",
        "notice_hours",
        "horizon_days",
        "is_active",
        "order",
    )
    list_editable = ("is_active", "order")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    formfield_overrides = {
        **OwnRowsAdmin.formfield_overrides,
        ManyToManyField: {"widget": CheckboxSelectMultiple},
    }
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "slug",
                    "description",
                    "minutes",
                    "price_cents",
                    "practitioners",
                    "is_active",
                    "order",
                )
            },
        ),
        (_("Place"), {"fields": ("place", "travel_before", "travel_after", "video_link")}),
        (_("Before booking"), {"fields": ("who", "needs_approval", "preparation")}),
        (_("Start times"), {"fields": ("step", "notice_hours", "horizon_days", "daily_limit", "gaps")}),
        (
            _("Buffers"),
            {"fields": ("buffer_before", "buffer_after", "buffer_rule", "buffers_inside_hours")},
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False for a type with appointments; take it off the list instead."""
        if isinstance(obj, SessionType) and obj.appointments.exists():
            return False
        return super().has_delete_permission(request, obj)


@admin.register(OpeningHours)
class OpeningHoursAdmin(OwnRowsAdmin):
    """Weekly rules, in the practitioner's own zone. No appointment is changed by them."""

    list_display = ("practitioner", "weekday", "opens", "closes", "past_midnight")
    list_filter = ("practitioner", "weekday")
    search_fields = ("practitioner__user__name",)
    whose = ("practitioner",)


@admin.register(Closure)
class ClosureAdmin(OwnRowsAdmin):
    """Days that replace the weekly rule. Booked clients are shown on *today*, for a person to decide."""

    form = ClosureForm
    list_display = ("first_day", "last_day", "practitioner", "opens", "closes")
    list_select_related = ("practitioner__user",)
    list_filter = ("practitioner",)
    search_fields = ("practitioner__user__name",)  # the reason is encrypted
    date_hierarchy = "first_day"
    whose = ("practitioner",)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Return the columns; with reasons where the reader may read them (it may be an operation)."""
        reader = require_staff(request)

        @admin.display(description=_("reason"))
        def why(closure: Closure) -> str:
            return closure.reason if reads_why_closed(reader, closure) else ""

        return (*self.list_display, why) if rows.may(reader, "records") else self.list_display

    def get_fields(self, request: HttpRequest, obj: Closure | None = None) -> list[Any]:
        """Return the fields; the reason of an existing closure only if the reader may read it."""
        found = list(super().get_fields(request, obj))
        shown = obj is None or obj.pk is None or reads_why_closed(require_staff(request), obj)
        return [name for name in found if name != "reason" or shown]

    def save_model(self, request: HttpRequest, obj: Closure, form: Any, change: bool) -> None:
        """Save under the lock, so that a booking made meanwhile is found or refused."""
        close_days.keep(obj)
