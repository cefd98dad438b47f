"""A receipt as a file, for people at work; and sent to the person who paid."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.models import Receipt
from booking.payments.actions.receipt import send
from booking.payments.actions.record import NotRecorded
from booking.payments.receipts.pdf import filename, pdf_of
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.access.roles import Verb
from practice.models import User

PDF = "application/pdf"


def receipt_seen_by(user: User, number: int, verb: Verb = "see") -> Receipt:
    """Return a receipt that somebody at work sees, while it has content; 404 for all others."""
    found = rows.for_person(user, Receipt.objects.select_related("appointment", "payer"), verb)
    receipt = get_object_or_404(found, number=number)
    if not receipt.content:
        raise Http404
    return receipt


@staff_only
@require_safe
def receipt_file(request: HttpRequest, number: int) -> HttpResponse:
    """Show the receipt, to print it or keep it."""
    return as_file(receipt_seen_by(require_staff(request), number))


@staff_only
@require_POST
def send_receipt(request: HttpRequest, number: int) -> HttpResponse:
    """Send the receipt to the person who paid."""
    receipt = receipt_seen_by(require_staff(request), number, "change")
    try:
        letter = send(receipt, now=timezone.now())
    except NotRecorded as refusal:
        messages.error(request, refusal.message)
    else:
        is_sent = letter.sent_at is not None
        said = _("It was emailed to %(address)s.") if is_sent else _("We’re emailing it to %(address)s.")
        messages.success(request, said % {"address": letter.to_address})
    return redirect("workspace_account", uid=receipt.appointment.uid)


def as_file(receipt: Receipt) -> HttpResponse:
    """Return a receipt as a PDF that a browser shows."""
    answer = HttpResponse(pdf_of(receipt), content_type=PDF)
    answer["Content-Disposition"] = f'inline; filename="{filename(receipt)}"'
    return answer
