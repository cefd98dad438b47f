"""Reading who is coming: a visitor fills in everything, a signed-in client only what is not known yet.

What a client writes here is kept on the appointment; their record is not changed.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from booking.appointments.views.times import Reader
from booking.attendees.attendee import ME, on_record
from booking.attendees.forms import DetailsForm, KnownClientForm
from booking.models import Appointment
from booking.packages import queries as packages_queries
from booking.queries import agreement_of
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice


def client_in(request: HttpRequest) -> User | None:
    """Return the signed-in client; None for a visitor and for people at work."""
    user = request.user
    return user if isinstance(user, User) and not user.is_staff and user.email else None


def form_for(
    request: HttpRequest, *, place: str, initial: dict[str, str] | None = None
) -> DetailsForm | KnownClientForm:
    """Return the form for what is still to be asked, with the sent or the known values.

    `place`: where the session is, since a visit needs an address.
    """
    data = request.POST if request.method == "POST" and initial is None else None
    if client := client_in(request):
        agreed = agreement_of(client, the_practice()) is not None
        initial = {"whom": ME, **(initial or {})}
        return KnownClientForm(data, initial=initial, client=client, has_agreed=agreed, place=place)
    return DetailsForm(data, initial=known_fields(request) if initial is None else initial, place=place)


def known_fields(request: HttpRequest) -> dict[str, str]:
    """Return what we know of a signed-in person, so that they need not type it again."""
    return on_record(request.user) if isinstance(request.user, User) else {}


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
