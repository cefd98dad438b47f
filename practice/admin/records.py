"""Records about the keeping: who looked, who agreed."""

from django.contrib import admin

from practice.admin.shared import ReadOnlyAdmin
from practice.models import AccessLog, Consent


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """Who opened whose record. Only ever appended."""

    list_display = ("at", "reader", "whose", "what")
    search_fields = ("reader__name", "whose__name")
    date_hierarchy = "at"


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to which text."""

    list_display = ("given_at", "user", "kind", "version", "withdrawn_at")
    list_filter = ("kind",)
    search_fields = ("user__name", "user__email")
