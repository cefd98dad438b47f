"""Twelve months as a spreadsheet, a line for each: plain numbers, and no formula in any cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from booking.payments.spreadsheet import MARK, defused
from booking.payments.wording import way_in_words
from portal.practice_log.history import minutes_of
from portal.reports.engine.figures import Counts, MonthFigures, ways_in
from portal.reports.wording import WAYS


def spreadsheet_of(figures: Sequence[MonthFigures]) -> str:
    """Return the file: a line for each month, a column for each currency and way of paying that occurs."""
    file, ways = io.StringIO(), ways_in(figures, order=WAYS)
    lines = csv.writer(file, lineterminator="\r\n")
    received = [
        _("Received, %(way)s, %(currency)s") % {"way": way_in_words(how), "currency": currency}
        for currency, how in ways
    ]
    lines.writerow(defused(one) for one in (*_head(), *received))
    for month in figures:
        sums = [f"{Decimal(month.sum_of(currency, how)) / 100:.2f}" for currency, how in ways]
        lines.writerow([f"{month.first:%Y-%m}", *_cells(month.counts), *sums])
    return MARK + file.getvalue()


def _head() -> tuple[str, ...]:
    return (
        *(_("Month"), _("Booked sessions"), _("Booked minutes")),
        *(
            _("Sessions that took place"),
            _("Minutes that took place"),
            _("No-shows"),
            _("Late cancellations"),
        ),
        *(_("Filled from the waitlist"), _("New clients"), _("Returning clients")),
        *(_("Clients who came again"), _("Of these, practiced in between")),
        *(_("Times at home"), _("Minutes listened")),
        *(_("Follow-up emails sent"), _("Held back"), _("Followed by practice")),
    )


def _cells(counts: Counts) -> tuple[int, ...]:
    return (
        *(counts.booked, counts.booked_minutes, counts.kept, counts.kept_minutes, counts.missed, counts.late),
        *(counts.filled, counts.new_clients, counts.returning_clients, counts.back, counts.practiced),
        *(counts.practice_times, minutes_of(counts.practice_ms)),
        *(counts.emails_sent, counts.emails_held, counts.emails_followed),
    )
