"""Signed links. An appointment's lives as long as the appointment; a hold's is what the form carries.

The token names the row by its uid, so a link from an old letter still finds an appointment that has moved.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from booking.models import Appointment

# A salt per purpose: a hold's token opens no appointment.
APPOINTMENT = Signer(salt="booking.appointment", sep=".")
HOLD = Signer(salt="booking.hold", sep=".")


def appointment_token(appointment: Appointment) -> str:
    """What stands in the links of letters: whoever has it may see, move and cancel this appointment."""
    return APPOINTMENT.sign(appointment.uid.hex)


def appointment_of(token: str) -> Appointment | None:
    """The appointment of a token, cancelled ones too; None for a wrong token or what was never booked."""
    found = _row(APPOINTMENT, token)
    if found and found.state in (Appointment.State.HELD, Appointment.State.RELEASED):
        return None
    return found


def appointment_path(appointment: Appointment) -> str:
    """The page where it is seen, moved and cancelled, for a redirect."""
    return reverse("appointment", args=[appointment_token(appointment)])


def appointment_url(appointment: Appointment) -> str:
    """The same page's absolute address, for letters and programs."""
    return settings.SITE_URL + appointment_path(appointment)


def hold_token(held: Appointment) -> str:
    """What the booking form carries."""
    return HOLD.sign(held.uid.hex)


def hold_url(held: Appointment) -> str:
    """The form of a kept time, on this host."""
    return reverse("hold", args=[held.session_type.slug, hold_token(held)])


def hold_of(token: str) -> Appointment | None:
    """The row of a hold's token, whatever became of it: still held, let go, or booked by this very form."""
    return _row(HOLD, token)


def _row(signer: Signer, token: str) -> Appointment | None:
    try:
        uid = uuid.UUID(signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    return (
        Appointment.objects.select_related("session_type", "practitioner__user", "room", "client")
        .filter(uid=uid)
        .first()
    )
