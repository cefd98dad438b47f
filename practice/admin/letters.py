"""Back office of emails and marked addresses: a ledger, with the two things a person may decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from practice.access import rows
from practice.access.pages import require_staff
from practice.admin.shared import MonthFilter, OwnRowsAdmin, ReadOnlyAdmin
from practice.mail import suppression
from practice.mail.actions import CannotSendAgain, leave_unsent, send_again
from practice.mail.workspace_views import shown_to
from practice.models import Letter, Suppression


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """The admin of emails. Their text is in the workspace, where codes are hidden."""

    list_display = ("due_at", "state", "kind", "to_name", "to_address", "subject", "attempts")
    list_filter = ("state", "category", "kind", ("due_at", MonthFilter))
    search_fields = ("to_name", "to_address", "subject", "key")
    exclude = ("text", "html", "word", "event", "attachments", "headers", "claim", "why")
    readonly_fields = ("result",)
    actions = ("send_them_again", "leave_them")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return one email; its reason only if the reader may know it."""
        found = super().get_object(request, object_id, from_field)
        return found and shown_to(require_staff(request), [found])[0]

    @admin.display(description=gettext_lazy("result"))
    def result(self, letter: Letter) -> str:
        """Return why it waits, failed or was called off."""
        return letter.reason

    @admin.action(
        description=gettext_lazy("Send again (failed, or may not have been sent)"), permissions=["view"]
    )
    def send_them_again(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        """Send each email again, by the action of the workspace's page."""
        for letter in rows.for_person(require_staff(request), letters, "change"):
            try:
                send_again(letter, by=require_staff(request))
            except CannotSendAgain as error:
                self.message_user(request, f"{letter}: {error}", messages.ERROR)
        self.message_user(request, _("These emails will be sent again in a moment."))

    @admin.action(description=gettext_lazy("Dismiss"), permissions=["view"])
    def leave_them(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        """Leave each email as it is, by the action of the workspace's page."""
        for letter in rows.for_person(require_staff(request), letters, "change"):
            leave_unsent(letter, by=require_staff(request))
        count = len(letters)
        self.message_user(
            request, ngettext("%(n)s email dismissed.", "%(n)s emails dismissed.", count) % {"n": count}
        )


class ComplaintForm(forms.ModelForm):
    """The form for an address whose reader does not want our emails. It may have bounced before."""

    class Meta:
        model = Suppression
        fields = ("address", "detail")
        help_texts = {
            "address": gettext_lazy(
                "Its reader, or their email provider, reported an email as unwanted. From now on we only "
                "send what they ask for."
            ),
            "detail": gettext_lazy("Such as who told you, and when."),
        }

    def validate_unique(self) -> None:
        """Accept an address that is marked already: a complaint takes the place of a bounce."""


@admin.register(Suppression)
class SuppressionAdmin(OwnRowsAdmin):
    """The admin of marked addresses. Several can be lifted together: a mail server may be wrong about all.

    A complaint is entered by hand, since it arrives as an email to the practice; bounces are never.
    """

    list_display = ("address", "cause", "detail", "created_at")
    list_filter = ("cause", ("created_at", MonthFilter))
    search_fields = ("address",)
    actions = ("lift_them",)
    form = ComplaintForm
    fields = ("address", "cause", "detail", "created_at")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return what a complaint says when it is entered, and all that is kept of a mark."""
        return ("address", "detail") if obj is None else self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the reader may change all marks: an address may be a stranger's."""
        return super().has_add_permission(request) and self.changes_all(request)

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:
        """Mark the address by the action, for which an address is marked once."""
        mark = suppression.suppress(obj.address, cause=Suppression.Cause.COMPLAINT, detail=obj.detail)
        obj.pk = mark.pk
        obj.refresh_from_db()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Callable[..., str], str, str] | None]:
        """Return the actions without bulk delete: only lifting says what follows."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    @admin.action(
        description=gettext_lazy("Unblock these addresses"),
        permissions=["delete"],
    )
    def lift_them(self, request: HttpRequest, marks: QuerySet[Suppression]) -> None:
        """Lift all of these marks; emails that failed meanwhile can be sent again on the page of emails."""
        theirs = rows.for_person(require_staff(request), marks, "change")
        count = suppression.lift_suppressions(*(mark.address for mark in theirs))
        self.message_user(
            request, ngettext("%(n)s address unblocked.", "%(n)s addresses unblocked.", count) % {"n": count}
        )
