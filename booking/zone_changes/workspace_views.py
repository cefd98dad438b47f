"""The workspace page for changed zone rules: what no longer matches the clocks, and a button to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import appointment_seen_by, practitioners_for, zone_at_work
from booking.models import Appointment
from booking.zone_changes import wording
from booking.zone_changes.actions.check_zones import find_mismatches
from booking.zone_changes.actions.keep_wall_times import KeepResult, keep_wall_times, leave
from booking.zone_changes.queries import ZoneMismatch, conflicting_appointment, zone_mismatches
from practice.access.pages import require_staff, staff_only
from practice.core import formatting, zone_data
from practice.core.locales.zone_words import city_of
from practice.mail import wall_times
from practice.mail.composing.headers import usable_address
from practice.mail.workspace_views import letters_seen_by
from practice.models import Letter, User
from practice.queries import the_practice


@dataclass(frozen=True)
class Row:
    """An appointment as the page shows it. `blocked`: who has the time that would keep the hour."""

    one: ZoneMismatch
    agreed: str
    place: str
    shown_now: str
    how_much: str
    blocked: Appointment | None

    @property
    def appointment(self) -> Appointment:
        """Return the appointment."""
        return self.one.appointment

    @property
    def is_held(self) -> bool:
        """Return whether the time is only held or offered, so that it has no page yet."""
        return bool(self.appointment.state == Appointment.State.HELD)


def waiting_letters(user: User) -> QuerySet[Letter]:
    """Return the emails this person may know of."""
    return Letter.objects.filter(pk__in=letters_seen_by(user).values("pk"))


def rows_of(found: list[ZoneMismatch]) -> list[Row]:
    """Return each mismatch in words. One query for each that would move: there are few."""
    locale = the_practice().locale
    return [
        Row(
            one,
            agreed=wording.agreed(one, locale=locale),
            place=city_of(one.zone.key, locale=locale),
            shown_now=wording.shown_now(one, locale=locale),
            how_much=wording.how_much(one, locale=locale),
            blocked=conflicting_appointment(one, found),
        )
        for one in found
    ]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_clocks(request: HttpRequest) -> HttpResponse:
    """Show what no longer matches, one by one; POST keeps the agreed hours."""
    user, now = require_staff(request), timezone.now()
    people = practitioners_for(user)
    if request.method == "POST":
        kept = keep_wall_times(people, by=user, now=now)
        letters = wall_times.keep_wall_times(waiting_letters(user), now=now)
        find_mismatches(now=now)
        say(request, kept, letters)
        return redirect("workspace_clocks")
    rows = rows_of(zone_mismatches(people, now=now))
    page = {
        "here": [row for row in rows if not row.one.only_theirs],
        "theirs": [row for row in rows if row.one.only_theirs],
        "letters": wall_times.count_shifted(waiting_letters(user), now=now),
        "version": zone_data.version(),
        "zone": zone_at_work(user),
        "several": len(people) > 1,
    }
    return render(request, "workspace/clocks.html", page)


def say(request: HttpRequest, kept: KeepResult, letters: int) -> None:
    """Add messages: what the button did, and what is left for a person."""
    if kept.moved or kept.told or letters:
        messages.success(request, done_in_words(kept, letters))
    if kept.in_the_way:
        count = len(kept.in_the_way)
        words = ngettext(
            "%(count)s could not be kept: someone else has that time.",
            "%(count)s could not be kept: someone else has those times.",
            count,
        )
        messages.error(request, words % {"count": count})
    if names := [one.attendee_name for one in (*kept.moved, *kept.told) if to_be_called(one)]:
        listed = formatting.listed(names, locale=the_practice().locale)
        messages.warning(
            request, _("We have no email address for %(names)s: please call.") % {"names": listed}
        )


def done_in_words(kept: KeepResult, letters: int) -> str:
    """Return what the button did."""
    parts = []
    if count := len(kept.moved):
        parts.append(
            ngettext("%(n)s keeps the agreed hour.", "%(n)s keep the agreed hour.", count) % {"n": count}
        )
    if count := len(kept.told):
        parts.append(
            ngettext(
                "We’re emailing %(n)s client about the new time on their clock.",
                "We’re emailing %(n)s clients about the new time on their clocks.",
                count,
            )
            % {"n": count}
        )
    if letters:
        parts.append(
            ngettext("%(n)s email keeps its time.", "%(n)s emails keep their times.", letters)
            % {"n": letters}
        )
    return " ".join(parts)


def to_be_called(one: Appointment) -> bool:
    """Return whether the contact can get no email; False for a hold, which concerns nobody yet."""
    if one.state == Appointment.State.HELD:
        return False
    return one.contact is None or not usable_address(one.contact.email)


@staff_only
@require_POST
def workspace_clocks_leave(request: HttpRequest, uid: Any) -> HttpResponse:
    """Leave one at another hour than was agreed; its client gets an email."""
    found, now = appointment_seen_by(require_staff(request), uid), timezone.now()
    if leave(found, now=now):
        find_mismatches(now=now)
        messages.success(
            request,
            _("%(name)s stays unchanged. We’ve emailed the client.") % {"name": found.attendee_name},
        )
    return redirect("workspace_clocks")
