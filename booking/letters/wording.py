"""What emails about appointments are called until they leave, and why one waits or was called off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

#: By kind: the subject of an email's row until it leaves, which is when it gets its words.
SUBJECTS: Mapping[str, Any] = {
    "confirmation": _("A confirmation"),
    "request_received": _("Your request"),
    "declined": _("Your request was declined"),
    "taken_back": _("Your request was withdrawn"),
    "moved": _("Your appointment was moved"),
    "length_changed": _("Your appointment has another length"),
    "handed_over": _("Your appointment is now with someone else"),
    "clocks_changed": _("The hour of your appointment"),
    "cancelled": _("Your appointment was canceled"),
    "restored": _("Your appointment is back on"),
    "series": _("Your appointments are booked"),
    "series_cancelled": _("Your appointments were canceled"),
    "intake": _("A few questions before we meet"),
    "prepare": _("Before your first session"),
    "reminder": _("A reminder of your session"),
    "notice_booked": _("A new booking"),
    "notice_requested": _("A new request"),
    "notice_declined": _("A request was declined"),
    "notice_moved": _("A session was moved"),
    "notice_length_changed": _("A session has another length"),
    "notice_handed_over": _("A session was handed over"),
    "notice_cancelled": _("A session was canceled"),
    "notice_restored": _("A session is back on"),
    "notice_series": _("Several sessions were booked"),
    "notice_series_cancelled": _("Several sessions were canceled"),
}
#: By the code that the row keeps.
SENTENCES: Mapping[str, Any] = {
    # What became of the appointment.
    "appointment_gone": _("The appointment no longer exists."),
    "appointment_moved": _("The appointment was moved."),
    "appointment_canceled": _("The appointment was canceled."),
    "appointment_booked": _("The appointment has since been booked."),
    "appointment_not_booked": _("The appointment is no longer booked."),
    "appointment_exchanged": _("The appointment was exchanged for an earlier one."),
    "appointment_handed_over": _("The appointment was handed over to a colleague."),
    "session_begun": _("The session has begun."),
    "session_over": _("The session is over."),
    "zone_rules_changed": _("The time zone rules have changed."),
    # What its reader knows, or wants to know.
    "knows_this_time": _("They already know this time: the session was moved and moved back."),
    "all_out_of_date": _("Everything in this email is out of date."),
    "has_it_again": _("They have it again."),
    "colleague_has_it": _("A colleague has since taken over this session."),
    "notices_off": _("They turned off emails about bookings."),
    "reminders_off": _("They turned off reminders."),
    # Other emails.
    "newer_email": _("A newer email about this appointment replaces it."),
    "earlier_on_its_way": _("An earlier email about this appointment is being sent right now."),
    "undone": _("It was undone before this email was sent."),
    "some_restored": _("Some of these sessions were restored before this email was sent."),
    "another_covered": _("Another email sent in the same hour covers this."),
    "another_covers": _("Another email that is about to be sent covers this."),
    "reminders_changed": _("The practice has changed its reminder times."),
    "nothing_new": _("There is nothing new."),
    # Before a session.
    "not_first": _("It is no longer their first session."),
    "nothing_to_prepare": _("There is nothing to prepare."),
    "questions_answered": _("The questions are answered."),
    "questions_asked": _("The email for an earlier session already asks these questions."),
    "looked_at": _("Someone has already looked at it."),
    # The waitlist, calendars, the practice's address.
    "left_waitlist": _("They are no longer on the waitlist."),
    "offer_over": _("The offer is no longer open."),
    "calendar_works": _("The calendar works again or was removed."),
    "nothing_ahead": _("They have no upcoming session."),
}
