"""The function that checks each kind of booking's emails before it leaves; every kind has one."""

from __future__ import annotations

from booking.calendars import letters as calendars_letters
from booking.intake import letters as intake_letters
from booking.letters import digest, send_check, to_practitioner, wording
from booking.letters.before_session import preparation, reminders
from booking.offers import letters as offers_letters
from booking.owner_settings import letters as owner_settings_letters
from practice.core import reasons
from practice.mail.send_check import register


def register_judges() -> None:
    """Register how each kind is judged and worded when it leaves. Called once, when the app is ready."""
    reasons.register(wording.SENTENCES)
    for kind in send_check.KINDS:
        register(kind, send_check.judge_news, previewer=send_check.words_when_due)
    for kind in send_check.SERIES_KINDS:
        register(kind, send_check.judge_series)
    register(reminders.KIND, reminders.judge_reminder, previewer=reminders.words_when_due)
    register(preparation.KIND, preparation.judge_preparation, previewer=preparation.words_when_due)
    register(intake_letters.KIND, intake_letters.judge_intake, previewer=intake_letters.words_when_due)
    register(digest.KIND, digest.judge_digest, previewer=digest.words_when_due)
    register(
        calendars_letters.KIND, calendars_letters.judge_calendar, previewer=calendars_letters.words_when_due
    )
    register(owner_settings_letters.KIND, owner_settings_letters.judge_new_address)
    register("offer", offers_letters.judge_offer)
    register("wish_noted", offers_letters.judge_wish_noted)
    register("notice_intake", to_practitioner.judge_notice_intake)
