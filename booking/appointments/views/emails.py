"""The list of emails on an appointment's page.

The client, signed in, sees what was sent to them and what became of it. The holder of a link sees only what
every booking sends, derived from the appointment alone: an email that only a first session has, one that came
back or one that was not wanted would say who is a client here.
"""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils.translation import gettext as _

from booking.letters.before_session.combined import hours_before, said_by_another
from booking.letters.before_session.reminders import due_ones, reminders
from booking.letters.before_session.text_reminders import behind_texts
from booking.letters.wording import SUBJECTS
from booking.models import Appointment, AppointmentChange
from booking.time_zones.clocks import Clocks
from practice.core import formatting
from practice.mail import queries as letters
from practice.models import Letter

Row = dict[str, str]
What = AppointmentChange.What
#: Change → the kind of email that says so.
SAYS = {
    What.REQUESTED: "request_received",
    What.BOOKED: "confirmation",
    What.APPROVED: "confirmation",
    What.DECLINED: "declined",
    What.MOVED: "moved",
    What.HANDED_OVER: "handed_over",
    What.CANCELLED: "cancelled",
    What.RESTORED: "restored",
}


def emails_about(
    request: HttpRequest, appointment: Appointment, clocks: Clocks, now: dt.datetime
) -> list[Row]:
    """Return one row for each email: subject, and when."""
    if request.user.pk is not None and request.user.pk in appointment.managers:
        return emails_to(appointment, clocks, now)
    return made_by_every_booking(appointment, clocks)


def made_by_every_booking(appointment: Appointment, clocks: Clocks) -> list[Row]:
    """Return rows from the changes and the reminder hours. Nothing about the client is read."""
    changes = [one for one in appointment.changes.order_by("at", "id") if one.what in SAYS]
    rows = [(SUBJECTS[SAYS[What.MOVED if one.was_starts_at else What(one.what)]], one.at) for one in changes]
    if appointment.state == Appointment.State.BOOKED and changes:
        ahead = due_ones(appointment, reminders(), now=changes[-1].at)
        rows += [(a_reminder(one.hours, clocks.locale), due) for one, due in ahead]
    return [{"subject": str(subject), "when": planned_for(moment, clocks)} for subject, moment in rows]


def planned_for(moment: dt.datetime, clocks: Clocks) -> str:
    """Return "Planned for ...", which stays true whatever becomes of the email."""
    return _("Scheduled for %(when)s") % {"when": clocks.moment(moment)}


def emails_to(appointment: Appointment, clocks: Clocks, now: dt.datetime) -> list[Row]:
    """Return what was and will be sent to the client: when, and about what. Never the content.

    Of emails that come in the same hour only the one that says everything.
    """
    category = Letter.Category.APPOINTMENT
    found = list(
        letters.sent_and_planned(*appointment.subjects, reader=appointment.contact, category=category)
    )
    carried = said_by_another(found) | behind_texts(found)
    return [
        {"subject": about(one, clocks.locale), "when": when_it_goes(one, clocks, now)}
        for one in found
        if one.pk not in carried
    ]


def about(letter: Letter, locale: str) -> str:
    """Return the email's subject; for a reminder how long before it goes, since the page shows its time."""
    if letter.kind != "reminder":
        return letter.subject
    hours = hours_before(letter)
    return _("A reminder") if hours is None else a_reminder(hours, locale)


def a_reminder(hours: int, locale: str) -> str:
    """Return words like "A reminder, 2 days before"."""
    return _("A reminder, %(lead)s before") % {
        "lead": formatting.lead_time(dt.timedelta(hours=hours), locale=locale)
    }


def when_it_goes(letter: Letter, clocks: Clocks, now: dt.datetime) -> str:
    """Return words like "Went on Monday, March 1 at 8:00 AM"."""
    moment = clocks.moment(letter.sent_at or letter.due_at)
    if letter.state in (Letter.State.PLANNED, Letter.State.CLAIMED):
        return _("Will be sent %(when)s") % {"when": moment} if letter.due_at > now else _("On its way")
    if letter.state == Letter.State.SENT:
        return _("Sent %(when)s") % {"when": moment}
    if letter.state == Letter.State.FAILED:
        return _("Could not be delivered")
    return _("May not have reached you")
