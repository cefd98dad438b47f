"""The lines of retention for what `booking/` keeps: appointments, payments, intakes and imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext

from practice.models import Practice
from practice.retention.periods import IMPORTED
from practice.retention.rules import (
    RetentionRule,
    Section,
    always,
    by_tax_law,
    for_days,
    with_practice,
    with_record,
)


def _after_session(practice: Practice) -> str:
    number = practice.keep_unfinished_intakes_days
    return ngettext("%(days)s day after the session", "%(days)s days after the session", number) % {
        "days": number
    }


RULES = (
    RetentionRule(
        key="appointments",
        section=Section.RECORD,
        what=gettext_lazy("Your appointments with each change, and your waitlist entries"),
        how_long=with_record,
        why=gettext_lazy("To know when you were here and what was agreed."),
        models=(
            *("booking.Appointment", "booking.AppointmentChange"),
            *("booking.WaitlistEntry", "booking.Offer"),
        ),
    ),
    RetentionRule(
        key="intakes",
        section=Section.RECORD,
        what=gettext_lazy("What you told us before the first session"),
        how_long=with_record,
        why=gettext_lazy("So that a session does you no harm."),
        models=("booking.Intake",),
    ),
    RetentionRule(
        key="payments",
        section=Section.SESSIONS,
        what=gettext_lazy("The dates, prices and payments of your sessions, without your name"),
        how_long=by_tax_law,
        why=gettext_lazy("A business must be able to show when it worked and for how much."),
        models=(
            *("booking.Appointment", "booking.AppointmentChange", "booking.LedgerEntry", "booking.Receipt"),
            *("booking.Package", "booking.PackageUse"),
        ),
    ),
    RetentionRule(
        key="holds",
        section=Section.SESSIONS,
        what=gettext_lazy("A time you held but did not book"),
        how_long=always(gettext_lazy("10 minutes; the scrambled number, 2 days")),
        why=gettext_lazy("To stop one person from holding every time at once."),
        models=("booking.Appointment",),
        chores=("forget_visitors",),
    ),
    RetentionRule(
        key="unfinished_intakes",
        section=Section.SESSIONS,
        what=gettext_lazy("Answers you started but did not submit"),
        how_long=_after_session,
        why=gettext_lazy("So that you can continue where you stopped."),
        models=("booking.Intake",),
        chores=("forget_unfinished_intakes",),
        setting="keep_unfinished_intakes_days",
    ),
    RetentionRule(
        key="api_answers",
        section=Section.SESSIONS,
        what=gettext_lazy("Our answer to a program that booked through the API"),
        how_long=always(gettext_lazy("24 hours")),
        why=gettext_lazy("So that a request sent twice books only once."),
        models=("booking.IdempotencyKey",),
        job="booking.forget_keys",
    ),
    RetentionRule(
        key="feeds",
        section=Section.SESSIONS,
        what=gettext_lazy("The secret address of a calendar you subscribed to"),
        how_long=always(gettext_lazy("until you turn it off, or as long as your record")),
        why=gettext_lazy("Your calendar reads your appointments there."),
        models=("booking.CalendarFeed",),
    ),
    RetentionRule(
        key="imports",
        section=Section.SESSIONS,
        what=gettext_lazy("A list of clients that the practice brought along from another system"),
        how_long=for_days(IMPORTED.days),
        why=gettext_lazy("To check what was brought along, and to undo it."),
        models=("booking.Import", "booking.ImportRow"),
        chores=("forget_imported_files",),
    ),
    RetentionRule(
        key="offering",
        section=Section.PRACTICE,
        what=gettext_lazy("Services, opening hours, days off and the questions of the intake"),
        how_long=with_practice,
        why=gettext_lazy("Booking is made of them. They are about no client."),
        models=(
            *("booking.SessionType", "booking.OpeningHours", "booking.Closure", "booking.BlockedTime"),
            "booking.IntakeQuestion",
        ),
        is_public=False,
    ),
    RetentionRule(
        key="other_calendars",
        section=Section.PRACTICE,
        what=gettext_lazy("Busy times of practitioners’ other calendars"),
        how_long=always(gettext_lazy("until the calendar is read again or removed")),
        why=gettext_lazy("So that no one is booked while they are busy elsewhere."),
        models=("booking.ImportedCalendar", "booking.BusyTime"),
        job="booking.read_calendars",
        is_public=False,
    ),
)
