"""Back office of the logs: who opened a record, who agreed, who changed what here."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from practice.admin.shared import LoggedAdmin, MonthFilter, ReadOnlyAdmin
from practice.models import AccessLog, Consent


@admin.register(LogEntry)
class BackOfficeLogAdmin(ReadOnlyAdmin):
    """The admin of the back office's own log of changes, for the owner."""

    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag", "change_message")
    list_filter = ("action_flag", "content_type", ("action_time", MonthFilter))
    search_fields = ("user__name", "object_repr")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """The admin of the access log. Rows are only appended."""

    list_display = ("at", "reader", "whose", "words")
    exclude = ("what", "code", "params")
    readonly_fields = ("words",)
    search_fields = ("reader__name", "whose__name")
    list_filter = (("at", MonthFilter),)

    @admin.display(description=gettext_lazy("what"))
    def words(self, row: AccessLog) -> str:
        """Return what was opened or done."""
        return row.words


@admin.register(Consent)
class ConsentAdmin(LoggedAdmin, ReadOnlyAdmin):
    """The admin of consents."""

    list_display = ("given_at", "user", "kind", "version", "withdrawn_at")
    list_filter = ("kind",)
    search_fields = ("user__name", "user__email")
    opens = "access:signed"
    person = "user"
