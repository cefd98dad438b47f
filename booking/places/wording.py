"""Places in words: what must be known to get there, and how clients and staff read it.

The address of a visit is its client's own. It is stored encrypted, and shown on the client's page, in their
emails and for people at work in the workspace. Notices to practitioners leave it out. So does every calendar
file: calendars are shared with others, and a file is stored unencrypted beside its email.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import ExpressionWrapper, F, TextField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.errors import AttendeeIncomplete
from booking.models import Appointment, Place, WaitlistEntry
from practice.contact import please_call
from practice.core.locales import phone_numbers
from practice.core.plain_text import plain_line
from practice.models import Practice
from practice.security.crypto import Unreadable, decrypt

LONGEST = 300
#: What has to be known for each place, and the sentence when it is missing.
ASKED: Mapping[str, Mapping[str, str | Promise]] = {
    Place.CLIENT: {
        "phone": gettext_lazy("Please give a phone number, so that we can reach you on the way."),
        "address": gettext_lazy("Please give the address where we should come."),
    },
    Place.PHONE: {"phone": gettext_lazy("Please give the number we should call.")},
}


@dataclass(frozen=True)
class PlaceInWords:
    """A place in words: what it is, its lines, and the link of a video call where there is one."""

    title: str
    lines: tuple[str, ...] = ()
    link: str = ""

    @property
    def line(self) -> str:
        """Return all lines in one."""
        return ", ".join(self.lines)


def missing(place: str, field: str) -> str:
    """Return what to say when this field is empty; "" where it may be."""
    return str(ASKED.get(place, {}).get(field, ""))


def tidy(address: str) -> str:
    """Return an address as on an envelope: lines without control characters, none of them empty."""
    return "\n".join(filter(None, map(plain_line, address.splitlines())))


def reached_at(place: str, *, phone: str, address: str) -> str:
    """Return the address of a visit on tidy lines; "" for all else. Raises AttendeeIncomplete."""
    address = tidy(address) if place == Place.CLIENT else ""
    for field, value in (("phone", phone), ("address", address)):
        if not value and (sentence := missing(place, field)):
            raise AttendeeIncomplete(field, sentence)
    if len(address) > LONGEST:
        raise AttendeeIncomplete("address", too_long())
    return address


def too_long() -> str:
    """Return what to say about an address of more than `LONGEST` characters."""
    return _("That’s too long. Please use up to %(most)s characters.") % {"most": LONGEST}


def still_asked(place: str, *, phone: str, address: str) -> str:
    """Return what to say if taking an offered time needs more than is known; "" if not."""
    known = {"phone": phone, "address": address}
    without = {field for field, value in known.items() if not value and missing(place, field)}
    if without == {"phone", "address"}:
        return _("We need your address and a phone number. Please enter them on the page of this offer.")
    if "address" in without:
        return _("We need your address. Please enter it on the page of this offer.")
    return _("We need a phone number. Please enter it on the page of this offer.") if without else ""


def address_of(appointment: Appointment) -> str:
    """Return the address of a visit; "" for other places, and where its key was lost."""
    return opened(appointment) if appointment.place == Place.CLIENT else ""


def addresses_of(found: Iterable[Appointment]) -> dict[int, str]:
    """Return the address of each visit among `found` by its id, in one query; no query without visits.

    Read encrypted and opened one by one: where a key was lost it is "", and stops no other.
    """
    visits = [one.pk for one in found if one.place == Place.CLIENT]
    if not visits:
        return {}
    rests = ExpressionWrapper(F("address"), output_field=TextField())
    return {
        pk: _unsealed(text) for pk, text in Appointment.objects.filter(pk__in=visits).values_list("pk", rests)
    }


def _unsealed(text: str) -> str:
    try:
        return decrypt(text) if text else ""
    except Unreadable:
        return ""


def opened(row: Appointment | WaitlistEntry) -> str:
    """Return the decrypted address of this row; "" where its key was lost."""
    try:
        return row.address
    except Unreadable:
        return ""


def link_of(appointment: Appointment) -> str:
    """Return the link of a video call: the practitioner's own first, since two calls may be at one time."""
    if appointment.place != Place.VIDEO:
        return ""
    return appointment.practitioner.video_link or appointment.session_type.video_link


def named(place: str) -> str:
    """Return how a list of sessions names the place; "" at the practice, where most are."""
    return {
        Place.CLIENT.value: _("At your place"),
        Place.PHONE.value: _("By phone"),
        Place.VIDEO.value: _("By video"),
    }.get(place, "")


def announced(place: str, name: str) -> str:
    """Return where a session will be, before it is booked; "" at the practice, which every page names."""
    return {
        Place.CLIENT.value: _("%(name)s comes to you."),
        Place.PHONE.value: _("%(name)s calls you."),
        Place.VIDEO.value: _("You’ll meet by video. The link comes with your confirmation."),
    }.get(place, "") % {"name": name}


def title_of_visit(appointment: Appointment) -> str:
    """Return how the client reads what a visit is, without its address, which is not decrypted."""
    if appointment.state == Appointment.State.CANCELLED:
        return named(appointment.place)
    return _("%(name)s comes to you") % {"name": appointment.practitioner.first_name}


def where_of(appointment: Appointment, practice: Practice, address: str | None = None) -> PlaceInWords:
    """Return where the client has to be; for a canceled session only the kind of place.

    `address`: of a visit, where it was read with others (`addresses_of`); None: it is read here.
    """
    if appointment.place != Place.PRACTICE and appointment.state == Appointment.State.CANCELLED:
        return PlaceInWords(named(appointment.place))
    if appointment.place == Place.CLIENT:
        lines = _lines_of(appointment, address)
        return PlaceInWords(title_of_visit(appointment), lines or (_ask_us(practice),))
    if appointment.place == Place.PHONE:
        return PlaceInWords(_("By phone"), (_calls(appointment, practice),))
    if appointment.place == Place.VIDEO:
        return _by_video(appointment)
    return PlaceInWords(practice.name, tuple(practice.address_lines))


def _lines_of(appointment: Appointment, address: str | None) -> tuple[str, ...]:
    return tuple((address_of(appointment) if address is None else address).splitlines())


def _calls(appointment: Appointment, practice: Practice) -> str:
    if not appointment.phone:
        return _ask_us(practice)
    number = phone_numbers.shown(str(appointment.phone), region=practice.region)
    said = {"name": appointment.practitioner.first_name, "phone": number}
    return _("%(name)s calls %(phone)s.") % said


def _ask_us(practice: Practice) -> str:
    return _("We still need this from you.") + f" {please_call(practice)}"


def _by_video(appointment: Appointment) -> PlaceInWords:
    title, name = _("By video"), appointment.practitioner.first_name
    if appointment.state != Appointment.State.BOOKED:
        return PlaceInWords(title)
    if link := link_of(appointment):
        return PlaceInWords(title, (_("Open this link at the time of your session:"),), link)
    return PlaceInWords(title, (_("%(name)s will send you the link before the session.") % {"name": name},))


def noted(place: str) -> str:
    """Return how a notice to a practitioner names the place, without the address of a visit."""
    return {
        Place.CLIENT.value: _("At the client's; the address is on the session's page in the workspace."),
        Place.PHONE.value: _("By phone: please call."),
        Place.VIDEO.value: _("By video."),
    }.get(place, "")


def where_at_work(appointment: Appointment, address: str | None = None) -> PlaceInWords | None:
    """Return where people at work have to be; None: at the practice. `address`: as in `where_of`."""
    if appointment.place == Place.PRACTICE:
        return None
    title = str(Place(appointment.place).label)
    if appointment.place == Place.CLIENT:
        lines = _lines_of(appointment, address)
        return PlaceInWords(title, lines or (_("no address yet: please ask for it"),))
    if appointment.place == Place.PHONE:
        return PlaceInWords(title, () if appointment.phone else (_("no number yet: please ask for it"),))
    link = link_of(appointment)
    return PlaceInWords(title, () if link else (_("no link yet: please add it in the back office"),), link)
