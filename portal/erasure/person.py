"""What a person can be found by: their number, address, names, and the things that speak of them."""

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
    """Everything that tells this client from others.

    subjects: what emails about them are about, such as "appointment:<uid>". for_others: the same of sessions
    that they booked for somebody else, whose own emails are not this person's. wishes: the ids of the
    waitlist's entries that they made, or that were made for them under their name. secrets: the tokens and
    uids that open what is theirs; found in an answer that was kept, they say whose it is.
    """

    pk: int
    email: str
    names: frozenset[str]
    subjects: frozenset[str]
    for_others: frozenset[str]
    wishes: frozenset[int]
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


def times_of(pk: int, wishes: Iterable[int], *, path: str = "") -> Q:
    """Their appointments, and times that were only kept for a wish. `path`: from the row to the appointment.

    What was booked from a wish for somebody else is that person's.
    """
    kept = Q(**{f"{path}offer__entry__in": sorted(wishes), f"{path}client__isnull": True})
    return Q(**{f"{path}client": pk}) | kept


def person_of(client: User) -> Person:
    """Gather it from the rows as they stand. The row of the client itself may be an old copy."""
    wishes = frozenset(_wishes(client))
    appointments = list(Appointment.objects.filter(times_of(client.pk, wishes)))
    booked = list(Appointment.objects.filter(correspondent=client.pk))
    return Person(
        pk=client.pk,
        email=client.email or "",
        names=frozenset(_names(client, appointments)),
        subjects=frozenset(_subjects(client, appointments, wishes)),
        for_others=frozenset(subject for one in booked for subject in one.subjects),
        wishes=wishes,
        secrets=frozenset(_secrets(client, [*appointments, *booked])),
    )


def _bookers(client: User) -> set[int]:
    """Who books for them, or did."""
    booked = Appointment.objects.filter(client=client.pk).values_list("correspondent", flat=True)
    return {pk for pk in (*booked, client.correspondent_id) if pk is not None}


def _wishes(client: User) -> Iterator[int]:
    """Their own, and those under their name of who books for them. A name that both have is the other's."""
    yield from WaitlistEntry.objects.filter(client=client.pk).values_list("pk", flat=True)
    made = WaitlistEntry.objects.filter(client__in=_bookers(client)).exclude(attendee_name="")
    for pk, name, booker in made.values_list("pk", "attendee_name", "client__name"):
        if is_same_name(name, client.name) and not is_same_name(name, booker):
            yield pk


def _names(client: User, appointments: list[Appointment]) -> Iterator[str]:
    """Their name, as whom they signed, and for whom they booked who has no record of their own.

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
    """As the emails' `about` says it."""
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
    """Keys of links."""
    yield email_token(client)
    for one in appointments:
        yield appointment_token(one)
        yield from (str(one.uid), one.uid.hex)
