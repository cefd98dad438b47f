"""Price and policy in words a client can read.

A deadline is shown in the same clock as the session (`booking.time_zones.clocks`), named where the reader's
differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.models import Appointment
from booking.policy.deadlines import limits
from booking.policy.settlement import Settlement
from booking.policy.terms import Terms, late_fee, terms_from, terms_of_practice
from booking.time_zones.clocks import Clocks
from practice.contact import please_call
from practice.core import formatting
from practice.models import Practice


def price_words(settlement: Settlement, *, locale: str) -> str:
    """Return the price as a sum, or that a package pays."""
    return _("covered by your package") if settlement.is_covered else sum_of(settlement, locale=locale)


def sum_of(settlement: Settlement, *, locale: str) -> str:
    """Return what is owed in money, like "$95"."""
    return formatting.money(settlement.cents, settlement.currency, locale=locale)


def cost_now(due: Settlement, *, locale: str) -> str:
    """Return what canceling costs the client now (`if_canceled`); empty while it costs nothing."""
    if due.is_covered:
        return _("If you cancel now, it counts as one session from your package.")
    return _("Canceling now costs %(sum)s.") % {"sum": sum_of(due, locale=locale)} if due.cents else ""


def policy_words(
    policy: Terms | Mapping[str, Any],
    starts_at: datetime,
    *,
    price_cents: int,
    currency: str,
    clocks: Clocks,
    call: str,
    moved: int = 0,
    moved_late: bool = False,
    covered: bool = False,
    now: datetime | None = None,
) -> list[tuple[str, str]]:
    """Return the windows of this booking as (until when, what the client can do), with dates and sums.

    `moved`: how often the client has moved it already; `moved_late`: past its free hours, which are over
    for good. `covered`: a package pays for it. With `now`, windows that are over are left out.
    `call`: how to reach us (`practice.contact.please_call`).
    """
    terms = policy if isinstance(policy, Terms) else terms_from(policy)
    free_until, late_until = limits(terms, starts_at)
    moves = max(0, terms.moves_allowed - moved)
    rows = []
    if not moved_late and (now is None or now <= free_until):
        rows.append((_until(free_until, clocks), _free_words(moves)))
    if (moved_late or free_until < late_until) and (now is None or now <= late_until):
        cents = late_fee(terms, price_cents)
        fee = formatting.money(cents, currency, locale=clocks.locale) if cents else ""
        words = _late_words(_cost_words(fee, covered=covered), moves=moves, moved_late=moved_late)
        rows.append((_until(late_until, clocks), words))
    rows.append((_("After that") if rows else _("From now on"), call))
    return rows


def policy_of_each(terms: Terms, *, paid: int, of: int, call: str) -> list[tuple[str, str]]:
    """Return the windows of sessions booked together, in hours before each: all have the same terms.

    `paid`: for how many of them a package pays. `call`: how to reach us.
    """
    share = _share(terms.late_percent)
    if share and 0 < paid < of:
        share = _("%(share)s; where your package covers a session, that session counts as used") % {
            "share": share
        }
    return _in_hours(terms, _before_each(terms.free_hours), _cost_words(share, covered=paid == of), call)


def policy_in_general(terms: Terms, *, call: str) -> list[tuple[str, str]]:
    """Return the windows before a time is chosen, in hours before the session. `call`: how to reach us."""
    cost = _cost_words(_share(terms.late_percent), covered=False)
    return _in_hours(terms, _before_it(terms.free_hours), cost, call)


def _in_hours(terms: Terms, until: str, cost: str, call: str) -> list[tuple[str, str]]:
    """Return the windows in hours. `until`: the end of the free one; `cost`: of a late cancel."""
    rows = [(until, _free_words(terms.moves_allowed))]
    if terms.free_hours > terms.locked_hours:
        rows.append((_("After that"), _late_words(cost, moves=terms.moves_allowed, moved_late=False)))
    if terms.locked_hours:
        rows.append(
            (
                ngettext("In the last hour", "In the last %(hours)s hours", terms.locked_hours)
                % {"hours": terms.locked_hours},
                call,
            )
        )
    return rows


def agreed_words(practice: Practice) -> str:
    """Return what a client agrees to when booking now, as the consent keeps it: policy, then own words."""
    windows = policy_in_general(terms_of_practice(practice), call=please_call(practice))
    policy = "\n".join(f"{when}: {what}" for when, what in windows)
    return f"{policy}\n\n{practice.treatment_consent}".strip()


def _share(percent: int) -> str:
    """Return a late fee as a part of the price; empty where there is none."""
    if not percent:
        return ""
    known = {50: _("half the price"), 100: _("the full price")}
    return known.get(percent) or _("%(percent)s percent of the price") % {"percent": percent}


def _before_it(hours: int) -> str:
    if not hours:
        return _("Until it starts")
    return ngettext("Until an hour before", "Until %(hours)s hours before", hours) % {"hours": hours}


def _before_each(hours: int) -> str:
    if not hours:
        return _("Until each one starts")
    return ngettext("Until an hour before each one", "Until %(hours)s hours before each one", hours) % {
        "hours": hours
    }


def _until(instant: datetime, clocks: Clocks) -> str:
    return _("Until %(when)s") % {"when": clocks.moment(instant)}


def _free_words(moves: int) -> str:
    if not moves:
        return _("You can cancel online at no charge.")
    return ngettext(
        "You can cancel online, or move it once, at no charge.",
        "You can cancel online, or move it up to %(moves)s times, at no charge.",
        moves,
    ) % {"moves": moves}


def _cost_words(fee: str, *, covered: bool) -> str:
    """Return what a late cancel costs; empty where it costs nothing."""
    if covered:
        return _("You can still cancel, but it counts as one session from your package.")
    return _("You can still cancel; the fee is %(sum)s.") % {"sum": fee} if fee else ""


def _late_words(cost: str, *, moves: int, moved_late: bool) -> str:
    """Return the words for the late window; a late move does not avoid the fee, and the words say so."""
    if not cost:
        return _("You can still cancel at no charge, but please let us know as early as you can.")
    if moved_late:
        return _("It was moved late, so canceling is no longer free.") + f" {cost}"
    if not moves:
        return cost
    return f"{cost} " + _("You can also move it, but if you cancel after that, the fee applies.")


def windows_of(
    appointment: Appointment,
    clocks: Clocks,
    *,
    call: str,
    settlement: Settlement,
    now: datetime | None = None,
) -> list[tuple[str, str]]:
    """Return `policy_words` of an appointment with this settlement."""
    return policy_words(
        appointment.policy,
        appointment.starts_at,
        price_cents=appointment.price_cents,
        currency=appointment.currency,
        clocks=clocks,
        call=call,
        moved=appointment.moves,
        moved_late=appointment.free_until is not None,
        covered=settlement.is_covered,
        now=now,
    )
