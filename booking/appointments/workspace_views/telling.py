"""The question on a look-again page whether the client is emailed, and what is said once it is done."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from booking.appointments.actions.move_back import last_change
from booking.appointments.actions.restore import Telling
from booking.models import Appointment
from practice.core import formatting
from practice.mail.composing.headers import usable_address
from practice.models import User
from practice.queries import the_practice


def telling_in(request: HttpRequest) -> Telling:
    """Return what was answered; without an answer the client is emailed, once the change stands."""
    return Telling.NOT if request.POST.get("tell") == "no" else Telling.AFTER_UNDO


def sequence_in(request: HttpRequest) -> int | None:
    """Return the number of changes the appointment had when its form was shown; None: not sent."""
    said = request.POST.get("sequence", "")[:6]
    return int(said) if said.isdecimal() and said.isascii() else None


def is_emailed(appointment: Appointment) -> bool:
    """Return whether an email about it reaches anybody."""
    return appointment.contact is not None and bool(usable_address(appointment.contact.email))


def tell_words(appointment: Appointment, telling: Telling) -> str:
    """Return the sentence about the email, after a change."""
    if not is_emailed(appointment):
        return _("There is no email address, so please tell them yourself.")
    if not telling.tells:
        return _("No email is sent. Their calendar does not know about it, so please tell them yourself.")
    assert appointment.contact is not None
    said = _("We’ll email %(address)s in three minutes, unless you undo it.")
    return said % {"address": appointment.contact.email}


def what_happened(appointment: Appointment, reader: User, zone: ZoneInfo) -> str:
    """Return who changed the appointment last and where it is now, for somebody who was about to."""
    change, locale = last_change(appointment), the_practice().locale
    now_is = formatting.span(appointment.starts_at, appointment.ends_at, zone, locale=locale)
    facts: dict[str, Any] = {"when": now_is, "whom": appointment.practitioner.first_name}
    if change is None or change.by is None:
        return _("It was changed while you were looking. Now it is %(when)s, with %(whom)s.") % facts
    if change.by.pk == reader.pk:
        return _("You changed it in another window. Now it is %(when)s, with %(whom)s.") % facts
    facts["name"] = change.by.name
    return _("%(name)s changed it while you were looking. Now it is %(when)s, with %(whom)s.") % facts
