"""What a person can be found by: their number, address, names, and the things that speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from booking.links import appointment_token
from booking.models import Appointment, Intake, Offer, WaitlistEntry
from portal.models import PracticeEntry, Question
from practice.mail.way_out import email_token
from practice.models import Consent, User


@dataclass(frozen=True)
class Person:
    """Everything that tells this client from others.

    subjects: what emails about them are about, such as "appointment:<uid>". secrets: the tokens and uids
    that open what is theirs; found in an answer that was kept, they say whose it is.
    """

    pk: int
    email: str
    names: frozenset[str]
    subjects: frozenset[str]
    secrets: frozenset[str]

    def is_named_in(self, text: str) -> bool:
        """Whether their address, or one of their names as whole words, stands in the text."""
        folded = text.casefold()
        return (bool(self.email) and self.email.casefold() in folded) or any(
            re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded) for name in self.names
        )

    def is_opened_by(self, text: str) -> bool:
        """Whether the text holds a key to something of theirs, or their address."""
        return (bool(self.email) and self.email in text) or any(secret in text for secret in self.secrets)


def person_of(client: User) -> Person:
    """Gather it from the rows as they stand. The row of the client itself may be an old copy."""
    theirs = Q(client=client.pk) | Q(offer__entry__client=client.pk)
    appointments = list(Appointment.objects.filter(theirs))
    booked = [*appointments, *Appointment.objects.filter(correspondent=client.pk)]
    return Person(
        pk=client.pk,
        email=client.email or "",
        names=frozenset(name for name in _names(client, appointments) if name),
        subjects=frozenset(_subjects(client, booked)),
        secrets=frozenset(_secrets(client, booked)),
    )


def _names(client: User, appointments: list[Appointment]) -> Iterator[str]:
    """Their name, as whom they signed, and for whom they booked."""
    yield client.name.strip()
    yield from (one.attendee_name.strip() for one in appointments)
    yield from Consent.objects.filter(user=client.pk).values_list("signed_name", flat=True)
    yield from WaitlistEntry.objects.filter(client=client.pk).values_list("attendee_name", flat=True)


def _subjects(client: User, appointments: list[Appointment]) -> Iterator[str]:
    """As the emails' `about` says it. Those about what they booked for others went to them, and name them."""
    for one in appointments:
        yield from one.subjects
    for prefix, uids in (
        ("wish", WaitlistEntry.objects.filter(client=client.pk)),
        ("offer", Offer.objects.filter(entry__client=client.pk)),
        ("intake", Intake.objects.filter(client=client.pk)),
        ("entry", PracticeEntry.objects.filter(client=client.pk)),
    ):
        yield from (f"{prefix}:{uid}" for uid in uids.values_list("uid", flat=True))
    for pk in Question.objects.filter(client=client.pk).values_list("pk", flat=True):
        yield f"question:{pk}"


def _secrets(client: User, appointments: list[Appointment]) -> Iterator[str]:
    """Keys of links."""
    yield email_token(client)
    for one in appointments:
        yield appointment_token(one)
        yield from (str(one.uid), one.uid.hex)
