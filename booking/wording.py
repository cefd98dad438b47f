"""What stands in an appointment's history beside each change, and in the access log, in a sentence.

A person's own words are shown as they wrote them. What the system notes is a code with parameters, worded
here when it is shown. Rows from before the codes have the sentence itself as their note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.models import AppointmentChange
from practice.core import formatting

Code = AppointmentChange.Code
Params = Mapping[str, Any]


def note_of(change: AppointmentChange, *, locale: str) -> str:
    """Return the note of a change: what a person wrote, else what the system noted; "" for neither.

    A code of another version of the program is shown as it is: one row must not close a page.
    """
    if change.note or not change.code:
        return change.note
    words = SENTENCES.get(change.code)
    return words(change.params, locale) if words else change.code


def _plain(words: Any) -> Callable[[Params, str], str]:
    """Return a maker of a sentence from text parameters only."""
    return lambda params, _locale: str(words) % params


def _late_fee(params: Params, locale: str) -> str:
    return _("Late: %(sum)s by policy.") % {
        "sum": formatting.money(params["cents"], params["currency"], locale=locale)
    }


def _length(params: Params, locale: str) -> str:
    said = _("From %(was)s to %(now)s.") % {
        name: formatting.minutes_in_words(params[name], locale=locale) for name in ("was", "now")
    }
    return said if params.get("told", True) else f"{said} {SENTENCES[Code.NOT_TOLD]({}, locale)}"


def _assigned(params: Params) -> str:
    said = ngettext(
        "assigned a session to the record of %(name)s",
        "assigned %(number)s sessions to the record of %(name)s",
        params["number"],
    )
    return said % params


#: What the access log says, by the code that its row keeps.
ACCESS_LOG: Mapping[str, Any] = {
    "access:appointment": gettext_lazy("an appointment"),
    "access:appointment_changes": gettext_lazy("appointment changes"),
    "access:assigned_to_this": _assigned,
    "access:assigned_to_other": gettext_lazy("assigned a session to a record"),
}
SENTENCES: Mapping[str, Callable[[Params, str], str]] = {
    Code.LATE_FEE: _late_fee,
    Code.LATE_FROM_PACKAGE: _plain(gettext_lazy("Late: counts as one session from the package.")),
    Code.MOVED_LATE: _plain(gettext_lazy("Moved late.")),
    Code.REQUEST_WITHDRAWN: _plain(gettext_lazy("The request was withdrawn.")),
    Code.NOT_ANSWERED: _plain(gettext_lazy("No one answered in time.")),
    Code.EXCHANGED: _plain(gettext_lazy("Exchanged for an earlier time.")),
    Code.HANDED_OVER: _plain(gettext_lazy("From %(was)s to %(now)s.")),
    Code.LENGTH: _length,
    Code.NOT_TOLD: _plain(gettext_lazy("The client was not emailed about it.")),
    Code.DAY_CLOSED: _plain(gettext_lazy("The day was closed.")),
    Code.BLOCKED: _plain(gettext_lazy("The time was blocked.")),
    Code.ZONE_RULES: _plain(gettext_lazy("The time zone rules have changed; the agreed hour stays.")),
    Code.BEEN_HERE: _plain(gettext_lazy("They have been here before; this session is for new clients.")),
}
