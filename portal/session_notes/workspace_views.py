"""The wrap-up of a session and its signed note: for its practitioner and the owner only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.access import appointment_seen_by, zone_at_work
from booking.errors import BookingError
from booking.intake.status import intake_status
from booking.models import Appointment
from booking.payments.accounts import account_of
from booking.payments.actions.record import NotRecorded
from portal.followups.wrap_up_preview import ExpectedEmail, email_question
from portal.models import Assignment, Lesson, SessionNote
from portal.records.access import may_open, sees_records
from portal.session_notes import next_appointment, wrap_up_page
from portal.session_notes.actions.assign import NewAssignment, NotAssigned, in_order
from portal.session_notes.actions.wrap_up import (
    WORDS,
    AssignmentsChanged,
    AttendeeUnclear,
    NotWritten,
    PlanChanged,
    Signed,
    Stale,
    TooLong,
    amend,
    keep_draft,
    plan_mark,
    sign,
)
from portal.session_notes.assignable import home_mark
from portal.session_notes.forms.wrap_up import WrapUpForm
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.consents.actions.letter_preferences import letters_text
from practice.core import body_map, formatting
from practice.core.body_map import from_text
from practice.mail.composing.headers import usable_address
from practice.models import User
from practice.queries import has_declined_letters, the_practice

JSON = "application/json"
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def session_for(user: User, uid: Any) -> Appointment:
    """Return the appointment, for its practitioner and the owner; 404 for all others, the front desk too."""
    if not sees_records(user):
        raise Http404
    return appointment_seen_by(user, uid)


def kept_under(user: User, appointment: Appointment) -> str:
    """Return the name under which a browser keeps unsaved words; it shows no client."""
    return "wrap-" + salted_hmac("wrap-up", f"{user.pk} {appointment.uid}").hexdigest()[:32]


def note_of(appointment: Appointment) -> SessionNote | None:
    """Return the session's note so far, or None; not a colleague's draft from before a handover."""
    return (
        SessionNote.objects.standing()
        .filter(appointment=appointment)
        .select_related("signed_by", "author__user")
        .first()
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def wrap_up(request: HttpRequest, uid: Any) -> HttpResponse:
    """Write the wrap-up, save it as a draft, or sign it. A fetch that asks for JSON saves the draft.

    JSON: 200 with the version kept; 409 "stale" or "signed"; 422 with what is wrong, by field.
    """
    user, now = require_staff(request), timezone.now()
    appointment = session_for(user, uid)
    note = note_of(appointment)
    if refused := _closed_record(request, user, appointment, note):
        return refused
    if request.headers.get("accept") == JSON and request.method == "POST":
        return _autosave(request, user, appointment, note, now=now)
    if note and note.signed_at:
        if request.method == "POST":
            typed = _form(request.POST, appointment, note, with_account=False)
            return _too_late(request, user, appointment, typed, note, now=now)
        return redirect("workspace_note", uid=uid)
    if appointment.state == Appointment.State.CANCELLED:
        messages.error(request, _("This session was canceled: there is nothing to wrap up."))
        return redirect("workspace_appointment", uid=uid)
    if request.method == "POST":
        return _written(request, user, appointment, note, now=now)
    return _page(request, appointment, _form(None, appointment, note), user=user, now=now)


def _closed_record(
    request: HttpRequest, user: User, appointment: Appointment, note: SessionNote | None
) -> HttpResponse | None:
    """Return a refusal where the record is not open to the reader, else None.

    The page shows more of the record than this session.
    """
    if appointment.attendee_unclear and not (note and note.signed_at):
        return _unclear(request, appointment)
    if appointment.client is None or (note and note.signed_at) or may_open(user, appointment.client):
        return None
    if request.headers.get("accept") == JSON:
        raise Http404
    if appointment.state != Appointment.State.CANCELLED:
        messages.error(
            request,
            _(
                "This record is not open to you yet. It opens when the client confirms the session, when "
                "the session begins, or with a colleague’s permission."
            ),
        )
        return redirect("workspace_appointment", uid=appointment.uid)
    return None


def _unclear(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Refuse until somebody has said whose session it is, which the appointment's page asks."""
    if request.headers.get("accept") == JSON:
        return _not_kept("unclear", str(AttendeeUnclear()), 409)
    messages.error(request, str(AttendeeUnclear()))
    return redirect("workspace_appointment", uid=appointment.uid)


def _form(
    data: Any, appointment: Appointment, note: SessionNote | None, *, with_account: bool = True
) -> WrapUpForm:
    """Return the form; without the session's account it can be saved as a draft, not shown or signed."""
    account = account_of(appointment) if with_account else None
    asks = email_question(appointment)
    return WrapUpForm(data, client=appointment.client, note=note, asks=asks, account=account)


def _keep(form: WrapUpForm, user: User, appointment: Appointment, *, now: dt.datetime) -> SessionNote:
    return keep_draft(
        appointment,
        form.words(),
        touched=form.touched(),
        rest=form.rest(),
        by=user,
        version=form.version_seen,
        now=now,
    )


def _autosave(
    request: HttpRequest,
    user: User,
    appointment: Appointment,
    note: SessionNote | None,
    *,
    now: dt.datetime,
) -> JsonResponse:
    form = _form(request.POST, appointment, note, with_account=False)
    if not form.is_valid():
        wrong = {name: str(errors[0]) for name, errors in form.errors.items()}
        return _not_kept("form", _("Not saved: one thing needs another look."), 422, fields=wrong)
    try:
        kept = _keep(form, user, appointment, now=now)
    except Stale as stale:
        return _not_kept("stale", str(stale), 409)
    except Signed as signed:
        return _not_kept("signed", str(signed), 409)
    except NotWritten as refusal:
        return _not_kept("form", str(refusal), 422)
    return JsonResponse({"version": kept.version, "saved": _saved(kept, user)})


def _not_kept(code: str, message: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, **more}}, status=status)


def _saved(note: SessionNote | None, user: User) -> str:
    """Return a sentence such as "Saved 11:58.", or "" without a note."""
    if note is None:
        return ""
    when = formatting.clock_time(note.saved_at, zone_at_work(user), locale=the_practice().locale)
    return _("Saved %(time)s.") % {"time": when}


def _written(
    request: HttpRequest,
    user: User,
    appointment: Appointment,
    note: SessionNote | None,
    *,
    now: dt.datetime,
) -> HttpResponse:
    """Save the draft or sign, by the button pressed."""
    form = _form(request.POST, appointment, note)
    if not form.is_valid():
        return _page(request, appointment, form, user=user, now=now, status=UNPROCESSABLE)
    try:
        if "draft" in request.POST:
            _keep(form, user, appointment, now=now)
            messages.success(request, _("Saved as a draft."))
            return redirect("workspace_wrap_up", uid=appointment.uid)
        if not form.may_be_signed():
            return _page(request, appointment, form, user=user, now=now, status=UNPROCESSABLE)
        note = sign(
            appointment, form.wrap_up(), by=user, now=now, version=form.version_seen, rest=form.rest()
        )
    except Stale as stale:
        return _two_pages(request, appointment, form, stale, user=user, now=now)
    except Signed:
        return redirect("workspace_note", uid=appointment.uid)
    except PlanChanged as changed:
        form.add_error("plan", str(changed))
        form.data = form.data.copy()
        form.data["plan_seen"] = plan_mark(changed.page.plan, changed.page.obstacle)
        return _page(request, appointment, form, user=user, now=now, status=HTTPStatus.CONFLICT)
    except AssignmentsChanged as changed:
        form.add_error(None, str(changed))
        form.data = form.data.copy()
        form.data["home_seen"] = home_mark(changed.given)
        return _page(
            request, appointment, form, user=user, now=now, status=HTTPStatus.CONFLICT, given=changed.given
        )
    except NotRecorded as refusal:
        form = _form(request.POST, appointment, note)  # what is outstanding may have changed meanwhile
        if form.paid:
            form.paid.refuse(refusal)
        return _page(request, appointment, form, user=user, now=now, status=UNPROCESSABLE)
    except (NotAssigned, NotWritten, BookingError) as refusal:
        form.add_error(refusal.name if isinstance(refusal, TooLong) else None, str(refusal))
        return _page(request, appointment, form, user=user, now=now, status=UNPROCESSABLE)
    if note.signed_at == now:
        messages.success(request, _("Signed."))
    else:
        return _too_late(request, user, appointment, form, note, now=now)
    return redirect("workspace_note", uid=appointment.uid)


def _too_late(
    request: HttpRequest,
    user: User,
    appointment: Appointment,
    form: WrapUpForm,
    note: SessionNote,
    *,
    now: dt.datetime,
) -> HttpResponse:
    """Tell somebody who signs a signed note that it is signed, or that their own words are not in it.

    Those words stand in the field that adds to the note: nothing of them is lost.
    """
    appointment = Appointment.objects.get(pk=note.appointment_id)
    took_place = "no" if appointment.state == Appointment.State.NO_SHOW else "yes"
    if (
        form.is_valid()
        and form.cleaned_data["came"] == took_place
        and form.words() == {name: getattr(note, name) for name in WORDS}
        and body_map.to_text(form.touched()) == note.touched
    ):
        messages.success(request, _("Signed."))
        return redirect("workspace_note", uid=appointment.uid)
    messages.warning(
        request,
        _("This note was signed from another page, without the text on yours. You can add it here."),
    )
    typed = (str(form[name].value() or "").replace("\r\n", "\n").strip() for name in WORDS)
    fresh = [text for text, name in zip(typed, WORDS, strict=True) if text and text != getattr(note, name)]
    status = HTTPStatus.CONFLICT
    return _note_page(request, user, appointment, note, now=now, typed="\n\n".join(fresh), status=status)


def _two_pages(
    request: HttpRequest,
    appointment: Appointment,
    form: WrapUpForm,
    stale: Stale,
    *,
    user: User,
    now: dt.datetime,
) -> HttpResponse:
    """Show what was typed here beside what another page saved; saved again, this page overwrites."""
    form.add_error(None, str(stale))
    form.data = form.data.copy()
    form.data["version"] = str(stale.note.version)
    return _page(request, appointment, form, user=user, now=now, status=HTTPStatus.CONFLICT, other=stale.note)


def _page(
    request: HttpRequest,
    appointment: Appointment,
    form: WrapUpForm,
    *,
    user: User,
    now: dt.datetime,
    status: int = HTTPStatus.OK,
    other: SessionNote | None = None,
    given: Sequence[Assignment] = (),
) -> HttpResponse:
    """Show the wrap-up. `other`, `given`: what another page saved since, and the present assignments."""
    client = appointment.client
    if client:
        log_opening(user, client, "access:note", now=now)
    note = note_of(appointment)
    return render(
        request,
        "workspace/wrap_up.html",
        {
            "appointment": appointment,
            "form": form,
            "first_name": client.first_name if client else appointment.attendee_name,
            "touched": form.touched(),
            "before": wrap_up_page.last_note_before(appointment),
            "plans": _letters_ahead(appointment, client, form, now=now) if client else [],
            "agreeing": letters_text(),
            "address": bool(client and usable_address(client.email)),
            "declined": bool(client and has_declined_letters(client)),
            "next": wrap_up_page.next_session(appointment, client, now=now) if client else None,
            "wish": next_appointment.next_booking_query(appointment, now=now, zone=zone_at_work(user)),
            "zone": zone_at_work(user),
            "carried": any(slot.what.value() for slot in form.slots()),
            "saved": _saved(note, user),
            "other": other,
            "given": given,
            "left": wrap_up_page.left_behind(appointment, user),
            "kept_under": kept_under(user, appointment),
            "beforehand": intake_status([client.pk])[client.pk] if client else None,
        },
        status=status,
    )


def _letters_ahead(
    appointment: Appointment, client: User, form: WrapUpForm, *, now: dt.datetime
) -> list[tuple[str, bool, list[ExpectedEmail]]]:
    """Return the emails that each follow-up plan would make of what the form says."""
    chosen = str(form["follow_up_plan"].value() or "") if "follow_up_plan" in form.fields else ""
    return wrap_up_page.emails_ahead(
        appointment,
        client,
        given=[_given(one, appointment, client) for one in in_order(form.home_so_far())],
        plan=str(form["plan"].value() or ""),
        obstacle=str(form["obstacle"].value() or ""),
        chosen=chosen,
        now=now,
    )


def _given(one: NewAssignment, appointment: Appointment, client: User) -> Assignment:
    """Return an unsaved assignment for an email to be about."""
    thing = {"lesson": one.what} if isinstance(one.what, Lesson) else {"exercise": one.what}
    by = appointment.practitioner
    return Assignment(client=client, assigned_by=by, dosage=one.dosage, word=one.word, **thing)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show the signed note, with a field to add to it."""
    user, now = require_staff(request), timezone.now()
    appointment = session_for(user, uid)
    found = note_of(appointment)
    if found is None or not found.signed_at:
        return redirect("workspace_wrap_up", uid=uid)
    wrong, typed = "", ""
    if request.method == "POST":
        typed = request.POST.get("text", "").replace("\r\n", "\n")
        try:
            amend(found, typed, by=user, now=now)
        except NotWritten as refusal:
            wrong = str(refusal)
        else:
            messages.success(request, _("Added to the note."))
            return redirect("workspace_note", uid=uid)
    status = UNPROCESSABLE if wrong else HTTPStatus.OK
    return _note_page(request, user, appointment, found, now=now, wrong=wrong, typed=typed, status=status)


def _note_page(
    request: HttpRequest,
    user: User,
    appointment: Appointment,
    found: SessionNote,
    *,
    now: dt.datetime,
    wrong: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the signed note; the opening is recorded."""
    if appointment.client:
        log_opening(user, appointment.client, "access:note", now=now)
    return render(
        request,
        "workspace/note.html",
        {
            "appointment": appointment,
            "note": found,
            "touched": from_text(found.touched),
            "amendments": found.amendments.select_related("by"),
            "next": next_appointment.next_today(appointment.practitioner, now=now, zone=zone_at_work(user)),
            "zone": zone_at_work(user),
            "wrong": wrong,
            "typed": typed,
            "kept_under": kept_under(user, appointment),
        },
        status=status,
    )
