"""Signed links. An appointment's lives as long as the appointment; a hold's is what the form carries.

The token names the row by its uid, so a link from an old letter still finds an appointment that has moved.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from booking.models import Appointment, Intake, Offer, WaitlistEntry

# A salt per purpose: a hold's token opens no appointment.
APPOINTMENT = Signer(salt="booking.appointment", sep=".")
MAILED = Signer(salt="booking.appointment.mailed", sep=".")  # stands in emails only: it proves the address
HOLD = Signer(salt="booking.hold", sep=".")
OFFER = Signer(salt="booking.offer", sep=".")
WISH = Signer(salt="booking.wish", sep=".")
OF_OFFERS = (
    "appointment__practitioner__user",
    "appointment__session_type",
    "appointment__room",
    "entry__client",
    "entry__session_type",
    "entry__swaps__practitioner",
    "freed",
)
INTAKE = Signer(salt="booking.intake", sep=".")


def appointment_token(appointment: Appointment) -> str:
    """What whoever has just booked gets: it may see, move and cancel this appointment, and proves nothing."""
    return APPOINTMENT.sign(appointment.uid.hex)


def appointment_of(token: str) -> Appointment | None:
    """The appointment of a token, cancelled ones too; None for a wrong token or what was never booked."""
    found = _row(APPOINTMENT, token) or _row(MAILED, token)
    if found and found.state in (Appointment.State.HELD, Appointment.State.RELEASED):
        return None
    return found


def came_by_mail(token: str) -> bool:
    """Whether this key stood in an email to the client, and was shown nowhere else."""
    return _uid(MAILED, token) is not None


def on_our_site(name: str, *args: object) -> str:
    """An absolute address for letters and programs: never one inside a frame, wherever it is written from."""
    return settings.SITE_URL + reverse(name, args=args, urlconf=settings.ROOT_URLCONF)


def embed_url() -> str:
    """Where the booking for another site's frame begins."""
    return settings.SITE_URL + reverse("book", urlconf=settings.EMBED_URLCONF)


def appointment_path(appointment: Appointment) -> str:
    """The page where it is seen, moved and cancelled, for a redirect."""
    return reverse("appointment", args=[appointment_token(appointment)])


def manage_url(appointment: Appointment) -> str:
    """The same page's absolute address, for programs and people at work."""
    return on_our_site("appointment", appointment_token(appointment))


def appointment_url(appointment: Appointment) -> str:
    """The same page for emails to the client: acting on it from there confirms the appointment."""
    return on_our_site("appointment", MAILED.sign(appointment.uid.hex))


def hold_token(held: Appointment) -> str:
    """What the booking form carries."""
    return HOLD.sign(held.uid.hex)


def hold_url(held: Appointment) -> str:
    """The form of a kept time, on this host."""
    return reverse("hold", args=[held.session_type.slug, hold_token(held)])


def hold_of(token: str) -> Appointment | None:
    """The row of a hold's token, whatever became of it: still held, let go, or booked by this very form."""
    return _row(HOLD, token)


def offer_url(offer: Offer) -> str:
    """Where an offer is answered, for its letter: whoever has the link may take the time, once."""
    return on_our_site("offer", OFFER.sign(offer.uid.hex))


def offer_of(token: str) -> Offer | None:
    """The offer of a token, whatever became of it."""
    uid = _uid(OFFER, token)
    return Offer.objects.select_related(*OF_OFFERS).filter(uid=uid).first() if uid else None


def wish_url(entry: WaitlistEntry) -> str:
    """The page of a wish, for letters."""
    return on_our_site("wish", WISH.sign(entry.uid.hex))


def wish_path(entry: WaitlistEntry) -> str:
    """Where a wish is seen, and left, on this host."""
    return reverse("wish", args=[WISH.sign(entry.uid.hex)])


def wish_of(token: str) -> WaitlistEntry | None:
    """The wish of a token, whatever became of it."""
    uid = _uid(WISH, token)
    found = WaitlistEntry.objects.select_related("session_type", "client", "practitioner__user", "swaps")
    return found.filter(uid=uid).first() if uid else None


def intake_token(intake: Intake) -> str:
    """What stands in the letter that asks for it. What it opens, and to whom, says `booking.intakes`."""
    return INTAKE.sign(intake.uid.hex)


def intake_path(intake: Intake) -> str:
    """Where the intake begins, on this host."""
    return reverse("intake", args=[intake_token(intake)])


def intake_url(intake: Intake) -> str:
    """The same page's absolute address, for letters."""
    return on_our_site("intake", intake_token(intake))


def intake_of(token: str) -> Intake | None:
    """The intake of a token, whatever became of it; None for a wrong one."""
    uid = _uid(INTAKE, token)
    found = Intake.objects.select_related(
        "client", "appointment__practitioner__user", "appointment__session_type"
    )
    return found.filter(uid=uid).first() if uid else None


def _uid(signer: Signer, token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def _row(signer: Signer, token: str) -> Appointment | None:
    if (uid := _uid(signer, token)) is None:
        return None
    return (
        Appointment.objects.select_related("session_type", "practitioner__user", "room", "client")
        .filter(uid=uid)
        .first()
    )
