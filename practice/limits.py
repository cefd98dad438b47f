"""How often is too often: counted in rows, so that every process counts together and Redis may be away."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from practice.models import Tally

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NOWHERE = "0.0.0.0"  # noqa: S104  a name for "the server does not know", no address to listen on


def spend(key: str, *, limit: int, window: dt.timedelta, now: dt.datetime) -> bool:
    """Count one use of `key`; False once `limit` uses fell into the current window.

    Windows are fixed (they begin at whole multiples of their length), so twice the limit may pass around the
    seam of two. Call it outside the transaction of what it guards: a rollback would take the count back.
    """
    if not settings.RATE_LIMITS:
        return True
    begin = now - (now - EPOCH) % window
    return use(f"{key}/{int(window.total_seconds())}", limit=limit, window=begin)


def use(key: str, *, limit: int, window: dt.datetime) -> bool:
    """Take one of `limit` places under (key, window), switch or no switch; False when none is left.

    The conditional UPDATE is the claim: of many processes at once exactly `limit` succeed.
    """
    if len(key) > 120:
        key = hashlib.sha256(key.encode()).hexdigest()
    row = Tally.objects.filter(key=key, window=window)
    if not row.exists():
        Tally.objects.bulk_create([Tally(key=key, window=window)], ignore_conflicts=True)
    return row.filter(count__lt=limit).update(count=F("count") + 1) == 1


def client_address(request: HttpRequest) -> str:
    """The address a request came from, as far as it can be trusted.

    With TRUSTED_PROXY_COUNT = n it is the n-th entry of X-Forwarded-For from the right: what stands further
    left was written by the client. An IPv6 address stands for its /64, which is what one household is given.
    """
    count = settings.TRUSTED_PROXY_COUNT
    raw = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if count and len(hops) >= count:
        raw = hops[-count]
    try:
        address = ipaddress.ip_address(raw.strip())
    except ValueError:
        return NOWHERE
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
    return str(address)


def visitor_key(request: HttpRequest) -> str:
    """Who asks, for counting: a keyed hash of the address, so that no row keeps the address itself."""
    return salted_hmac("practice.visitor", client_address(request), algorithm="sha256").hexdigest()[:32]
