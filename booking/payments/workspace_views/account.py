"""A session's account in the workspace: what is owed and was paid, with a form for each thing one can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.access import appointment_seen_by, zone_at_work
from booking.models import Appointment, LedgerEntry
from booking.payments.account_page import account_page
from booking.payments.accounts import Account, account_of
from booking.payments.actions.fee import charge, waive
from booking.payments.actions.receipt import issue
from booking.payments.actions.record import NotRecorded, correct, new_key, record, refund
from booking.payments.forms import PaymentForm, ReceiptForm, RefundForm, WaiveForm
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.models import User


def appointment_to_charge(user: User, uid: Any) -> Appointment:
    """Return the appointment, for those who may record its payments; 404 for all others."""
    if not rows.may(user, "payments", "change"):
        raise Http404
    return appointment_seen_by(user, uid)


@staff_only
@require_safe
def show(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show the account, and what can be recorded."""
    user = require_staff(request)
    return shown(request, user, account_of(appointment_to_charge(user, uid)))


def shown(
    request: HttpRequest,
    user: User,
    account: Account,
    *,
    status: int = 200,
    **bound: forms.Form,
) -> HttpResponse:
    """Show the page; `bound`: the form that was sent and refused, by its name."""
    empty: dict[str, type[forms.Form]] = {
        "payment": PaymentForm,
        "refund": RefundForm,
        "waiver": WaiveForm,
        "receipt": ReceiptForm,
    }
    page = {
        **account_page(user, account),
        "forms": {
            name: bound.get(name) or kind(account=account, prefix=name)  # type: ignore[call-arg]
            for name, kind in empty.items()
        },
        "refused": next(iter(bound.values()), None),
        "opened": next(iter(bound), ""),
        "zone": zone_at_work(user),
    }
    return render(request, "workspace/account.html", page, status=status)


def sent(
    request: HttpRequest, uid: Any, name: str, kind: type[forms.Form], do: Callable[[Account, User, Any], str]
) -> HttpResponse:
    """Do what a form says, or show the page with what is wrong. `do` returns the message."""
    user = require_staff(request)
    account = account_of(appointment_to_charge(user, uid))
    form = kind(request.POST, account=account, prefix=name)  # type: ignore[call-arg]
    if form.is_valid():
        try:
            messages.success(request, do(account, user, form.cleaned_data))
        except NotRecorded as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("workspace_account", uid=uid)
    return shown(request, user, account_of(account.appointment), status=422, **{name: form})


@staff_only
@require_POST
def record_payment(request: HttpRequest, uid: Any) -> HttpResponse:
    """Record a payment."""

    def do(account: Account, user: User, said: Any) -> str:
        record(
            account.appointment,
            cents=said["amount"] or 0,
            tip_cents=said["tip"] or 0,
            how=said["how"],
            by=user,
            key=said["key"],
            now=timezone.now(),
        )
        return _("Payment recorded.")

    return sent(request, uid, "payment", PaymentForm, do)


@staff_only
@require_POST
def record_refund(request: HttpRequest, uid: Any) -> HttpResponse:
    """Record that money was given back."""

    def do(account: Account, user: User, said: Any) -> str:
        refund(
            account.appointment,
            cents=said["amount"],
            how=said["how"],
            by=user,
            key=said["key"],
            now=timezone.now(),
        )
        return _("Refund recorded.")

    return sent(request, uid, "refund", RefundForm, do)


@staff_only
@require_POST
def waive_sum(request: HttpRequest, uid: Any) -> HttpResponse:
    """Waive what is outstanding, with a reason."""

    def do(account: Account, user: User, said: Any) -> str:
        waive(account.appointment, reason=said["reason"], by=user, key=said["key"], now=timezone.now())
        return _("Waived.")

    return sent(request, uid, "waiver", WaiveForm, do)


@staff_only
@require_POST
def charge_sum(request: HttpRequest, uid: Any) -> HttpResponse:
    """Charge what was waived, or a fee that is not charged by itself."""
    user = require_staff(request)
    found = appointment_to_charge(user, uid)
    try:
        charge(found, by=user, key=request.POST.get("key", "")[:40] or new_key(), now=timezone.now())
    except NotRecorded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Charged."))
    return redirect("workspace_account", uid=uid)


@staff_only
@require_POST
def take_back(request: HttpRequest, uid: Any, pk: int) -> HttpResponse:
    """Take back an entry that was a mistake."""
    user = require_staff(request)
    found = appointment_to_charge(user, uid)
    entry = get_object_or_404(LedgerEntry.objects.select_related("appointment"), pk=pk, appointment=found)
    try:
        correct(entry, by=user, now=timezone.now())
    except NotRecorded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Taken back."))
    return redirect("workspace_account", uid=uid)


@staff_only
@require_POST
def issue_receipt(request: HttpRequest, uid: Any) -> HttpResponse:
    """Issue a receipt of what was paid so far."""

    def do(account: Account, user: User, said: Any) -> str:
        issued = issue(account.appointment, to=said["to"], by=user, now=timezone.now())
        return _("Receipt %(number)s is ready.") % {"number": issued.number}

    return sent(request, uid, "receipt", ReceiptForm, do)
