"""People and practitioners."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from practice.admin.shared import NamedInLists
from practice.models import Practitioner, User

ROLE_FIELDS = ("role", "is_active")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Everybody with a record. Only the owner changes roles; nobody is deleted here, but made inactive."""

    list_display = ("name", "email", "phone", "role", "is_active", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email", "phone")
    fields = ("name", "email", "phone", "role", "zone", "language", "is_active", "created_at")
    readonly_fields = ("created_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A practitioner cannot make themselves the owner."""
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *ROLE_FIELDS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Colleagues are the owner's to change: an address changed here is a way into the account."""
        if isinstance(obj, User) and obj.is_staff and obj.pk != request.user.pk:
            return request.user.is_superuser
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person has no password: they sign in by emailed code."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Practitioner)
class PractitionerAdmin(NamedInLists):
    """Who gives sessions, where, and in which zone."""

    list_display = ("user", "slug", "zone", "room", "is_bookable", "order")
    list_editable = ("is_bookable", "order")
    search_fields = ("user__name", "slug")
    autocomplete_fields = ("user",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
