"""Appointments in the back office: read and searched; booked, moved and canceled by the pages' actions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.access import clients_seen_by
from booking.appointments.actions.book import book
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.attendees.forms import AsksWhoComes
from booking.attendees.questions import kept_by
from booking.errors import BookingError
from booking.models import Appointment, AppointmentChange
from booking.wording import note_of
from practice.access import rows
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff
from practice.admin.shared import LoggedAdmin, MonthFilter, OwnRowsAdmin, ReadOnlyAdmin, SplitDateTimeWidget
from practice.models import User
from practice.queries import the_practice

#: What is asked about who comes. The client's record says the name, and the number unless another is given.
ANSWERS = tuple(one.name for one in kept_by(Appointment) if one.name != "name")
#: What was answered, as the page of an appointment shows it; the address of a visit is encrypted.
ANSWERED = tuple(
    "phone_shown" if one.kind == "tel" else one.kept_as for one in kept_by(Appointment) if one.is_fact
)
REASONS = ("override_note", "noted")
WHY = gettext_lazy("Override reason")
WHY_HELP = gettext_lazy(
    "Only to override opening hours, notice, a buffer or a limit. No one can be booked over someone else."
)


def reads_reasons(request: HttpRequest) -> bool:
    """Return whether the reader sees, on their own rows, why a rule was passed."""
    return rows.may(require_staff(request), "records")


def without_reasons(fields: tuple[str, ...], request: HttpRequest) -> tuple[str, ...]:
    """Return the fields without those about somebody's body, unless the reader may see them."""
    return fields if reads_reasons(request) else tuple(name for name in fields if name not in REASONS)


class BookForm(AsksWhoComes, forms.ModelForm):
    """The form of a new appointment, made by staff, for a client who has a record."""

    client = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Client"))
    starts_at = forms.SplitDateTimeField(
        label=gettext_lazy("Start"),
        widget=SplitDateTimeWidget,
    )
    override_note = forms.CharField(label=WHY, help_text=WHY_HELP, required=False, max_length=200)

    class Meta:
        model = Appointment
        fields = (
            *("session_type", "practitioner", "client", "starts_at", *ANSWERS),
            "override_note",
        )

    field_order = Meta.fields

    #: The person who books; set in a subclass made for each request.
    reader: ClassVar[User]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Limit the clients to those the reader knows."""
        super().__init__(*args, **kwargs)
        known = clients_seen_by(self.reader).filter(is_active=True)
        self.fields["client"].queryset = known  # type: ignore[attr-defined]
        self.ask_at_will(ANSWERS)
        self.fields["phone"].help_text = _("Leave empty to use the number on file.")
        self.fields["address"].label = _("Address of the visit")
        self.fields["address"].help_text = _("Only for a session at the client’s place.")

    def clean(self) -> dict[str, Any]:
        """Return the answers; who comes is the chosen client."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        self.known_client = said.get("client")
        return said


class MoveForm(forms.ModelForm):
    """The form of an existing appointment: a new start moves it."""

    new_start = forms.SplitDateTimeField(
        label=gettext_lazy("Move to"),
        widget=SplitDateTimeWidget,
        required=False,
    )
    reason = forms.CharField(label=WHY, help_text=WHY_HELP, required=False, max_length=200)

    class Meta:
        model = Appointment
        fields = ()


class ChangeInline(admin.TabularInline):
    """The appointment's changes. Reasons are shown to its practitioner and the owner."""

    model = AppointmentChange
    extra = 0
    readonly_fields = ("at", "what", "by", "starts_at", "was_starts_at", "noted")
    can_delete = False

    @admin.display(description=gettext_lazy("note"))
    def noted(self, change: AppointmentChange) -> str:
        """Return what a person wrote, or what the system noted, in a sentence."""
        return note_of(change, locale=the_practice().locale)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return without_reasons(self.readonly_fields, request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Appointment)
class AppointmentAdmin(OwnRowsAdmin):
    """Appointments. No field is written directly: book, move and cancel do it, with their emails."""

    list_display = ("starts_at", "attendee_name", "session_type", "practitioner", "state")
    list_filter = ("state", "practitioner", "session_type", ("starts_at", MonthFilter))
    search_fields = ("attendee_name", "client__name", "client__email", "uid")
    list_select_related = ("session_type", "practitioner__user")
    inlines = (ChangeInline,)
    actions = ("cancel_them",)
    shown = (
        "attendee_name", "client", *ANSWERED, "session_type", "practitioner", "place", "room", "starts_at",
        "ends_at", "state", "confirmed_at", "sequence", "price_cents", "zone", "wall_time", "moves",
        "override_note",
    )  # fmt: skip
    whose = ("practitioner",)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Return the form to book a new appointment, or to move an existing one."""
        book_form = type("BookForm", (BookForm,), {"reader": require_staff(request)})
        return super().get_form(request, obj, change, form=MoveForm if obj else book_form, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the fields that are shown, with one for a new start."""
        if obj is None:
            return BookForm.Meta.fields
        shown = without_reasons(self.shown, request)
        known = (
            isinstance(obj, Appointment)
            and obj.client
            and rows.may_access(require_staff(request), obj.client)
        )
        if not known:  # booked with a known address, not confirmed by its owner
            shown = tuple(name for name in shown if name != "client")
        return (*shown, "new_start", "reason") if self.has_change_permission(request, obj) else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return without_reasons(self.shown, request) if obj else ()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return one appointment for its page; a reader of reasons is written down."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and found.client_id and reads_reasons(request):
            log_opening(require_staff(request), found.client, "access:appointment", now=timezone.now())
        return found

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> tuple[type[ChangeInline], ...]:
        return (ChangeInline,) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show an action's refusal as a message; nothing was stored."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except BookingError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Appointment, form: Any, change: bool) -> None:
        """Book or move through the actions."""
        said = form.cleaned_data
        if change:
            if said.get("new_start"):
                move(
                    Appointment.objects.get(pk=obj.pk),
                    start=said["new_start"],
                    by=require_staff(request),
                    override_note=said["reason"],
                )
            return
        made = book(
            said["session_type"],
            practitioners=[said["practitioner"]],
            start=said["starts_at"],
            attendee=form.attendee(),
            consent=False,
            by=require_staff(request),
            client=said["client"],
            override_note=said["override_note"],
        )
        obj.__dict__.update(made.__dict__)

    @admin.action(description=gettext_lazy("Cancel and email the client"), permissions=["change"])
    def cancel_them(self, request: HttpRequest, appointments: QuerySet[Appointment]) -> None:
        """Cancel each through the action of the pages."""
        for one in rows.for_person(require_staff(request), appointments, "change"):
            try:
                cancel(one, by=require_staff(request))
            except BookingError as error:
                self.message_user(request, f"{one}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, _("%(one)s is canceled.") % {"one": one})


@admin.register(AppointmentChange)
class AppointmentChangeAdmin(LoggedAdmin, ReadOnlyAdmin):
    """Changes of appointments, read only."""

    list_display = ("at", "appointment", "what", "by", "starts_at", "was_starts_at", "noted")
    list_filter = ("what", ("at", MonthFilter))
    list_select_related = ("appointment", "by")
    opens = "access:appointment_changes"
    person = "appointment__client"
    readonly_fields = ("noted",)
    search_fields = ("appointment__attendee_name",)  # the note is encrypted: it cannot be searched

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return without_reasons(self.list_display, request)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return without_reasons(self.list_display, request)

    @admin.display(description=gettext_lazy("note"))
    def noted(self, change: AppointmentChange) -> str:
        """Return what a person wrote, or what the system noted, in a sentence."""
        return note_of(change, locale=the_practice().locale)

    def is_written_down(self, request: HttpRequest) -> bool:
        """Return whether there are words to read."""
        return reads_reasons(request)
