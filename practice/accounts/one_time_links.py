"""Links that sign somebody in once: for the demo, and for the owner before email is set up."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from practice.models import UsageCount, User
from practice.security.limits import take_place

ENTER, SET_UP = "practice.enter", "practice.set-up"


class InvalidLink(Exception):
    """Raised when a link is not ours, is too old, or was used; nobody learns which."""


@dataclass(frozen=True)
class OneTimeLink:
    """The content of a link: the user it signs in (None: the new owner), its end, and its unique name."""

    user_id: int | None
    name: str
    until: dt.datetime


def enter_url(user: User, *, now: dt.datetime, lives_for: dt.timedelta = dt.timedelta(days=1)) -> str:
    """Return a link that signs `user` in once, within `lives_for`; the second factor is still asked for."""
    return _url("enter", ENTER, user.pk, now + lives_for)


def set_up_url(*, now: dt.datetime, lives_for: dt.timedelta = dt.timedelta(days=1)) -> str:
    """Return a link that makes the owner, once; it is worth nothing as soon as there is an owner."""
    return _url("set_up", SET_UP, None, now + lives_for)


def _url(name: str, salt: str, user_id: int | None, until: dt.datetime) -> str:
    said = [user_id, secrets.token_urlsafe(9), int(until.timestamp())]
    return f"{settings.SITE_URL}{reverse(name, args=[signing.dumps(said, salt=salt)])}"


def read_link(token: str, salt: str, *, now: dt.datetime) -> OneTimeLink:
    """Return the content of a link that is still good; raises DeadLink. It is used up by `use_link`."""
    try:
        user_id, name, until = signing.loads(token, salt=salt)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvalidLink from error
    found = OneTimeLink(user_id, name, dt.datetime.fromtimestamp(until, dt.UTC))
    taken = UsageCount.objects.filter(key=_key(found), count__gte=1).exists()
    if taken or now >= found.until:
        raise InvalidLink
    return found


def use_link(found: OneTimeLink) -> None:
    """Use the link up; raises DeadLink when somebody else did meanwhile."""
    if not take_place(_key(found), limit=1, window=found.until):
        raise InvalidLink


def _key(found: OneTimeLink) -> str:
    return f"link:{found.name}"
