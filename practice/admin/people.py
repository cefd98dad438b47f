"""People and practitioners."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from practice.access import rows
from practice.access.pages import require_staff
from practice.access.roles import AT_WORK
from practice.accounts.actions.sign_in_address import change_address
from practice.admin.shared import NamedInLists, OwnRows
from practice.models import Practitioner, User

ROLE_FIELDS = ("role", "is_active")
#: What a practitioner's own row says that is the owner's to decide.
OF_THE_OWNER = ("user", "slug", "room", "is_bookable", "order")


@admin.register(User)
class UserAdmin(OwnRows):
    """Everybody with a record. Nobody is deleted here, but made inactive.

    Roles and the address one signs in with are the owner's to change; a person changes their own address on
    their account page. Whoever has an address has the account: codes to sign in go there.
    """

    list_display = ("name", "email", "phone", "role", "is_active", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email", "phone")
    fields = ("name", "email", "phone", "role", "zone", "language", "is_active", "created_at")
    readonly_fields = ("created_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        user = require_staff(request)
        kept: tuple[str, ...] = self.readonly_fields
        if not rows.may_all(user, "roles", "change"):
            kept = (*kept, *ROLE_FIELDS)
        if obj is not None and not rows.may_all(user, "sign_in", "change"):
            kept = (*kept, "email")
        return kept

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever sees all clients: a new person would not be a practitioner's own before they came."""
        return super().has_add_permission(request) and rows.may_all(require_staff(request), "appointments")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person has no password: they sign in by emailed code. A new address goes by its action."""
        if not change:
            obj.set_unusable_password()
            super().save_model(request, obj, form, change)
            return
        address = obj.email
        obj.email = User.objects.values_list("email", flat=True).get(pk=obj.pk)
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            change_address(obj, address, by=require_staff(request), now=timezone.now())


@admin.register(Practitioner)
class PractitionerAdmin(NamedInLists):
    """Who gives sessions, where, and in which zone. Whose row it is never changes: its clients are theirs."""

    list_display = ("user", "slug", "zone", "room", "is_bookable", "order")
    list_editable = ("is_bookable", "order")
    search_fields = ("user__name", "slug")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A list of those who work here: Django's search field has no name that a screen reader says."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(role__in=AT_WORK)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        if not self.changes_all(request):
            return OF_THE_OWNER
        return ("user",) if obj is not None else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self.changes_all(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
