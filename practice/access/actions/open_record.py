"""Write down that somebody opened a client's record: who, whose, what and when, for the client to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from practice.models import AccessLog, User

ONCE_PER = dt.timedelta(hours=1)


def log_opening(reader: User, whose: User, code: str, *, now: dt.datetime) -> None:
    """Note that `reader` opened a part of `whose` record at `now`; opening one's own record is not noted.

    `code`: which part; the app's `wording.py` has a plain phrase for it ("a session note"), never
    anything that is said about someone's health. The same again within an hour adds nothing, also from two
    tabs at once. A record that was erased in the meantime is no error.
    """
    if reader.pk == whose.pk or _noted(reader, whose, code, now):
        return
    with transaction.atomic():
        # Two tabs wait for each other here; no_key: rows that only point at this user do not.
        locked = User.objects.select_for_update(no_key=True).filter(pk=whose.pk)
        if locked.values_list("pk", flat=True).first() and not _noted(reader, whose, code, now):
            AccessLog.objects.create(reader=reader, whose=whose, code=code, at=now)


def log_action(by: User | None, whose: User, code: str, *, now: dt.datetime, **params: Any) -> None:
    """Note what somebody did about a person's record or account, each time anew. `by`: None is a command."""
    AccessLog.objects.create(reader=by, whose=whose, code=code, params=params, at=now)


def log_openings(reader: User, whose: Iterable[int], code: str, *, now: dt.datetime) -> None:
    """Note, as `log_opening` does, a page that shows parts of several people's records; `whose` are ids."""
    opened_now = set(whose) - {reader.pk}
    if not opened_now - _noted_of(reader, opened_now, code, now):
        return
    with transaction.atomic():
        # In one order, so that two pages with the same people wait for each other and never crosswise.
        locked = User.objects.select_for_update(no_key=True).filter(pk__in=opened_now).order_by("pk")
        there = set(locked.values_list("pk", flat=True))
        AccessLog.objects.bulk_create(
            AccessLog(reader=reader, whose_id=pk, code=code, at=now)
            for pk in sorted(there - _noted_of(reader, there, code, now))
        )


def _noted_of(reader: User, whose: Iterable[int], code: str, now: dt.datetime) -> set[int]:
    found = AccessLog.objects.filter(reader=reader, whose__in=whose, code=code, at__gt=now - ONCE_PER)
    return set(found.values_list("whose_id", flat=True))


def _noted(reader: User, whose: User, code: str, now: dt.datetime) -> bool:
    return AccessLog.objects.filter(reader=reader, whose=whose, code=code, at__gt=now - ONCE_PER).exists()
