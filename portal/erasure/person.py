"""Everything a client can be found by: number, address, names, and what refers to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from booking.links import appointment_token
from booking.models import Appointment, Intake, Offer, WaitlistEntry
from portal.models import PracticeEntry, Question
from practice.core.plain_text import is_same_name
from practice.mail.unsubscribe import email_token
from practice.models import Consent, User


@dataclass(frozen=True)
class Person:
    """The values that tell this client from others.

    subjects: what emails about them are about, such as "appointment:<uid>". for_others: the same of sessions
    that they booked for somebody else, whose own emails are not this person's. wishes: the ids of the
    waitlist entries that they made, or that were made for them under their name. secrets: the tokens and uids
    that open what is theirs; found in a stored answer, they say whose it is.
    """

    pk: int
    email: str
    names: frozenset[str]
    subjects: frozenset[str]
    for_others: frozenset[str]
    wishes: frozenset[int]
    secrets: frozenset[str]

    def is_named_in(self, text: str) -> bool:
        """Return whether the text has their address, or one of their names as whole words."""
        folded = text.casefold()
        return (bool(self.email) and self.email.casefold() in folded) or any(
            re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded) for name in self.names
        )

    def is_opened_by(self, text: str) -> bool:
        """Return whether the text has their address, or a token of something of theirs."""
        return (bool(self.email) and self.email in text) or any(secret in text for secret in self.secrets)


def times_of(pk: int, wishes: Iterable[int], *, path: str = "") -> Q:
    """Return the filter for their appointments, and for times held for their waitlist entries.

    `path`: from the row to the appointment. What was booked from their entry for somebody else is that
    person's.
    """
    kept = Q(**{f"{path}offer__entry__in": sorted(wishes), f"{path}client__isnull": True})
    return Q(**{f"{path}client": pk}) | kept


def person_of(client: User) -> Person:
    """Return the client's values from the present rows; `client` itself may be an old copy."""
    wishes = frozenset(_wishes(client))
    appointments = list(Appointment.objects.filter(times_of(client.pk, wishes)))
    booked = list(Appointment.objects.filter(correspondent=client.pk))
    return Person(
        pk=client.pk,
        email=client.email or client.merged_email,
        names=frozenset(_names(client, appointments)),
        subjects=frozenset(_subjects(client, appointments, wishes)),
        for_others=frozenset(subject for one in booked for subject in one.subjects),
        wishes=wishes,
        secrets=frozenset(_secrets(client, [*appointments, *booked])),
    )


def _bookers(client: User) -> set[int]:
    """Return the ids of people who book for the client, or did."""
    booked = Appointment.objects.filter(client=client.pk).values_list("correspondent", flat=True)
    return {pk for pk in (*booked, client.correspondent_id) if pk is not None}


def _wishes(client: User) -> Iterator[int]:
    """Yield the client's waitlist entries, and those under their name by a person who books for them.

    Where both have the same name, an entry is the other person's.
    """
    yield from WaitlistEntry.objects.filter(client=client.pk).values_list("pk", flat=True)
    made = WaitlistEntry.objects.filter(client__in=_bookers(client)).exclude(attendee_name="")
    for pk, name, booker in made.values_list("pk", "attendee_name", "client__name"):
        if is_same_name(name, client.name) and not is_same_name(name, booker):
            yield pk


def _names(client: User, appointments: list[Appointment]) -> Iterator[str]:
    """Yield the client's name, names they signed with, and names they booked for without a record.

    The name of somebody with a record, for whom they book or who books for them, is that person's.
    """
    if own := client.name.strip():
        yield own
    others = User.objects.filter(Q(correspondent=client.pk) | Q(pk__in=_bookers(client)))
    not_theirs = list(others.values_list("name", flat=True))
    said = [one.attendee_name for one in appointments]
    said += Consent.objects.filter(user=client.pk).values_list("signed_name", flat=True)
    said += WaitlistEntry.objects.filter(client=client.pk).values_list("attendee_name", flat=True)
    for name in said:
        if name.strip() and not any(is_same_name(name, other) for other in not_theirs):
            yield name.strip()


def _subjects(client: User, appointments: list[Appointment], wishes: Iterable[int]) -> Iterator[str]:
    """Yield the subjects as an email's `about` has them."""
    for one in appointments:
        yield from one.subjects
    for prefix, uids in (
        ("wish", WaitlistEntry.objects.filter(pk__in=wishes)),
        ("offer", Offer.objects.filter(entry__in=wishes)),
        ("intake", Intake.objects.filter(client=client.pk)),
        ("entry", PracticeEntry.objects.filter(client=client.pk)),
    ):
        yield from (f"{prefix}:{uid}" for uid in uids.values_list("uid", flat=True))
    for pk in Question.objects.filter(client=client.pk).values_list("pk", flat=True):
        yield f"question:{pk}"


def _secrets(client: User, appointments: list[Appointment]) -> Iterator[str]:
    """Yield the tokens of links, and the uids of appointments."""
    yield email_token(client)
    for one in appointments:
        yield appointment_token(one)
        yield from (str(one.uid), one.uid.hex)
