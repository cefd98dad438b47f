"""The table of every kind of email the practice sends, with what may happen to each unattended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from practice.models import Letter

Category = Letter.Category
#: End of the key of an email with a sentence that staff wrote by hand, which may be about a body.
WORDED = ":worded"


@dataclass(frozen=True, kw_only=True)
class EmailKind:
    """The rules for all emails of one kind."""

    category: str
    #: A sender died, or the line went silent, and nobody knows whether it went. True: send it again (twice is
    #: better than never). False: it becomes *unknown* and waits for a human (never twice).
    resend_when_unsure: bool
    #: How long after its due time it still makes sense; None: until it went. `not_after` overrules.
    lives_for: timedelta | None = None
    #: Its text holds a secret: nothing of it is kept once it went, failed or was called off.
    blank_after_sending: bool = False
    #: Nobody at work is asked if it cannot go: an email says the same, or its reader asks for another one.
    needs_no_person: bool = False
    #: Goes to a mailbox of ours, to see whether emails arrive: no mark keeps it back, and its end marks no
    #: address, stops no kind and tells no owner.
    is_to_ourselves: bool = False


KINDS: dict[str, EmailKind] = {
    # Signing in. A code lives ten minutes; a late one would only confuse.
    "sign_in_code": EmailKind(
        category=Category.ACCOUNT,
        resend_when_unsure=True,
        lives_for=timedelta(minutes=10),
        blank_after_sending=True,
    ),
    "account_notice": EmailKind(
        category=Category.ACCOUNT, resend_when_unsure=True, lives_for=timedelta(days=3)
    ),
    # That a client asked to be erased: a kind of its own, for its subject says something of their record.
    "erasure_asked": EmailKind(
        category=Category.ACCOUNT, resend_when_unsure=True, lives_for=timedelta(days=3)
    ),
    # To the owner, who asked for it: its link proves that our emails arrive, so no page may show it.
    "test_email": EmailKind(
        category=Category.ACCOUNT,
        resend_when_unsure=True,
        lives_for=timedelta(days=1),
        blank_after_sending=True,
    ),
    # A text that the owner has edited, sent to themselves with invented data.
    "own_words_test": EmailKind(
        category=Category.NOTICE, resend_when_unsure=True, lives_for=timedelta(days=1)
    ),
    # Appointments, to the client. What was done must be said, however late.
    "confirmation": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "request_received": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "declined": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "taken_back": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "restored": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "moved": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "length_changed": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "handed_over": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "clocks_changed": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "cancelled": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "series": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "series_cancelled": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    # How to prepare for a first session: until it begins.
    "prepare": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    # The practice has another address: to everybody who is booked, if the owner says so.
    "new_address": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    # What was paid, with the receipt as a file: when somebody at work sends it.
    "receipt": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    # The waitlist. An offer holds for an hour; its letter carries the end as `not_after`.
    "wish_noted": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    "offer": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True, lives_for=timedelta(hours=1)),
    # "The day after tomorrow" is wrong half a day later.
    "reminder": EmailKind(
        category=Category.APPOINTMENT, resend_when_unsure=True, lives_for=timedelta(hours=12)
    ),
    # Text messages. Reminders and offers have an email behind them; a code is asked for again.
    "text_code": EmailKind(
        category=Category.ACCOUNT,
        resend_when_unsure=True,
        lives_for=timedelta(minutes=10),
        blank_after_sending=True,
        needs_no_person=True,
    ),
    "text_reminder": EmailKind(
        category=Category.APPOINTMENT,
        resend_when_unsure=True,
        lives_for=timedelta(hours=12),
        needs_no_person=True,
    ),
    "text_offer": EmailKind(
        category=Category.APPOINTMENT,
        resend_when_unsure=True,
        lives_for=timedelta(hours=1),
        needs_no_person=True,
    ),
    # What asks for the intake, until the session begins.
    "intake": EmailKind(category=Category.APPOINTMENT, resend_when_unsure=True),
    # Appointments, to those who work here.
    "notice_booked": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_requested": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_declined": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_moved": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_length_changed": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_handed_over": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_cancelled": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_restored": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_series": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_series_cancelled": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    # The same in one email a day, for practitioners who chose that.
    "digest": EmailKind(category=Category.DIGEST, resend_when_unsure=False),
    # A calendar of theirs that is not read any more.
    "notice_calendar": EmailKind(
        category=Category.NOTICE, resend_when_unsure=True, lives_for=timedelta(days=3)
    ),
    # What clients wrote: that it is there, never what it says.
    "notice_intake": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_pain": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "notice_question": EmailKind(category=Category.NOTICE, resend_when_unsure=True),
    "answered": EmailKind(category=Category.ANSWER, resend_when_unsure=True),
    # What visitors asked about a free lesson, and the answer, which they have no other place to read.
    "notice_visitor_question": EmailKind(
        category=Category.NOTICE, resend_when_unsure=True, lives_for=timedelta(days=3)
    ),
    "visitor_answer": EmailKind(category=Category.ANSWER, resend_when_unsure=True),
    # The mail server refuses what we send: to the owner.
    "mail_refused": EmailKind(category=Category.NOTICE, resend_when_unsure=True, lives_for=timedelta(days=1)),
    # To our own mailbox, to see whether emails arrive. Its text bears what it is known by when it comes back.
    "round_trip": EmailKind(
        category=Category.NOTICE,
        resend_when_unsure=True,
        blank_after_sending=True,
        needs_no_person=True,
        is_to_ourselves=True,
    ),
    # Between sessions. One too few is a pity; the same one twice is a nuisance.
    "follow_up": EmailKind(
        category=Category.ENCOURAGEMENT, resend_when_unsure=False, lives_for=timedelta(hours=12)
    ),
}


#: Emails to people who work here, in which clients are named.
AT_WORK = {Category.NOTICE, Category.DIGEST}
#: Goes to no person, so the list of emails leaves it out.
UNLISTED = {name for name, kind in KINDS.items() if kind.is_to_ourselves}
#: What nobody asked for: a complaint stops it, and nothing else.
UNASKED = {Category.ENCOURAGEMENT, Category.DIGEST}


def kind_of(letter: Letter) -> EmailKind:
    """Return the rules for this email. A kind that has left the table is never sent twice."""
    return KINDS.get(letter.kind) or EmailKind(category=letter.category, resend_when_unsure=False)
