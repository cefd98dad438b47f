"""The emails before a session, of the waitlist, and about the practice whose texts can be edited."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from booking.email_texts import samples, words
from booking.email_texts.letters.about import about_session, is_true
from practice.email_texts.registry import Context, EditableEmail

BEFORE, WAITING, OTHER = _("Before a session"), _("Waitlist"), _("Other emails")


def before() -> Iterator[EditableEmail]:
    """Yield the emails before a session."""
    for again in (True, False):
        yield about_session(
            "intake",
            "again" if again else "",
            group=BEFORE,
            name=_("The questions are still open") if again else _("Questions before a first session"),
            when=_("Two days before, if not answered.") if again else _("Soon after a first booking."),
            applies=is_true("again") if again else lambda _context: True,
            again=again,
        )
    yield about_session(
        "prepare",
        "elsewhere",
        group=BEFORE,
        name=_("How to prepare, away from the practice"),
        when=_("Two days before a first session by phone, by video or at the client’s."),
        applies=lambda told: told["appointment"].place != "practice",
        place="video",
        preparation=_("(How to prepare, as written with the service.)"),
    )
    yield about_session(
        "prepare",
        group=BEFORE,
        name=_("How to prepare"),
        when=_("Two days before a first session."),
        preparation=_("(How to prepare, as written with the service.)"),
    )
    for by_phone in (True, False):
        yield from (reminder(one, by_phone) for one in ("today", "tomorrow", ""))


REMINDERS = {
    ("today", True): _("Reminder of a call, today"),
    ("tomorrow", True): _("Reminder of a call, tomorrow"),
    ("", True): _("Reminder of a call, earlier"),
    ("today", False): _("Reminder, today"),
    ("tomorrow", False): _("Reminder, tomorrow"),
    ("", False): _("Reminder, earlier"),
}


def reminder(day: str, by_phone: bool) -> EditableEmail:
    """Return the reminder for a day: "today", "tomorrow", or "" for earlier ones."""
    soon, today = bool(day), day == "today"

    def applies(told: Context) -> bool:
        if (told["appointment"].place == "phone") != by_phone or bool(told["soon"]) != soon:
            return False
        return not soon or bool(told["today"]) == today

    return about_session(
        "reminder",
        "_".join(filter(None, ("phone" if by_phone else "", day))),
        group=BEFORE,
        name=REMINDERS[day, by_phone],
        when=_("At the hours you chose under Policies."),
        applies=applies,
        place="phone" if by_phone else "practice",
        soon=soon,
        today=today,
    )


def waiting() -> Iterator[EditableEmail]:
    """Yield the emails of the waitlist."""
    yield EditableEmail(
        kind="wish_noted",
        group=WAITING,
        name=_("Someone is on the waitlist"),
        when=_("Right after they join it."),
        words=(words.FIRST_NAME, words.PRACTICE, words.SERVICE, words.LENGTH_WORD),
        parts=words.PARTS,
        examples=words.examples,
        sample=samples.waitlist,
    )
    told = tuple(one for one in words.ABOUT_SESSION if one not in (words.PLACE, words.SESSION))
    yield EditableEmail(
        kind="offer",
        group=WAITING,
        name=_("A time has opened up"),
        when=_("To one person at a time."),
        words=(*told, words.UNTIL),
        parts=words.PARTS,
        examples=words.examples,
        sample=samples.offer,
    )


def other() -> Iterator[EditableEmail]:
    """Yield the emails about the practice and about money."""
    yield EditableEmail(
        kind="receipt",
        group=OTHER,
        name=_("A receipt"),
        when=_("When you send a receipt, which is attached."),
        words=(words.FIRST_NAME, words.PRACTICE, words.NUMBER, words.SUM),
        parts=words.PARTS,
        examples=words.examples,
        sample=samples.receipt,
    )
    yield EditableEmail(
        kind="new_address",
        group=OTHER,
        name=_("You have moved"),
        when=_("When the practice has a new address, if you choose to tell everyone who is booked."),
        words=(words.FIRST_NAME, words.PRACTICE),
        parts=words.PARTS,
        examples=words.examples,
        sample=samples.new_address,
    )
