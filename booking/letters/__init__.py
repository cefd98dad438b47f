"""Every letter that booking sends: one function each, and three templates in `templates/emails/`.

Called within the transaction of their cause: the letter goes if the change holds, and never else. Nothing
about anybody's health, and no session type in a subject.
"""

from booking.letters.ahead import call_off_ahead, plan_ahead
from booking.letters.clocks import hour_kept, other_hour_there
from booking.letters.digest import judge_digest
from booking.letters.intake import judge_intake, plan_intake
from booking.letters.notices import (
    notice_booked,
    notice_cancelled,
    notice_declined,
    notice_handed_over,
    notice_intake,
    notice_moved,
    notice_requested,
)
from booking.letters.preparing import judge_preparation
from booking.letters.reminders import judge_reminder, plan_reminders
from booking.letters.series import (
    notice_series,
    notice_series_cancelled,
    series_booked,
    series_cancelled,
)
from booking.letters.standing_again import moved_back, notice_moved_back, notice_restored, restored
from booking.letters.to_clients import (
    cancelled,
    confirmation,
    declined,
    handed_over,
    moved,
    request_received,
    taken_back,
)
from booking.letters.waiting import judge_offer, offered, wish_noted

__all__ = [
    "call_off_ahead",
    "cancelled",
    "confirmation",
    "declined",
    "handed_over",
    "hour_kept",
    "judge_digest",
    "judge_intake",
    "judge_offer",
    "judge_preparation",
    "judge_reminder",
    "moved",
    "moved_back",
    "notice_booked",
    "notice_cancelled",
    "notice_declined",
    "notice_handed_over",
    "notice_intake",
    "notice_moved",
    "notice_moved_back",
    "notice_requested",
    "notice_restored",
    "notice_series",
    "notice_series_cancelled",
    "offered",
    "other_hour_there",
    "plan_ahead",
    "plan_intake",
    "plan_reminders",
    "request_received",
    "restored",
    "series_booked",
    "series_cancelled",
    "taken_back",
    "wish_noted",
]
