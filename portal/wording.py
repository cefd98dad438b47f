"""Days, numbers, beginnings of texts and lines of the access log, in the words of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.core import formatting

GIST = 220  # characters that can be read standing
#: Why an email about a question was called off, by the code its row keeps.
REASONS: Mapping[str, Any] = {
    "question_gone": gettext_lazy("The question no longer exists."),
    "question_answered": gettext_lazy("It has already been answered."),
    "by_hand:canceled": gettext_lazy("%(name)s canceled it."),
    "by_hand:held_back": gettext_lazy("%(name)s held it back for a week."),
    "by_hand:sooner": gettext_lazy("%(name)s asked for it to go sooner."),
    "merge:one_plan": gettext_lazy("Two records became one, and a later session’s emails continue."),
    "merge:declined": gettext_lazy("Two records became one, and one of them had declined emails."),
}
#: What the access log says, by the code that its row keeps.
ACCESS_LOG: Mapping[str, Any] = {
    "access:record": gettext_lazy("record"),
    "access:brief": gettext_lazy("brief before a session"),
    "access:intake": gettext_lazy("intake"),
    "access:note": gettext_lazy("a session note"),
    "access:notes": gettext_lazy("the list of session notes"),
    "access:plan_of_other": gettext_lazy("the home program"),
    "access:assignment": gettext_lazy("an assignment"),
    "access:follow_ups": gettext_lazy("follow-ups"),
    "access:questions": gettext_lazy("questions"),
    "access:copy": gettext_lazy("a copy of the whole record"),
    "access:copy_on_server": gettext_lazy("a copy of the whole record, taken on the server"),
    "access:permitted": gettext_lazy("let %(name)s open the record"),
    "access:merged": gettext_lazy("merged the record with that of %(name)s: they are one person"),
    "access:parted": gettext_lazy("separated the record from that of %(name)s again"),
    "access:permission_ended": gettext_lazy("ended the permission of %(name)s"),
}


def on_day(day: dt.date, *, today: dt.date, locale: str) -> str:
    """Return "today", "yesterday", "on Sunday" within a week, or "on Sunday, February 14" before that."""
    ago = (today - day).days
    if ago == 0:
        return _("today")
    if ago == 1:
        return _("yesterday")
    if 1 < ago < 7:
        return _("on %(day)s") % {"day": formatting.weekday_name(day.weekday(), locale=locale)}
    return _("on %(day)s") % {"day": formatting.day_in_words(day, locale=locale)}


def times(number: int) -> str:
    """Return "once", "twice", or a number such as "5 times"."""
    if number == 1:
        return _("once")
    if number == 2:
        return _("twice")
    return _("%(number)s times") % {"number": number}


def shortened(words: str) -> str:
    """Return the beginning in whole words, on one line; "…" says that there is more."""
    words = " ".join(words.split())
    return words if len(words) <= GIST else words[:GIST].rsplit(" ", 1)[0].rstrip(",;:") + "…"
