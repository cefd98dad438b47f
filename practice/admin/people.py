"""Back office of people and practitioners."""

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
from practice.admin.shared import LabeledListAdmin, OwnRowsAdmin
from practice.models import Practitioner, User

ROLE_FIELDS = ("role", "is_active")
#: What a practitioner's own row says that is the owner's to decide.
OF_THE_OWNER = ("user", "slug", "room", "is_bookable", "order")


@admin.register(User)
class UserAdmin(OwnRowsAdmin):
    """The admin of people. Nobody is deleted here, but made inactive.

    Only the owner changes roles and sign-in addresses; people change their own address on their account page.
    The holder of an address has the account: codes to sign in go there.
    """

    list_display = ("name", "email", "phone_shown", "role", "is_active", "created_at")
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
        """Return whether the reader sees all clients, since a new person has no practitioner yet."""
        return super().has_add_permission(request) and rows.may_all(require_staff(request), "appointments")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save a person: a new one without a password, a new address by its own action."""
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
class PractitionerAdmin(LabeledListAdmin):
    """The admin of practitioners: their room and zone. The user of a row never changes."""

    list_display = ("user", "slug", "zone", "room", "is_bookable", "order")
    list_editable = ("is_bookable", "order")
    search_fields = ("user__name", "slug")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choose the user from the people who work here, by a list: Django's search field has no name."""
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
