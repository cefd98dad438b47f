"""The workspace page of a practitioner's week of opening hours, with a preview of what it would offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from booking.models import SessionType
from booking.opening_hours import week_views
from booking.opening_hours.actions import ChangedSince, save_week
from booking.opening_hours.engine.week import Week
from booking.opening_hours.forms import TypedWeek
from booking.opening_hours.queries import WeekPreview, mark_of, preview, saved_week, types_shown
from booking.opening_hours.wording import changed_days
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.models import Practitioner, User
from practice.queries import the_practice


def people_seen_by(user: User) -> list[Practitioner]:
    """Return whose hours this person sees: a practitioner their own; the owner and the front desk all."""
    if not rows.may(user, "hours"):
        return []
    found = Practitioner.objects.select_related("user").filter(user__is_active=True)
    return list(found if rows.may_all(user, "hours") else found.filter(user=user))


def may_change(user: User, person: Practitioner) -> bool:
    """Return whether this person may change these hours."""
    if rows.may_all(user, "hours", "change"):
        return True
    return rows.may(user, "hours", "change") and person.user_id == user.pk


@dataclass
class HoursPage:
    """What one answer of the page is made of.

    `typed`: what is in its fields; `more`: a day with one row more; `seen`: the mark of the hours that the
    reader knows as saved.
    """

    person: Practitioner
    people: list[Practitioner]
    saved: Week
    typed: TypedWeek
    now: datetime
    said: Any
    seen: str
    more: int | None = None

    @property
    def kinds(self) -> list[SessionType]:
        """Return the session types the preview can show."""
        return types_shown(self.person)

    def preview(self, kinds: list[SessionType]) -> WeekPreview | None:
        """Return what the typed week would mean; None while it cannot be read."""
        if self.typed.has_errors:
            return None
        asked = self.said.get("type")
        kind = next((one for one in kinds if one.slug == asked), next(iter(kinds), None))
        return preview(self.person, self.typed.week, kind=kind, now=self.now)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """Show the reader's own week, or the first one they see; POST previews or saves it."""
    user = require_staff(request)
    if not rows.may(user, "hours"):
        raise Http404
    people = people_seen_by(user)
    if not people:
        return render(request, "workspace/hours_none.html")
    own = next((one for one in people if one.user_id == user.pk), people[0])
    return _answer(request, user, own, people)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def hours_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one practitioner's week; POST previews or saves it."""
    user = require_staff(request)
    people = people_seen_by(user)
    person = next((one for one in people if one.slug == slug), None)
    if person is None:
        raise Http404
    return _answer(request, user, person, people)


def _answer(
    request: HttpRequest, user: User, person: Practitioner, people: list[Practitioner]
) -> HttpResponse:
    saved, locale = saved_week(person), the_practice().locale
    if not may_change(user, person):
        if request.method == "POST":
            raise Http404
        return _reading(request, person, people, saved, locale)
    typed = TypedWeek.of(saved, locale=locale)
    page = HoursPage(person, people, saved, typed, timezone.now(), request.POST, mark_of(saved))
    if request.method != "POST":
        return _shown(request, page)
    page.typed = TypedWeek.sent(request.POST, locale=locale)
    page.seen = request.POST.get("seen", "")
    if request.POST.get("do") == "save":
        return _save(request, page)
    _edit(page, request.POST.get("do", ""))
    return _shown(request, page)  # mistakes too are what a preview was asked for


def _edit(page: HoursPage, doing: str) -> None:
    """Change what is in the fields as its button says: one row more or less, or hours copied."""
    verb, _dash, what = doing.partition(":")
    if verb == "more" and what in set("0123456"):
        page.more = int(what)
    elif verb == "remove":
        page.typed = page.typed.without(what)
    elif verb == "copy":
        source, targets = page.said.get("from", ""), page.said.getlist("to")
        if source in set("0123456"):
            page.typed = page.typed.copied(
                int(source), [int(one) for one in targets if one in set("0123456")]
            )
    elif verb == "take":
        other = next((one for one in page.people if one.slug == page.said.get("person")), None)
        if other is not None:
            page.typed = TypedWeek.of(saved_week(other), locale=page.typed.locale)


def _save(request: HttpRequest, page: HoursPage) -> HttpResponse:
    """Save the week, unless something is wrong, was not named yet, or was saved by someone else."""
    if page.typed.has_errors:
        return _shown(request, page, status=422)
    week = page.typed.week
    meant = preview(page.person, week, kind=None, now=page.now)
    if meant.mark and page.said.get("named") != meant.mark:
        return _shown(request, page, asks=True, status=409)
    try:
        changed = save_week(page.person, week, seen=page.seen)
    except ChangedSince as error:
        page.saved, page.seen = error.now, mark_of(error.now)
        return _shown(request, page, others=True, status=409)
    _say(request, changed, len(meant.outside))
    return redirect("workspace_hours_of", slug=page.person.slug)


def _say(request: HttpRequest, changed: bool, outside: int) -> None:
    if not changed:
        messages.success(request, _("Nothing changed."))
        return
    messages.success(request, _("Saved. Clients now see these hours."))
    if outside:
        said = ngettext(
            "One booked session is outside these hours. It stays booked.",
            "%(n)s booked sessions are outside these hours. They stay booked.",
            outside,
        )
        messages.warning(request, said % {"n": outside})


def _reading(
    request: HttpRequest, person: Practitioner, people: list[Practitioner], saved: Week, locale: str
) -> HttpResponse:
    days = week_views.read_only(saved, locale=locale)
    page = {"person": person, "people": people, "days": days}
    return render(request, "workspace/hours_read.html", page)


def _shown(
    request: HttpRequest, page: HoursPage, *, asks: bool = False, others: bool = False, status: int = 200
) -> HttpResponse:
    """Show the fields and, beside them, the preview. `others`: someone else has saved; `asks`: save again."""
    locale, kinds = page.typed.locale, page.kinds
    found = page.preview(kinds)
    context = {
        "person": page.person,
        "people": page.people,
        "typed": page.typed,
        "days": week_views.fields(page.typed, more=page.more),
        "copy": week_views.copying(page.typed, page.said),
        "copy_open": not any(page.typed.week) or page.said.get("do", "").startswith(("copy", "take")),
        "seen": page.seen,
        "kinds": kinds,
        "preview": found,
        "changes": week_views.changes(found, locale=locale) if found else [],
        "edits": changed_days(page.saved, page.typed.week, locale=locale) if found else [],
        "asks": asks,
        "others": others,
    }
    return render(request, "workspace/hours.html", context, status=status)
