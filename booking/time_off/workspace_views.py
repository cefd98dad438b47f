"""The workspace pages of days off: close days, see who is booked, hand over or cancel, email everyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import practitioners_for, zone_at_work
from booking.availability.closed_days import appointments_within, practitioners_of_closure
from booking.letters.preview import if_cancelled, if_handed_over
from booking.models import Appointment, Closure
from booking.time_off import wording
from booking.time_off.actions import close_days
from booking.time_off.actions.away import Outcome, carry_out
from booking.time_off.forms.away import AwayForm
from booking.time_off.queries import (
    Handover,
    coming_closures,
    handovers,
    times_back,
    times_to_offer,
)
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.mail.composing.headers import usable_address
from practice.mail.composing.keyless import mask_links
from practice.mail.composing.render import Rendered
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice

LEAVE, CANCEL = "leave", "cancel"
WORD_LONGEST = 500
MOST_OFFERED = 12  # rows for which other times are looked up


@dataclass(frozen=True)
class Row:
    """An appointment of those days. `chosen`: LEAVE, CANCEL or a colleague's slug. `wrong`: why not.

    `offers`: the nearest available times, in words.
    """

    handover: Handover
    chosen: str
    wrong: str = ""
    offers: tuple[str, ...] = ()

    @property
    def appointment(self) -> Appointment:
        """Return the appointment."""
        return self.handover.appointment

    @property
    def taker(self) -> Practitioner | None:
        """Return the chosen colleague, of those who could take it when it was looked at, or None."""
        if self.chosen in (LEAVE, CANCEL):
            return None
        return next((one for one in self.handover.takers if one.slug == self.chosen), None)

    @property
    def to_be_called(self) -> bool:
        """Return whether no email about it can be sent."""
        return not is_written_to(self.appointment)


def is_written_to(appointment: Appointment) -> bool:
    """Return whether its client or booker has a usable email address."""
    return appointment.contact is not None and bool(usable_address(appointment.contact.email))


def people_closed_by(user: User) -> list[Practitioner]:
    """Return whose days this person may close: a practitioner their own, owner and front desk all."""
    if not rows.may(user, "closures", "change"):
        return []
    everybody = rows.may_all(user, "closures", "change")
    return [one for one in practitioners_for(user) if everybody or one.user_id == user.pk]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_away(request: HttpRequest) -> HttpResponse:
    """Show the choice of days, and who is booked then; POST closes them."""
    user, now = require_staff(request), timezone.now()
    people = people_closed_by(user)
    if not (people or may_close_for_everyone(user)):
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    form = AwayForm(
        asked if "first" in asked else None, people=people, now=now, everyone=may_close_for_everyone(user)
    )
    page: dict[str, Any] = {
        "form": form,
        "zone": zone_at_work(user),
        "own": own_days(user, people),
        "coming": coming_days(user, people, now=now),
        "has_holidays": the_practice().region == "US",
    }
    if not (form.is_bound and form.is_valid()):
        form.initial.setdefault("first", now.astimezone(zone_at_work(user)).date())
        return render(request, "workspace/away.html", page, status=422 if form.errors else 200)
    said = form.cleaned_data
    if request.method == "POST":
        closure = close_days.close_days(said["person"], **span_of(said))
        return redirect("workspace_away_days", pk=closure.pk)
    asked_for = closure_asked_for(said["person"], said)
    booked = appointments_within(asked_for, now=now)
    return render(request, "workspace/away.html", {**page, **closure_in_words(asked_for), "booked": booked})


def may_close_for_everyone(user: User) -> bool:
    """Return whether this person may close days of the whole practice."""
    return rows.may_all(user, "closures", "change")


def span_of(said: dict[str, Any]) -> dict[str, Any]:
    """Return the days and hours of a valid form."""
    return {name: said[name] for name in ("first", "last", "opens", "closes")}


def closure_asked_for(person: Practitioner | None, said: dict[str, Any]) -> Closure:
    """Return the closure of a valid form, unsaved."""
    days = {"first_day": said["first"], "last_day": said["last"]}
    return Closure(practitioner=person, **days, opens=said["opens"], closes=said["closes"])


def closure_in_words(closure: Closure) -> dict[str, Any]:
    """Return what pages say of a closure: whose it is, its days, what is open then."""
    locale = the_practice().locale
    return {
        "closure": closure,
        "person": wording.whose(closure),
        "days": wording.days_of(closure, locale=locale),
        "what": wording.what_is_open(closure, locale=locale),
    }


def coming_days(user: User, people: Sequence[Practitioner], *, now: dt.datetime) -> list[dict[str, Any]]:
    """Return the days off that are not over, each with whether this person may change it."""
    mine, everyone = {one.pk for one in people}, may_close_for_everyone(user)
    found = coming_closures(user, today=now.astimezone(practice_zone(the_practice())).date())
    return [{**closure_in_words(one), "may_change": everyone or one.practitioner_id in mine} for one in found]


def own_days(user: User, people: Sequence[Practitioner]) -> bool:
    """Return whether the page is about the reader's own days."""
    return [one.user_id for one in people] == [user.pk]


def closure_of(user: User, pk: int) -> Closure:
    """Return days off of someone, or of everyone, if this person may close them; 404 for all others."""
    theirs = Q(practitioner__in=people_closed_by(user))
    if may_close_for_everyone(user):
        theirs |= Q(practitioner=None)
    found = Closure.objects.filter(theirs, pk=pk).defer("reason").select_related("practitioner__user")
    closure = found.first()
    if closure is None:
        raise Http404
    return closure


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_away_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who is booked and what to do with each, then the emails; then do it."""
    user, now = require_staff(request), timezone.now()
    closure = closure_of(user, pk)
    word = message_in(request)
    found = rows_of(closure, request.POST, now=now)
    page = {
        **closure_in_words(closure),
        "rows": found,
        "word": word,
        "zone": zone_at_work(user),
        "own": closure.practitioner and closure.practitioner.user_id == user.pk,
    }
    doing = request.POST.get("do", "")
    if any(row.wrong for row in found):
        return render(request, "workspace/away_days.html", page, status=409)
    if doing == "go":
        return done(request, closure, found, word=word, by=user)
    if doing == "look" and any(row.chosen != LEAVE for row in found):
        return render(request, "workspace/away_look.html", {**page, "emails": emails(found, word, now=now)})
    back = times_back(closure, practitioners_of_closure(closure), now=now)
    offering = with_offers(found, zone=zone_at_work(user), now=now)
    return render(request, "workspace/away_days.html", {**page, "rows": offering, "back": back})


def with_offers(found: Sequence[Row], *, zone: ZoneInfo, now: dt.datetime) -> list[Row]:
    """Return the rows, the first ones with the available times nearest to them, to offer on the phone."""
    locale = the_practice().locale
    free = times_to_offer([row.appointment for row in found[:MOST_OFFERED]], now=now)
    return [
        replace(
            row,
            offers=tuple(
                _("%(when)s, with %(name)s")
                % {
                    "when": formatting.moment(one.start, zone, locale=locale),
                    "name": one.practitioner.first_name,
                }
                for one in free.get(row.appointment.pk, ())
            ),
        )
        for row in found
    ]


def message_in(request: HttpRequest) -> str:
    """Return the sentence that goes to everybody."""
    return request.POST.get("word", "").strip()[:WORD_LONGEST]


def rows_of(closure: Closure, said: Any, *, now: dt.datetime) -> list[Row]:
    """Return who is booked there, each with its choice; at first the suggestion."""
    found = handovers(appointments_within(closure, now=now), now=now)
    return [row_of(one, said.get(f"to-{one.appointment.uid}")) for one in found]


def row_of(handover: Handover, chosen: str | None) -> Row:
    """Return one row; with a message if the chosen colleague cannot take it any more."""
    if chosen is None:
        return Row(handover, handover.suggested.slug if handover.suggested else CANCEL)
    if chosen in (LEAVE, CANCEL) or chosen in {one.slug for one in handover.takers}:
        return Row(handover, chosen)
    first_choice = handover.suggested.slug if handover.suggested else CANCEL
    return Row(handover, first_choice, _("The person you chose is no longer available. Please choose again."))


def emails(found: Sequence[Row], word: str, *, now: dt.datetime) -> list[tuple[Row, Rendered]]:
    """Return what each client would read; nothing for those without an address."""
    return [
        (row, mask_links(email_of(row, word, now=now)))
        for row in found
        if row.chosen != LEAVE and not row.to_be_called
    ]


def email_of(row: Row, word: str, *, now: dt.datetime) -> Rendered:
    """Return the email about one row."""
    if row.taker:
        return if_handed_over(row.appointment, to=row.taker, word=word, now=now)
    return if_cancelled(row.appointment, word=word, now=now)


def done(
    request: HttpRequest, closure: Closure, found: Sequence[Row], *, word: str, by: User
) -> HttpResponse:
    """Carry out the choices, one by one, and say what became of each."""
    chosen = {str(row.appointment.uid): row.taker for row in found if row.chosen != LEAVE}
    say(request, carry_out(closure, chosen, by=by, word=word))
    return redirect("workspace_away_days", pk=closure.pk)


def say(request: HttpRequest, outcome: Outcome) -> None:
    """Add messages: what was done; what could not be, with the reason; who has to be called."""
    if count := len(outcome.handed_over):
        words = ngettext("One session handed over.", "%(n)s sessions handed over.", count)
        messages.success(request, words % {"n": count})
    if count := len(outcome.cancelled):
        words = ngettext("One canceled, free of charge.", "%(n)s canceled, free of charge.", count)
        messages.success(request, words % {"n": count})
    for one, why in outcome.failed:
        names = {"name": one.attendee_name, "why": why}
        messages.error(request, _("%(name)s is unchanged: %(why)s") % names)
    changed = [*outcome.handed_over, *outcome.cancelled]
    if names_of := [one.attendee_name for one in changed if not is_written_to(one)]:
        listed = formatting.listed(names_of, locale=the_practice().locale)
        words = _("We have no email address for %(names)s: please call.")
        messages.warning(request, words % {"names": listed})


@staff_only
@require_POST
def workspace_away_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the closure: its days are open again. Handed over or canceled sessions stay so."""
    close_days.open_again(closure_of(require_staff(request), pk))
    messages.success(request, _("Open again. Sessions that were handed over or canceled stay that way."))
    return redirect("workspace_away")
