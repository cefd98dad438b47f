"""The email with a receipt, to the person who paid. It is sent when somebody at work says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from booking.links import on_our_site
from booking.models import Receipt
from booking.payments.receipts.pdf import filename, pdf_of
from practice.core import formatting
from practice.core.reasons import because
from practice.mail.composing.render import Rendered, render
from practice.mail.post import Attachment, post
from practice.mail.send_check import Cancel, Check, Send, Verdict
from practice.models import Letter
from practice.queries import one_practice
from practice.shipped_texts import reading_in

KIND = "receipt"


@one_practice()
def receipt(issued: Receipt, *, now: datetime) -> Letter | None:
    """Plan the email, once for each receipt; None without an address."""
    if issued.payer is None:
        return None
    return post(
        KIND,
        key=f"receipt:{issued.number}",
        to=issued.payer,
        context={},
        words=_words(issued),
        about=issued.appointment.about,
        attachments=[Attachment.pdf(pdf_of(issued), filename=filename(issued))],
        event={"receipt": issued.number},
        now=now,
    )


def check_receipt(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: not if a later receipt replaces this one."""
    issued = Receipt.objects.filter(number=letter.event.get("receipt", 0)).first()
    if issued is None or not issued.content:
        return Cancel(because("appointment_gone"))
    return Cancel(because("newer_email")) if hasattr(issued, "replaced_by") else Send()


def _words(issued: Receipt) -> Rendered:
    content, payer = issued.content, issued.payer
    assert payer is not None
    with reading_in(payer.language or settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "to": payer,
            "sender": "",
            "first_name": payer.first_name,
            "number": issued.number,
            "sum": formatting.money(issued.cents, issued.currency, locale=content["locale"]),
            "act_url": on_our_site("portal_appointments"),
            "act_words": _("See your appointments"),
            "why": _("You’re receiving this because a session was booked with your email address."),
        }
    return render(KIND, context, language=payer.language)


CHECKS = {KIND: Check(check_receipt)}
