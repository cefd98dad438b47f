"""The workspace page of the waitlist: who waits for what, and what is offered at the moment."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.access import practitioners_for, zone_at_work
from booking.models import WaitlistEntry
from booking.offers import queries as offers_queries
from booking.offers import wording as offers_wording
from booking.waitlist.actions import join
from practice.access.pages import require_staff, staff_only
from practice.models import User
from practice.queries import the_practice


@staff_only
@require_safe
def waitlist(request: HttpRequest) -> HttpResponse:
    """Show wishes in order; a practitioner sees those for themselves or for anybody."""
    user, locale = require_staff(request), the_practice().locale
    people = practitioners_for(user)
    offers = {offer.entry_id: offer for offer in offers_queries.open_offers()}
    rows = [
        {
            "entry": entry,
            "with_whom": offers_wording.with_whom(entry),
            "days": offers_wording.which_days(entry, locale),
            "times": offers_wording.which_times(entry, locale),
            "offer": offers.get(entry.pk),
        }
        for entry in offers_queries.waitlist_entries_for(people)
    ]
    return render(request, "workspace/waitlist.html", {"rows": rows, "zone": zone_at_work(user)})


@staff_only
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a wish from the list, for example because the person was helped by phone."""
    entry = seen_by(require_staff(request), pk)
    join.leave(entry)
    messages.success(request, _("Removed from the waitlist."))
    return redirect("workspace_waitlist")


def seen_by(user: User, pk: int) -> WaitlistEntry:
    """Return the wish, if this person may see it; 404 for all others."""
    found = offers_queries.waitlist_entries_for(practitioners_for(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
