"""Find or make the records of an appointment: of the booker, or of somebody they book for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from booking.attendees.attendee import Attendee
from practice.core.plain_text import is_same_name
from practice.models import User, tidy_email
from practice.security.same_work import rolled_back_unless


@dataclass(frozen=True)
class Parties:
    """The client who attends, and the booker who gets the emails (None: the client themselves).

    `is_new`: the client's record was made just now.
    """

    client: User
    booker: User | None = None
    is_new: bool = False

    @property
    def contact(self) -> User:
        """Return the person who gets the emails."""
        return self.booker or self.client


def who_comes(contact: User | None, attendee: Attendee) -> Parties:
    """Find or make the records of an appointment that `contact` books (None: by the typed address).

    A name other than the booker's is somebody else, with a record of their own: nothing about one person is
    ever filed under another. Somebody they have booked for before is found by name.
    """
    if contact is None:
        if attendee.email:
            return _with_address(attendee)
        return Parties(User.objects.create_user(name=attendee.name, phone=attendee.phone), is_new=True)
    if not _is_self(contact, attendee):
        User.objects.select_for_update(no_key=True).filter(pk=contact.pk).first()  # as in `_people_of`
    if known := known_parties(contact, attendee):
        return known
    other = _new_other(contact, attendee)
    other.save(force_insert=True)
    return Parties(other, contact, is_new=True)


def known_parties(contact: User, attendee: Attendee) -> Parties | None:
    """Return the records `who_comes` would find for what `contact` books; None: it would make one."""
    if _is_self(contact, attendee):
        return Parties(contact, contact.correspondent if contact.contact != contact else None)
    known = _called(contact.attendees.filter(merged_into=None).order_by("pk"), attendee)
    return Parties(known, contact) if known else None


def _with_address(attendee: Attendee) -> Parties:
    """Find or make the records of an appointment booked with an address, with nobody signed in.

    The same rows are made for a known and an unknown address, and undone if it is known: otherwise the time
    it takes would tell.
    """
    person, others = _people_of(attendee.email)
    is_new = person is None
    if is_new or attendee.is_other:
        made = _new_person(attendee, is_known=not is_new)
        try:
            _saved(made, wanted=is_new)
        except IntegrityError:  # of two first bookings at once the second finds the first one's row
            return _with_address(attendee)
        if is_new and not attendee.is_other:
            return Parties(made, is_new=True)
        person = person or made
    assert person is not None
    known, is_self = _called(others, attendee), _is_self(person, attendee)
    other = _new_other(person, attendee)
    _saved(other, wanted=not (is_self or known))
    if is_self:
        return Parties(person)
    return Parties(known, person) if known else Parties(other, person, is_new=True)


def _people_of(email: str) -> tuple[User | None, list[User]]:
    """Return the owner of the address, and the people they book for, locked.

    Two bookings for one child at once wait for each other.
    """
    owner = _owner_of(email)
    both = Q(pk=Subquery(owner)) | Q(correspondent=Subquery(owner), merged_into=None)
    locked = User.objects.select_for_update(no_key=True, of=("self",)).filter(both)
    people = list(locked.annotate(owner=Subquery(owner)).order_by("pk"))
    person = next((one for one in people if one.pk == vars(one)["owner"]), None)
    return person, [one for one in people if one is not person]


def _owner_of(email: str) -> QuerySet[User, int]:
    """Return a query for the id of who has the address; on file of a merged record, of who it became."""
    found = User.objects.filter(Q(email=email) | Q(merged_email=email, merged_email__gt=""))
    by_sign_in = found.order_by(F("email").asc(nulls_last=True), "-pk")
    return by_sign_in.values_list(Coalesce("merged_into", "pk"), flat=True)[:1]


def _new_person(attendee: Attendee, *, is_known: bool) -> User:
    """Return the booker, not yet saved: unverified, without a password or a known address."""
    email = f"{uuid.uuid4().hex}@nobody.invalid" if is_known else attendee.email
    person = User(name=attendee.booker or attendee.name, phone=attendee.phone, email=email)
    person.set_unusable_password()
    return person


def _saved(person: User, *, wanted: bool) -> None:
    with rolled_back_unless(wanted):
        person.save(force_insert=True)


def _is_self(person: User, attendee: Attendee) -> bool:
    return not attendee.is_other and (not person.name or is_same_name(person.name, attendee.name))


def _called(people: Iterable[User], attendee: Attendee) -> User | None:
    """Return the one of `people` with that name and no address of their own, or None."""
    return next((one for one in people if not one.email and is_same_name(one.name, attendee.name)), None)


def _new_other(person: User, attendee: Attendee) -> User:
    """Return a person the booker books for, not yet saved: without an address or a sign-in."""
    other = User(name=attendee.name, correspondent=person, language=person.language)
    other.set_unusable_password()
    return other


def client_for(attendee: Attendee) -> User:
    """Return the person with that address, unchanged, or a new one: unverified, without a password.

    What a public form says about a known client is not believed: it is kept on the appointment only. Nor is a
    device's zone a new person's for good: they choose it on their page of preferences. For a known client a
    person is made as well, and undone: otherwise the time it takes would tell.
    """
    known = User.objects.filter(pk=Subquery(_owner_of(tidy_email(attendee.email) or ""))).first()
    new = _new_person(attendee, is_known=known is not None)
    try:
        _saved(new, wanted=known is None)
    except IntegrityError:  # two first bookings at once: the second finds the first one's row
        return User.objects.get(email=attendee.email)
    return known or new
