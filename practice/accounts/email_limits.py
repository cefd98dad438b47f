"""Limits on how often an address gets a sign-in email, beside allauth's limits by the minute.

Requests are counted by network before they are counted by address: requests of others must not keep a person
from asking. Only networks where this person never signed in share what the address gets in a day.
"""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from practice.models import tidy_email
from practice.security.limits import client_address, count_use, visitor_key

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
ONE_A_MINUTE, ONE_A_DAY = 3, 10  # by one network, for one address
STRANGERS_A_DAY = 20  # by all networks this person is not known from, for one address


def may_request_email(request: HttpRequest, address: str, *, kind: str, now: dt.datetime) -> bool:
    """Count a request for an email of this kind ("code", "reset", …); return False when it is one too many.

    The address as typed is counted, known here or not, so that the answer tells nothing.
    """
    wanted = f"{kind}/{_hashed(address)}"
    asker = f"{wanted}/{visitor_key(request)}"
    return (
        count_use(asker, limit=ONE_A_MINUTE, window=MINUTE, now=now)
        and count_use(asker, limit=ONE_A_DAY, window=DAY, now=now)
        and (_is_known(request, address) or count_use(wanted, limit=STRANGERS_A_DAY, window=DAY, now=now))
    )


def is_first_today(kind: str, address: str, *, now: dt.datetime) -> bool:
    """Return whether nothing of this kind went to the address today, and count this one."""
    return count_use(f"{kind}/{_hashed(address)}", limit=1, window=DAY, now=now)


def _is_known(request: HttpRequest, address: str) -> bool:
    theirs = UserSession.objects.filter(user__email=tidy_email(address), ip=client_address(request))
    return theirs.exists()


def _hashed(address: str) -> str:
    return salted_hmac("practice.address", tidy_email(address) or "", algorithm="sha256").hexdigest()[:32]
