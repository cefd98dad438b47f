"""Emails to practitioners: one of their calendars is not read any more, so its entries are not known."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from booking.calendars.queries import not_read
from booking.links import on_our_site
from booking.models import ImportedCalendar
from practice.core import formatting
from practice.core.clock import zone_named
from practice.core.reasons import because
from practice.mail.composing.render import Rendered, render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter
from practice.queries import the_practice
from practice.shipped_texts import reading_in

KIND = "notice_calendar"


def notice_calendar(calendar: ImportedCalendar, *, now: datetime) -> Letter | None:
    """Plan the email to its practitioner, once for each time that the calendar falls silent."""
    since = calendar.checked_at or calendar.added_at
    return post(
        KIND,
        key=f"calendar:{calendar.pk}:silent-since:{since:%Y-%m-%dT%H:%M:%S}",
        to=calendar.practitioner.user,
        context={},
        words=_words(calendar, since),
        about=f"calendar:{calendar.pk}",
        now=now,
    )


def check_calendar_notice(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only while the calendar is still not read."""
    words = words_when_due(letter, now)
    if words is None:
        return Cancel(because("calendar_works"))
    return Send(Fresh(words))


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what the email says if it leaves now; None if the calendar is read again or is gone."""
    calendar = not_read(now=now).filter(pk=letter.about.partition(":")[2]).first()
    return _words(calendar, calendar.checked_at or calendar.added_at) if calendar else None


def _words(calendar: ImportedCalendar, since: datetime) -> Rendered:
    practitioner = calendar.practitioner
    language = practitioner.user.language or settings.LANGUAGE_CODE
    with reading_in(language):
        zone, locale = zone_named(practitioner.zone), the_practice().locale
        context = {
            "to": practitioner.user,
            "first_name": practitioner.first_name,
            "calendar": calendar.name,
            "was_read": calendar.checked_at is not None,
            "since": formatting.moment(since, zone, locale=locale),
            "trouble": calendar.trouble,
            "act_url": on_our_site("workspace_calendars"),
            "act_words": _("See your other calendars"),
            "why": _("You’re receiving this because this calendar affects which of your times are offered."),
        }
    return render(KIND, context, language=language)


CHECKS = {KIND: Check(check_calendar_notice, words_when_due)}
