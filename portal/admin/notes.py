"""Admin pages of session notes and assignments.

The words of a note are read on its own page, where it is recorded who opened it.
"""

from __future__ import annotations

import json

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.admin.shared import ClientRecordAdmin
from portal.models import Assignment, SessionNote
from portal.session_notes.actions.wrap_up import WORDS
from practice.access import rows
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff
from practice.admin.shared import ReadOnlyAdmin

WORDS_AT_HOME = ("plan", "obstacle", "dosage_", "word_")  # fields of the wrap-up's form beside the note's


def was_left_behind(note: SessionNote) -> bool:
    """Return whether it is a draft whose author has handed the session over to a colleague."""
    return note.signed_at is None and note.author_id != note.appointment.practitioner_id


@admin.register(SessionNote)
class SessionNoteAdmin(ClientRecordAdmin, ReadOnlyAdmin):
    """The list of notes, and whether each is signed: a practitioner's own, for the owner all."""

    list_display = ("appointment", "author", "saved_at", "signed_at", "signed_by", "page")
    list_filter = (("signed_at", admin.EmptyFieldListFilter),)
    fields = ("appointment", "author", "saved_at", "signed_at", "signed_by", "page")
    readonly_fields = ("page", "words")
    list_select_related = ("appointment", "author__user", "signed_by")
    opens = "access:notes"
    person = "appointment__client"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Return the note, and record the opening of a draft whose words are on the page itself."""
        found = super().get_object(request, object_id, from_field)
        if isinstance(found, SessionNote) and was_left_behind(found) and found.appointment.client:
            whose = found.appointment.client
            log_opening(require_staff(request), whose, "access:note", now=timezone.now())
        return found

    def get_fields(self, request: HttpRequest, obj: SessionNote | None = None) -> tuple[str, ...]:
        """Return the fields; a draft left after a handover shows its words, as it has no other page."""
        return (*self.fields[:-1], "words") if obj and was_left_behind(obj) else self.fields

    @admin.display(description=gettext_lazy("what it says"))
    def words(self, note: SessionNote) -> str:
        """Return all of the draft that is words."""
        rest = json.loads(note.draft) if note.draft else {}
        said = [getattr(note, name) for name in WORDS]
        said += [str(value) for name, value in rest.items() if name.startswith(WORDS_AT_HOME)]
        return format_html_join(mark_safe("<br><br>"), "{}", ((part,) for part in said if part.strip()))

    @admin.display(description=gettext_lazy("its page"))
    def page(self, note: SessionNote) -> str:
        """Return a link to the page with the note's words."""
        if was_left_behind(note):
            return ""
        address = reverse("workspace_note", args=[note.appointment.uid])
        return format_html('<a href="{}">{}</a>', address, _("Read"))


@admin.register(Assignment)
class AssignmentAdmin(ClientRecordAdmin):
    """The admin of assignments, made in a wrap-up; here they are edited or ended, never deleted."""

    opens = "access:assignment"
    list_display = ("client", "what", "dosage", "assigned_by", "created_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("client", "lesson", "exercise", "assigned_by__user")
    search_fields = ("client__name", "client__email", "lesson__title", "exercise__title")
    fields = ("client", "what", "dosage", "word", "assigned_by", "created_at", "ended_at")
    readonly_fields = ("client", "what", "assigned_by", "created_at", "ended_at")
    actions = ("end",)

    @admin.action(description=gettext_lazy("End selected assignments"))
    def end(self, request: HttpRequest, chosen: QuerySet[Assignment]) -> None:
        """End the chosen assignments: the client sees them no more, and emails do not name them."""
        chosen = rows.for_person(require_staff(request), chosen, "change")
        ended = chosen.filter(ended_at=None).update(ended_at=timezone.now())
        self.message_user(request, _("Ended: %(count)s.") % {"count": ended}, messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
