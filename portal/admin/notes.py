"""Session notes and assignments: what there is, for the back office. The words of a note are read on its own
page, where it is written down who opened it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin.shared import OfRecords
from portal.models import Assignment, SessionNote
from practice import rows
from practice.access import require_staff
from practice.admin.shared import ReadOnlyAdmin


@admin.register(SessionNote)
class SessionNoteAdmin(OfRecords, ReadOnlyAdmin):
    """Which sessions have a note, and whether it is signed. A practitioner's own; the owner's: all."""

    list_display = ("appointment", "author", "saved_at", "signed_at", "signed_by", "page")
    list_filter = (("signed_at", admin.EmptyFieldListFilter),)
    fields = ("appointment", "author", "saved_at", "signed_at", "signed_by", "page")
    readonly_fields = ("page",)
    list_select_related = ("appointment", "author__user", "signed_by")
    opens = gettext_lazy("the list of notes")
    person = "appointment__client"

    @admin.display(description=gettext_lazy("its page"))
    def page(self, note: SessionNote) -> str:
        """Where its words are."""
        address = reverse("workspace_note", args=[note.appointment.uid])
        return format_html('<a href="{}">{}</a>', address, _("Read it"))


@admin.register(Assignment)
class AssignmentAdmin(OfRecords):
    """What clients were given to do at home, in a wrap-up; here it is reworded or ended, never deleted."""

    opens = gettext_lazy("something to do at home")
    list_display = ("client", "what", "dosage", "assigned_by", "created_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("client", "lesson", "exercise", "assigned_by__user")
    search_fields = ("client__name", "client__email", "lesson__title", "exercise__title")
    fields = ("client", "what", "dosage", "word", "assigned_by", "created_at", "ended_at")
    readonly_fields = ("client", "what", "assigned_by", "created_at", "ended_at")
    actions = ("end",)

    @admin.action(description=gettext_lazy("End these"))
    def end(self, request: HttpRequest, chosen: QuerySet[Assignment]) -> None:
        """The client does not see them any more; letters name them no more."""
        chosen = rows.for_person(require_staff(request), chosen, "change")
        ended = chosen.filter(ended_at=None).update(ended_at=timezone.now())
        self.message_user(request, _("Ended: %(count)s.") % {"count": ended}, messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
