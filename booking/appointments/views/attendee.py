"""Reading who is coming: a visitor fills in everything, a signed-in client only what is not known yet.

What a client writes here is kept on the appointment; their record is not changed.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from booking.appointments.forms.details import ME, OTHER, DetailsForm, KnownClientForm
from booking.appointments.views.times import Reader
from booking.attendees.actions.who_comes import Attendee
from booking.models import Appointment
from booking.packages import queries as packages_queries
from booking.places.wording import LONGEST
from booking.queries import agreement_of
from practice.core import formatting
from practice.core.plain_text import is_same_name
from practice.models import User
from practice.queries import the_practice

DETAILS = ("whom", "name", "email", "phone", "address", "for_name")


def client_in(request: HttpRequest) -> User | None:
    """Return the signed-in client; None for a visitor and for people at work."""
    user = request.user
    return user if isinstance(user, User) and not user.is_staff and user.email else None


def form_for(request: HttpRequest, *, place: str, initial: dict[str, str] | None = None) -> DetailsForm:
    """Return the form for what is still to be asked, with the sent or the known values.

    `place`: where the session is, since a visit needs an address.
    """
    data = request.POST if request.method == "POST" and initial is None else None
    if client := client_in(request):
        agreed = agreement_of(client, the_practice()) is not None
        initial = {"whom": ME, **(initial or {})}
        return KnownClientForm(data, initial=initial, client=client, has_agreed=agreed, place=place)
    form = DetailsForm(data, initial=known(request) if initial is None else initial)
    form.ask_for(place)
    return form


def known(request: HttpRequest) -> dict[str, str]:
    """Return what we know of a signed-in person, so that they need not type it again."""
    if not request.user.is_authenticated:
        return {}
    user = request.user
    return {"name": user.name, "email": user.email or "", "phone": str(user.phone or "")}


def typed(request: HttpRequest) -> dict[str, str]:
    """Return what was already typed about the attendee, as hidden fields carry it."""
    return {name: request.POST.get(name, "")[:LONGEST] for name in DETAILS}


def attendee_in(form: DetailsForm, reader: Reader) -> Attendee:
    """Return the attendee that a valid form describes."""
    said = form.cleaned_data
    told = {
        "email": said["email"],
        "phone": said["phone"],
        "zone": reader.zone.key,
        "address": said.get("address", ""),
    }
    other = said.get("for_name", "")
    if other and not is_same_name(other, said["name"]):
        return Attendee(other, **told, is_other=True, booker=said["name"])
    return Attendee(said["name"], **told, is_other=said.get("whom") == OTHER)


def agreed_on(client: User, reader: Reader) -> str:
    """Return since when the client agrees to the current rules, in words; "" if they do not."""
    agreed = agreement_of(client, the_practice())
    if agreed is None:
        return ""
    return formatting.day_in_words(
        agreed.given_at.astimezone(reader.zone).date(), locale=reader.locale, year=True
    )


def known_of(request: HttpRequest, held: Appointment, reader: Reader) -> dict[str, Any]:
    """Return for a client's page since when they agree to the rules, and what is left in their packages."""
    client = client_in(request)
    if client is None:
        return {"client": None, "left": 0}
    return {
        "client": client,
        "agreed_on": agreed_on(client, reader),
        "left": packages_queries.left_for(
            packages_queries.of_client(client),
            held.session_type,
            day=packages_queries.day_of(held.practitioner, held.starts_at),
        ),
    }
