"""About sessions that were booked together: one letter that lists them all, with a calendar file for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from django.utils.translation import gettext as _

from booking.calendar_files import calendar_file
from booking.letters.about import for_client, to_practitioner, when, zone_of
from booking.letters.to_clients import another_time
from booking.links import appointment_url, on_our_site
from booking.models import Appointment, PackageUse
from booking.policy import policy_of
from booking.policy_words import policy_of_each
from practice import text
from practice.clock import zone_named
from practice.mail.post import Attachment, post
from practice.models import Letter, User
from practice.queries import the_practice


def series_booked(booked: Sequence[Appointment], *, now: datetime) -> Letter | None:
    """To the client: all that was booked together, each with its own link, and what can be changed when."""
    first = booked[0]
    covered = PackageUse.objects.filter(appointment__in=booked, given_back_at=None).count()
    return _to_client(
        booked,
        "series",
        "booked",
        method="REQUEST",
        now=now,
        paid_by_package=covered,
        single=text.money(first.price_cents, first.currency, locale=the_practice().locale),
        windows=policy_of_each(policy_of(first), paid=covered, of=len(booked), phone=the_practice().phone),
        act_url=on_our_site("portal_appointments"),
        act_words=_("See all of them"),
    )


def series_cancelled(
    cancelled: Sequence[Appointment], *, fee: int, by: User | None, now: datetime
) -> Letter | None:
    """To the client: which were cancelled together, what that costs, and the way back. `fee` in cents."""
    first, practice = cancelled[0], the_practice()
    return _to_client(
        cancelled,
        "series_cancelled",
        f"{at_once(first)}:{len(cancelled)}",
        method="CANCEL",
        now=now,
        fee=text.money(fee, first.currency, locale=practice.locale) if fee else "",
        by_us=by is not None and by.is_staff,
        **another_time(),
    )


def notice_series(booked: Sequence[Appointment], *, by: User | None, now: datetime) -> Letter | None:
    """To the practitioner: several were booked at once."""
    return to_practitioner(
        booked[0], "notice_series", "notice-series", by=by, now=now, sessions=_for_practitioner(booked)
    )


def notice_series_cancelled(
    cancelled: Sequence[Appointment], *, by: User | None, now: datetime
) -> Letter | None:
    """To the practitioner: several hours have become free at once."""
    return to_practitioner(
        cancelled[0],
        "notice_series_cancelled",
        f"{at_once(cancelled[0])}:{len(cancelled)}",
        by=by,
        now=now,
        sessions=_for_practitioner(cancelled),
    )


def at_once(cancelled: Appointment) -> str:
    """What the keys of letters about all that was cancelled in the same moment have in common."""
    assert cancelled.cancelled_at is not None
    return f"series-cancelled:{cancelled.cancelled_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def _to_client(
    together: Sequence[Appointment],
    kind: str,
    key: str,
    *,
    method: Literal["REQUEST", "CANCEL"],
    now: datetime,
    **more: Any,
) -> Letter | None:
    first, practice = together[0], the_practice()
    if first.client is None:
        return None
    zone = zone_of(first)
    about = f"series:{first.series}"
    return post(
        kind,
        key=f"{about}:{key}",
        to=first.client,
        context={
            **for_client(first, practice, now),
            "sessions": [
                {"when": when(one, zone, practice), "url": appointment_url(one)} for one in together
            ],
            **more,
        },
        about=about,
        attachments=[_file(one, number, method, now) for number, one in enumerate(together, start=1)],
        from_name=first.practitioner.user.name,
        now=now,
    )


def _file(
    appointment: Appointment, number: int, method: Literal["REQUEST", "CANCEL"], now: datetime
) -> Attachment:
    """Attached, not as another way to say the letter: a mail programme shows only one of those."""
    content = calendar_file(appointment, method=method, now=now)
    return Attachment(f"session-{number}.ics", f"application/ics; method={method}; charset=UTF-8", content)


def _for_practitioner(together: Sequence[Appointment]) -> list[str]:
    zone, practice = zone_named(together[0].practitioner.zone), the_practice()
    return [when(one, zone, practice) for one in together]
