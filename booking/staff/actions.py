"""Save what is said of a practitioner: introduction, room, time zone, web address and services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from booking.errors import BookingError
from booking.models import SessionType
from booking.services.actions import web_address
from practice.models import Practice, Practitioner, Room, User


class PractitionerError(BookingError):
    """Raised when a practitioner's details can't be saved; the text is for the owner."""


def save_practitioner(
    user: User, *, values: Mapping[str, Any], new_room: str, services: Iterable[SessionType]
) -> Practitioner:
    """Save somebody's details as a practitioner; the first time, this makes them one.

    An empty web address is made from the first name. Raises PractitionerError if it is taken.
    """
    with transaction.atomic():
        Practice.objects.select_for_update().get(pk=1)
        found = Practitioner.objects.filter(user=user).first()
        new = Practitioner(user=user, order=Practitioner.objects.count(), notices=Practitioner.Notices.DIGEST)
        person = found or new
        others = Practitioner.objects.exclude(pk=person.pk)
        for name, value in values.items():
            if name != "slug" or value:
                setattr(person, name, value)
        if not person.slug:
            person.slug = web_address(user.first_name, others.values_list("slug", flat=True))
        elif others.filter(slug=person.slug).exists():
            raise PractitionerError(_("Someone else has this web address."), code="address_taken")
        if new_room:
            person.room = Room.objects.get_or_create(name=new_room)[0]
        if found:
            person.save(update_fields=[*values, "room"])
        else:
            person.save()
        person.session_types.set(services)
    return person
