"""What can lie on a board: each kind with its shape, its sign and its words. One line here for one more.

A kind's shape is the class `is-…` in `practice/static/css/week.css`. What is read from the database becomes
items in `booking/schedule/items.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Look:
    """The look of a kind: its class, its sign, what it says of itself, and its line in the legend.

    `sign`: an icon, always beside the word. `word`: "" where a name says enough. `legend`: "" for one that
    is explained with another.
    """

    shape: str
    sign: str = ""
    word: Words = ""
    legend: Words = ""


#: In the order of the legend.
LOOKS: Mapping[str, Look] = {
    "open": Look("is-open", legend=_("Open to book")),
    "booked": Look("is-booked", legend=_("Booked")),
    "done": Look("is-booked is-done", "check", _("took place"), _("Took place")),
    "missed": Look("is-booked is-missed", "cross", _("did not come"), _("Did not come")),
    "conflict": Look("is-booked is-heed", "heed", _("closed"), _("Booked on a closed day")),
    "request": Look("is-request", "question", _("request"), _("Request, waiting for approval")),
    "hold": Look("is-hold", "hold", _("Held"), _("Held for a visitor")),
    "offer": Look("is-hold is-offer", "bell", _("Offered"), _("Offered from the waitlist")),
    "buffer": Look("is-buffer", word=_("buffer"), legend=_("Buffer")),
    "travel": Look("is-travel", word=_("travel time"), legend=_("Travel time")),
    "busy": Look("is-busy", "imported", _("Busy"), _("Busy, from another calendar")),
    "blocked": Look("is-blocked", "cross", legend=_("Blocked by the practice")),
    "taken": Look("is-taken", "room", _("Room in use"), _("Room in use")),
    "skipped": Look("is-skipped", word=_("no such time"), legend=_("Skipped when clocks go forward")),
    "closed": Look("is-closed", word=_("not working"), legend=_("No board: not working")),
    "shut": Look("is-closed", word=_("closed")),
    "unused": Look("is-closed", word=_("not in use")),
    "now": Look("is-now", word=_("now"), legend=_("Now")),
}
