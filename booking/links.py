"""Signed links to appointments, holds, offers, wishes and intakes.

An appointment's link works as long as the appointment exists; a hold's token is what the form carries. The
token names the row by its uid, so a link from an old email still finds an appointment that has moved. It also
carries a mark of the address it was made for: once that is corrected, a link that went to a stranger opens
nothing any more. Links from before there was such a mark still work.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from booking.models import Appointment, Intake, Offer, WaitlistEntry, sealed_at
from practice.models import User

# A salt per purpose: a hold's token opens no appointment.
APPOINTMENT = Signer(salt="booking.appointment", sep=".")
MAILED = Signer(salt="booking.appointment.mailed", sep=".")  # only in emails: it proves the address
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
SEALED_OF_OFFERS = ("entry__address", *sealed_at("appointment", "entry__swaps", "freed"))
INTAKE = Signer(salt="booking.intake", sep=".")
BESIDE, MARK = "-", 12  # between the row and the mark of an address, and how long that is


def appointment_token(appointment: Appointment) -> str:
    """Return the token for a person who has just booked: to see, move and cancel; it proves nothing."""
    return APPOINTMENT.sign(_named(appointment.uid, appointment.contact))


def appointment_of(token: str) -> Appointment | None:
    """Return the appointment of a token, canceled ones too; None for a wrong token or for a hold."""
    signer = MAILED if came_by_mail(token) else APPOINTMENT
    found = _row(signer, token)
    if found and not _went_to(found.contact, signer, token):
        return None
    if found and found.is_hold:
        return None
    return found


def came_by_mail(token: str) -> bool:
    """Return whether this token was in an email about the appointment, and shown nowhere else."""
    return _uid(MAILED, token) is not None


def on_our_site(name: str, *args: object) -> str:
    """Return an absolute URL for emails and programs, never one inside a frame."""
    return settings.SITE_URL + reverse(name, args=args, urlconf=settings.ROOT_URLCONF)


def embed_url() -> str:
    """Return the URL where the booking for another site's frame begins."""
    return settings.SITE_URL + reverse("book", urlconf=settings.EMBED_URLCONF)


def embed_script_url() -> str:
    """Return the URL of the script that fits the frame to its content; the same in every version."""
    return f"{settings.SITE_URL}{settings.STATIC_URL}js/embed.js"


def appointment_path(appointment: Appointment) -> str:
    """Return the path of the appointment's page, for a redirect."""
    return reverse("appointment", args=[appointment_token(appointment)])


def manage_url(appointment: Appointment) -> str:
    """Return the absolute URL of the appointment's page, for programs and people at work."""
    return on_our_site("appointment", appointment_token(appointment))


def appointment_url(appointment: Appointment) -> str:
    """Return the URL of the appointment's page for emails to the client, which confirms when used."""
    return on_our_site("appointment", MAILED.sign(_named(appointment.uid, appointment.contact)))


def hold_token(held: Appointment) -> str:
    """Return the token that the booking form carries."""
    return HOLD.sign(held.uid.hex)


def hold_of(token: str) -> Appointment | None:
    """Return the row of a hold's token in any state: held, released, or booked by this form."""
    return _row(HOLD, token)


def offer_url(offer: Offer) -> str:
    """Return the URL where an offer is answered, for its email: its holder may take the time, once."""
    return on_our_site("offer", OFFER.sign(_named(offer.uid, offer.entry.client)))


def offer_of(token: str) -> Offer | None:
    """Return the offer of a token, in any state, or None."""
    found = offer_named(_uid(OFFER, token))
    return found if found and _went_to(found.entry.client, OFFER, token) else None


def offer_named(uid: uuid.UUID | str | None) -> Offer | None:
    """Return the offer with that uid, with what its page and its email need, or None."""
    found = Offer.objects.select_related(*OF_OFFERS).defer(*SEALED_OF_OFFERS)
    return found.filter(uid=uid).first() if uid else None


def waitlist_url(entry: WaitlistEntry) -> str:
    """Return the absolute URL of a wish's page, for emails."""
    return on_our_site("wish", WISH.sign(_named(entry.uid, entry.client)))


def waitlist_path(entry: WaitlistEntry) -> str:
    """Return the path of a wish's page on this host."""
    return reverse("wish", args=[WISH.sign(_named(entry.uid, entry.client))])


def waitlist_entry_of(token: str) -> WaitlistEntry | None:
    """Return the wish of a token, in any state, or None."""
    found = waitlist_entry_named(_uid(WISH, token))
    return found if found and _went_to(found.client, WISH, token) else None


def waitlist_entry_named(uid: uuid.UUID | str | None) -> WaitlistEntry | None:
    """Return the wish with that uid, with what its page and its email need, or None."""
    found = WaitlistEntry.objects.select_related("session_type", "client", "practitioner__user", "swaps")
    found = found.defer("address", *sealed_at("swaps"))
    return found.filter(uid=uid).first() if uid else None


def intake_token(intake: Intake) -> str:
    """Return the token in the email that asks for the intake. What it opens: `booking.intake.queries`."""
    return INTAKE.sign(_named(intake.uid, _asked_at(intake)))


def _asked_at(intake: Intake) -> User | None:
    """Return the person whose email has the link: the session's booker, or the client."""
    return intake.appointment.contact if intake.appointment else intake.client.contact


def intake_path(intake: Intake) -> str:
    """Return the path where the intake begins, on this host."""
    return reverse("intake", args=[intake_token(intake)])


def intake_url(intake: Intake) -> str:
    """Return the absolute URL of the intake, for emails."""
    return on_our_site("intake", intake_token(intake))


def intake_of(token: str) -> Intake | None:
    """Return the intake of a token, in any state; None for a wrong one."""
    uid = _uid(INTAKE, token)
    found = Intake.objects.select_related(
        *("client__correspondent", "appointment__client", "appointment__correspondent"),
        *("appointment__practitioner__user", "appointment__session_type"),
    ).defer(*sealed_at("appointment"))
    intake = found.filter(uid=uid).first() if uid else None
    return intake if intake and _went_to(_asked_at(intake), INTAKE, token) else None


def _named(uid: uuid.UUID, reader: User | None) -> str:
    """Return what is signed: the row, and a mark of the address its link goes to."""
    return f"{uid.hex}{BESIDE}{_mark(reader)}"


def _mark(reader: User | None) -> str:
    """Return some characters that stand for an address and do not reveal it."""
    address = (reader.email or "") if reader else ""
    return salted_hmac("booking.links", address, algorithm="sha256").hexdigest()[:MARK]


def _went_to(reader: User | None, signer: Signer, token: str) -> bool:
    """Return whether a correctly signed link was made for the address its reader has now."""
    mark = signer.unsign(token).partition(BESIDE)[2]
    return not mark or constant_time_compare(mark, _mark(reader))


def _uid(signer: Signer, token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(signer.unsign(token).partition(BESIDE)[0])
    except (BadSignature, ValueError):
        return None


def _row(signer: Signer, token: str) -> Appointment | None:
    if (uid := _uid(signer, token)) is None:
        return None
    return (
        Appointment.objects.select_related(
            "session_type", "practitioner__user", "room", "client", "correspondent"
        )
        .filter(uid=uid)
        .first()
    )
