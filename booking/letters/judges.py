"""Which function is asked before an email of booking leaves; every kind that booking sends has one."""

from __future__ import annotations

from booking.letters import (
    calendars,
    digest,
    intake,
    leaving,
    new_address,
    notices,
    preparing,
    reminders,
    waiting,
)
from practice.mail.judgement import register


def register_judges() -> None:
    """Have each kind judged, and worded, when it is about to go. Called once, when the app is ready."""
    for kind in leaving.KINDS:
        register(kind, leaving.judge_news, previewer=leaving.words_when_due)
    for kind in leaving.SERIES_KINDS:
        register(kind, leaving.judge_series)
    register(reminders.KIND, reminders.judge_reminder, previewer=reminders.words_when_due)
    register(preparing.KIND, preparing.judge_preparation, previewer=preparing.words_when_due)
    register(intake.KIND, intake.judge_intake, previewer=intake.words_when_due)
    register(digest.KIND, digest.judge_digest, previewer=digest.words_when_due)
    register(calendars.KIND, calendars.judge_calendar, previewer=calendars.words_when_due)
    register(new_address.KIND, new_address.judge_new_address)
    register("offer", waiting.judge_offer)
    register("wish_noted", waiting.judge_wish_noted)
    register("notice_intake", notices.judge_notice_intake)
