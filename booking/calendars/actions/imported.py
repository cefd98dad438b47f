"""Add, read and remove a practitioner's other calendars. Only the worker fetches them, never a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from booking.calendars.importing import wording
from booking.calendars.importing.fetch import Fetched, NotFetched, fetch, normalized_url
from booking.calendars.importing.reading import Choices, Reading, Unreadable
from booking.calendars.importing.sandbox import read_in_sandbox
from booking.calendars.letters import notice_calendar
from booking.calendars.queries import days_ahead, not_read
from booking.errors import CalendarUnfit
from booking.models import BusyTime, ImportedCalendar
from practice.core.clock import zone_named
from practice.core.plain_text import plain_line
from practice.models import Practitioner
from practice.queries import the_practice
from practice.security.crypto import Unreadable as Locked

log = structlog.get_logger(__name__)
EVERY = timedelta(minutes=15)
WHOLE_EVERY = timedelta(days=1)  # no 304 for longer than this: the window that is read moves on
PAUSES = (EVERY, timedelta(hours=1), timedelta(hours=6))  # after one failure, two, more
WRITTEN_AFTER = timedelta(days=2)  # without a reading, to its practitioner; Today shows it after one
ADDRESSES_LONGEST = 300
MOST = 10  # calendars of one practitioner
AT_ONCE = 5  # calendars in one tick: recordings wait in the same queue, and no task may take ten minutes
LOOK_BACK, BEYOND = timedelta(days=1), timedelta(days=7)
Fetch = Callable[..., Fetched]
Read = Callable[..., Reading]


def add(practitioner: Practitioner, *, url: str, name: str = "", now: datetime) -> ImportedCalendar:
    """Add a calendar, to be read within a minute. Only the form of the address is judged here.

    Raises CalendarUnfit.
    """
    try:
        address = normalized_url(url)
    except NotFetched as error:
        raise CalendarUnfit(wording.of_fetching(error.code)) from error
    mine = ImportedCalendar.objects.filter(practitioner=practitioner)
    if any(_address_of(one) == address for one in mine.defer("url")):
        raise CalendarUnfit(_("This calendar has already been added."))
    if mine.count() >= MOST:
        raise CalendarUnfit(
            _("You have reached the maximum number of calendars. Remove one before you add another.")
        )
    return ImportedCalendar.objects.create(
        practitioner=practitioner,
        name=plain_line(name)[:80] or urlsplit(address).hostname or "",
        url=address,
        fetch_at=now,
    )


def read_again(calendar: ImportedCalendar, *, now: datetime) -> None:
    """Have the calendar read whole, within a minute."""
    ImportedCalendar.objects.filter(pk=calendar.pk).update(fetch_at=now, etag="", last_modified="")


def choose(
    calendar: ImportedCalendar, *, addresses: str, unanswered_count: bool, all_day_count: bool, now: datetime
) -> None:
    """Save what counts as busy in the calendar, and have it read again within a minute.

    These choices may leave nothing busy: that is believed at once. Raises CalendarUnfit.
    """
    mine = addresses.replace(",", " ").replace(";", " ").lower().split()
    try:
        for one in mine:
            validate_email(one)
    except ValidationError as error:
        raise CalendarUnfit(_("This is not an email address: %(what)s") % {"what": one[:80]}) from error
    if len(" ".join(mine)) > ADDRESSES_LONGEST:
        raise CalendarUnfit(_("That is too many addresses. Keep only the ones that invitations are sent to."))
    ImportedCalendar.objects.filter(pk=calendar.pk).update(
        my_addresses=" ".join(mine),
        unanswered_count=unanswered_count,
        all_day_count=all_day_count,
        emptied_at=now,
    )
    read_again(calendar, now=now)


def remove(calendar: ImportedCalendar) -> None:
    """Remove the calendar; what it called busy is free again."""
    calendar.delete()


def read_due(*, now: datetime, fetcher: Fetch = fetch, reader: Read = read_in_sandbox) -> int:
    """Read calendars that are due, one after the other, the longest due first; return how many."""
    done = 0
    while done < AT_ONCE and (calendar := _claim(now)):
        # What goes wrong is kept in the words in which its practitioner reads it.
        with translation.override(calendar.practitioner.user.language or settings.LANGUAGE_CODE):
            read_one(calendar, now=now, fetcher=fetcher, reader=reader)
        done += 1
    return done


def _claim(now: datetime) -> ImportedCalendar | None:
    """Return a due calendar, set to its next time: of two workers one gets it, and a killed one waits.

    Its address is not decrypted here: one with a lost key must not stop the others.
    """
    due = ImportedCalendar.objects.filter(is_active=True, fetch_at__lte=now).order_by("fetch_at")
    for calendar in due.select_related("practitioner__user").defer("url")[:5]:
        claimed = ImportedCalendar.objects.filter(pk=calendar.pk, fetch_at=calendar.fetch_at)
        if claimed.update(fetch_at=now + EVERY):
            calendar.fetch_at = now + EVERY
            return calendar
    return None


def _address_of(calendar: ImportedCalendar) -> str | None:
    """Return the calendar's address; None when its key is lost."""
    try:
        return calendar.url
    except Locked:
        return None


def read_one(
    calendar: ImportedCalendar, *, now: datetime, fetcher: Fetch = fetch, reader: Read = read_in_sandbox
) -> None:
    """Fetch a calendar outside of any transaction, then replace its busy times, or keep the old ones."""
    fresh = calendar.fetched_at is not None and calendar.fetched_at > now - WHOLE_EVERY
    known = {"etag": calendar.etag, "last_modified": calendar.last_modified} if fresh else {}
    try:
        came = fetcher(calendar.url, **known)
        reading = _read(calendar, came.body, now=now, reader=reader) if came.body is not None else None
    except NotFetched as error:
        _failed(calendar, wording.of_fetching(error.code), now=now)
    except Unreadable as error:
        _failed(calendar, wording.of_reading(error.code, error.line), now=now)
    except Locked:
        _failed(calendar, wording.of_a_lost_key(), now=now)
    except Exception:
        log.exception("calendar: could not be read", calendar=calendar.pk)
        _failed(calendar, _("Something went wrong on our side. We’ll try again."), now=now)
    else:
        _keep(calendar, came, reading, now=now)


def _read(calendar: ImportedCalendar, body: bytes, *, now: datetime, reader: Read) -> Reading:
    return reader(
        body,
        first=now - LOOK_BACK,
        until=now + timedelta(days=days_ahead()) + BEYOND,
        zone=zone_named(calendar.practitioner.zone),
        our_host=urlsplit(settings.SITE_URL).hostname or "",
        choices=Choices(calendar.addresses, calendar.unanswered_count, calendar.all_day_count),
    )


def _keep(calendar: ImportedCalendar, came: Fetched, reading: Reading | None, *, now: datetime) -> None:
    """Replace the busy times by what was read; or keep them once more, if suddenly nothing is left."""
    row = ImportedCalendar.objects.filter(pk=calendar.pk)
    well: dict[str, Any] = {"failures": 0, "trouble": "", "checked_at": now}
    if reading is None:
        row.update(**well)
    elif _is_suddenly_empty(calendar, reading, now=now):
        row.update(failures=0, trouble=wording.of_nothing(), emptied_at=now, etag="", last_modified="")
    else:
        with transaction.atomic():
            BusyTime.objects.filter(calendar=calendar).delete()
            BusyTime.objects.bulk_create(
                BusyTime(calendar=calendar, starts_at=start, ends_at=end) for start, end in reading.busy
            )
            warning = wording.of_doubts(reading.doubts, locale=the_practice().locale)
            row.update(**well, fetched_at=now, warning=warning, offered_address=reading.address)
            # Not if somebody asked meanwhile that it be read whole, and perhaps by another choice.
            row.filter(fetch_at=calendar.fetch_at).update(
                etag=came.etag, last_modified=came.last_modified, emptied_at=None
            )


def _is_suddenly_empty(calendar: ImportedCalendar, reading: Reading, *, now: datetime) -> bool:
    """Return whether nothing lies ahead any more where something did, for the first time.

    A program that could not reach its own source writes such a file, and it looks complete.
    """
    if calendar.emptied_at is not None or any(end > now for _start, end in reading.busy):
        return False
    return BusyTime.objects.filter(calendar=calendar, ends_at__gt=now).exists()


def _failed(calendar: ImportedCalendar, trouble: str, *, now: datetime) -> None:
    """Record a failed reading: busy times stay, and the next try comes later, or when somebody asks."""
    pause = PAUSES[min(calendar.failures, len(PAUSES) - 1)]
    row = ImportedCalendar.objects.filter(pk=calendar.pk)
    row.update(failures=F("failures") + 1, trouble=trouble)
    row.filter(fetch_at=calendar.fetch_at).update(fetch_at=now + pause)


def tell_of_silent(*, now: datetime) -> None:
    """Email the practitioners whose calendars are not read any more: once, until they are read again."""
    for calendar in not_read(now=now, since=WRITTEN_AFTER):
        notice_calendar(calendar, now=now)
