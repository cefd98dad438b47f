"""Sign in by a link that works once, and set the practice up by one."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.text import slugify

from practice import queries
from practice.accounts import new_practice, one_time_links
from practice.accounts.one_time_links import InvalidLink
from practice.models import Practice, Practitioner, User


def sign_in_by_link(token: str, *, now: dt.datetime) -> User:
    """Use up a sign-in link and return the user it signs in; raises DeadLink."""
    found = one_time_links.read_link(token, one_time_links.ENTER, now=now)
    user = User.objects.filter(pk=found.user_id or 0, is_active=True).first()
    if user is None:
        raise InvalidLink
    one_time_links.use_link(found)
    return user


def has_owner() -> bool:
    """Return whether this practice has an owner already."""
    return User.objects.filter(role=User.Role.OWNER, is_active=True).exists()


def set_up(token: str, *, name: str, email: str, practice_name: str, zone: str, now: dt.datetime) -> User:
    """Create the owner, the practice's row and the first practitioner; raises DeadLink.

    A new practice also gets what it starts with. The address counts as confirmed: who reads the terminal
    could read the database. Somebody who booked with this address before becomes the owner.
    """
    found = one_time_links.read_link(token, one_time_links.SET_UP, now=now)
    with transaction.atomic():
        one_time_links.use_link(found)
        if has_owner():
            raise InvalidLink
        owner = _owner(name, email)
        before = Practice.objects.filter(pk=1).first()
        practice = before or queries.the_practice()
        practice.name, practice.zone = practice_name, zone
        practice.save()
        if not Practitioner.objects.filter(user=owner).exists():
            digest = Practitioner.Notices.DIGEST  # one email a day, beside Today; they can choose otherwise
            Practitioner.objects.create(user=owner, slug=_free_slug(name), zone=zone, notices=digest)
        if before is None:  # what an owner deleted must not come back with the next one
            new_practice.add_all(now)
    return owner


def _owner(name: str, email: str) -> User:
    owner = User.objects.by_email(email)
    if owner is None:
        owner = User.objects.create_user(email, name=name, role=User.Role.OWNER)
    else:
        owner.name, owner.role = name, User.Role.OWNER
        owner.save(update_fields=["name", "role"])
    address, _ = EmailAddress.objects.get_or_create(user=owner, email=owner.email, defaults={"primary": True})
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    return owner


def _free_slug(name: str) -> str:
    wanted = slugify(name.split(maxsplit=1)[0]) or "practitioner"
    taken = Practitioner.objects.filter(slug__startswith=wanted).count()
    return f"{wanted}-{taken + 1}" if taken else wanted
