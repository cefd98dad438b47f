"""Rate limits counted in rows, so that every process counts together and Redis may be away."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from practice.models import UsageCount

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NOWHERE = "0.0.0.0"  # noqa: S104  a name for "the server does not know", no address to listen on


class TooMany(Exception):
    """Raised when a limit is reached. `key`: which; `limit`: its number; `wait`: seconds until it ends."""

    def __init__(self, key: str, *, limit: int, wait: int) -> None:
        super().__init__(key)
        self.key, self.limit, self.wait = key, limit, wait


@contextmanager
def counting(limits: Mapping[str, int], *, window: dt.timedelta, now: dt.datetime) -> Iterator[None]:
    """Count what is done within, under each of these keys; taken back when it is refused (any exception).

    Raises TooMany for the first key whose limit is reached; then nothing is counted.
    """
    if not settings.RATE_LIMITS:
        yield
        return
    begin, named = _begin(window, now), {_named(key, window): limit for key, limit in limits.items()}
    rows = UsageCount.objects.filter(window=begin)
    if not _counted(named, begin):
        full = [Q(key=key, count__gte=limit) for key, limit in named.items()]
        raise _too_many(limits, full, rows, wait=seconds_left(window, now=now))
    try:
        yield
    except BaseException:  # a try costs nothing
        rows.filter(key__in=named, count__gt=0).update(count=F("count") - 1)
        raise


def _counted(named: Mapping[str, int], window: dt.datetime) -> bool:
    """Count one under each of these keys, or under none where one is full; return whether it counted."""
    if len(named) == 1:
        [(key, limit)] = named.items()
        return _take(key, limit=limit, window=window)
    _ready(list(named), window)
    return _count_all(named, window)


def _count_all(named: Mapping[str, int], window: dt.datetime) -> bool:
    """Count one under each of these keys, or under none where one is full; return whether it counted.

    One statement. On PostgreSQL it locks the rows, in one order, before it compares: a process that waited
    for the last place sees all of them as they are then, and counts nothing. On SQLite nobody else writes
    meanwhile.
    """
    table, quoted = UsageCount._meta.db_table, connection.ops.quote_name
    most = " ".join(["WHEN %s THEN %s"] * len(named))
    keys = ", ".join(["%s"] * len(named))
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    statement = f"""
        UPDATE {quoted(table)} SET {quoted("count")} = {quoted("count")} + 1 WHERE id IN (
            WITH asked AS (
                SELECT id, {quoted("count")} >= CASE {quoted("key")} {most} END AS is_full
                FROM {quoted(table)} WHERE {quoted("window")} = %s AND {quoted("key")} IN ({keys})
                ORDER BY id {lock}
            )
            SELECT id FROM asked WHERE NOT EXISTS (SELECT 1 FROM asked WHERE is_full)
        )
    """  # noqa: S608  names of ours alone; what comes from outside is a parameter
    pairs = [part for pair in named.items() for part in pair]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*pairs, connection.ops.adapt_datetimefield_value(window), *named])
        return bool(cursor.rowcount == len(named))


def _too_many(limits: Mapping[str, int], full: list[Q], rows: QuerySet[UsageCount], *, wait: int) -> TooMany:
    """Return the exception for the key that is full; for the first, should none be any more."""
    key = next((key for key, one in zip(limits, full, strict=True) if rows.filter(one).exists()), None)
    key = key or next(iter(limits))
    return TooMany(key, limit=limits[key], wait=wait)


def count_use(key: str, *, limit: int, window: dt.timedelta, now: dt.datetime) -> bool:
    """Count one use of `key`; return False once `limit` uses fell into the current window.

    Windows are fixed (they begin at whole multiples of their length), so twice the limit may pass around the
    seam of two. Call it outside the transaction of what it guards: a rollback would take the count back.
    """
    if not settings.RATE_LIMITS:
        return True
    return take_place(f"{key}/{int(window.total_seconds())}", limit=limit, window=_begin(window, now))


def seconds_left(window: dt.timedelta, *, now: dt.datetime) -> int:
    """Return in how many seconds the current window is over, one at least."""
    return int((window - (now - EPOCH) % window).total_seconds()) + 1


def take_place(key: str, *, limit: int, window: dt.datetime) -> bool:
    """Take one of `limit` places under (key, window), even with limits off; return False if none is left.

    The condition within the one statement is the claim: of many processes at once exactly `limit` succeed.
    """
    return _take(_short(key), limit=limit, window=window)


def _ready(keys: list[str], window: dt.datetime) -> None:
    """Make rows for these keys, where there are none. One statement, in no transaction of its own."""
    begin = connection.ops.adapt_datetimefield_value(window)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_insert(len(keys), '0')} DO NOTHING", [part for key in sorted(keys) for part in (key, begin)]
        )


def _take(key: str, *, limit: int, window: dt.datetime) -> bool:
    """Count one under this key, unless it is full; return whether it counted. One statement."""
    if limit < 1:
        return False
    table, count = map(connection.ops.quote_name, (UsageCount._meta.db_table, "count"))
    statement = f"""
        {_insert(1, "1")} (key, {connection.ops.quote_name("window")})
        DO UPDATE SET {count} = {table}.{count} + 1 WHERE {table}.{count} < %s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [key, connection.ops.adapt_datetimefield_value(window), limit])
        return bool(cursor.rowcount == 1)


def _insert(rows: int, count: str) -> str:
    """Return the beginning of a statement that makes so many rows, with this count each."""
    table, window, column = map(connection.ops.quote_name, (UsageCount._meta.db_table, "window", "count"))
    values = ", ".join([f"(%s, %s, {count})"] * rows)
    return f"INSERT INTO {table} (key, {window}, {column}) VALUES {values} ON CONFLICT"  # noqa: S608


def _begin(window: dt.timedelta, now: dt.datetime) -> dt.datetime:
    return now - (now - EPOCH) % window


def _named(key: str, window: dt.timedelta) -> str:
    return _short(f"{key}/{int(window.total_seconds())}")


def _short(key: str) -> str:
    """Return the key as its column has room for it."""
    return hashlib.sha256(key.encode()).hexdigest() if len(key) > 120 else key


def client_address(request: HttpRequest) -> str:
    """Return the address a request came from, as far as it can be trusted.

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
    """Return a keyed hash of the visitor's address, so that no row keeps the address itself."""
    return salted_hmac("practice.visitor", client_address(request), algorithm="sha256").hexdigest()[:32]
