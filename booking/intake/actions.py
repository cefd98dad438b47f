"""The intake: asked for with a first booking, saved while it is written, handed in once, renewed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from booking.attendees.actions.confirm import confirm
from booking.intake import letters, queries
from booking.intake.answers import LONGEST, Answers, Part, read, texts_of, write
from booking.letters import to_practitioner
from booking.letters.asked_once import known_before
from booking.models import Appointment, Intake
from booking.queries import KnownBefore
from practice.consents.actions.consent import ConsentSubmission, sign
from practice.mail.post import posted_unless_undone
from practice.models import User


class NotSaved(Exception):
    """Raised when nothing was changed; `str(error)` says why to the person who writes."""


class Stale(NotSaved):
    """Raised when another page has saved the same step since. `intake` is as it stands."""

    def __init__(self, intake: Intake) -> None:
        super().__init__(_("This step was saved in another window. Nothing was overwritten."))
        self.intake = intake


class AlreadySubmitted(NotSaved):
    """Raised when the intake is handed in already."""

    def __init__(self, intake: Intake) -> None:
        super().__init__(_("This has already been submitted, so it can’t be changed."))
        self.intake = intake


class TooLong(NotSaved):
    """Raised when a field has more words than we keep."""

    def __init__(self) -> None:
        super().__init__(
            _("Each field holds up to %(longest)s characters. Please shorten this one; nothing is lost yet.")
            % {"longest": f"{LONGEST:,}"}
        )


class WarningSignsUnanswered(NotSaved):
    """Raised when a warning sign is not answered at handing in."""

    def __init__(self) -> None:
        super().__init__(_("Please answer yes or no for each of the warning signs first."))


def ask_for_intake(appointment: Appointment, *, now: dt.datetime) -> None:
    """Open an intake with a first booking and plan the emails that ask for it; after a move, plan them again.

    Nobody who has handed one in is asked again, and nobody for a request that is not answered yet. In the
    transaction of the booking. A client who is not asked costs the same work, and it is undone; but one who
    confirmed the session learns nothing by the time it takes. Nobody is asked while nobody has said whose
    session it is.
    """
    client = appointment.client
    if client is None or appointment.attendee_unclear or appointment.state != Appointment.State.BOOKED:
        return
    known = known_before(appointment)
    asked_before = known.open_intake is not None and known.open_intake[1] == appointment.pk
    wanted = not known.handed_in and (asked_before or known.is_first)
    if appointment.confirmed_at is None:
        with posted_unless_undone(wanted):
            letters.plan_intake(_opened(appointment, client, known, now=now), now=now)
    elif wanted:
        letters.plan_intake(_opened(appointment, client, known, now=now), now=now)


def _opened(appointment: Appointment, client: User, known: KnownBefore, *, now: dt.datetime) -> Intake:
    """Return the client's open intake, asked with this appointment now; a new one if there is none."""
    if known.open_intake:
        uid, _asked_with = known.open_intake
        Intake.objects.filter(uid=uid, handed_in_at=None).update(appointment=appointment)
        return Intake(uid=uid, client=client, appointment=appointment)
    intake = Intake(client=client, appointment=appointment, created_at=now)
    # Of two first bookings at once, the second leaves the intake to the first: its own emails are called off
    # when they are to leave (`letters.check_intake_email`).
    Intake.objects.bulk_create([intake], ignore_conflicts=True)
    return intake


@transaction.atomic
def begin(intake: Intake, *, browser: str, now: dt.datetime) -> bool:
    """Let this browser write by the email's link. False if another one, or the client, has written.

    Until a word is written the last browser that began is the one: other holders of the link get nothing.
    """
    row = _locked(intake)
    answers = read(row.answers)
    if answers.parts:
        return answers.browser == browser
    _session_confirmed(row, now=now)
    _write(row, Answers(browser=browser), now=now)
    return True


@transaction.atomic
def save_step(
    intake: Intake, step: str, part: Part, *, version: int, by: User | None = None, now: dt.datetime
) -> Intake:
    """Save one step as its page stands. `version` is the intake's when the page was made.

    The same again changes nothing. A warning sign newly answered with yes is flagged at once, before anything
    is handed in; taken back before that, it is flagged no more. `by`: the client, signed in; from then on the
    browser that began by the link opens nothing. Raises Stale, HandedIn or TooLong; then the earlier text
    stays.
    """
    if any(len(words) > LONGEST for words in texts_of(part)):
        raise TooLong
    row = _locked(intake)
    answers = read(row.answers)
    if answers.says(step) and answers.part(step) == part:
        return row
    if row.handed_in_at:
        raise AlreadySubmitted(row)
    if answers.says(step) and not answers.kept_at.get(step, 0) <= version <= row.version:
        raise Stale(row)
    after = answers.with_part(step, part, version=row.version + 1)
    if by is not None:
        after = Answers(after.parts, after.kept_at)
        _session_confirmed(row, now=now)
    return _write(row, after, now=now, before=answers)


@transaction.atomic
def hand_in(intake: Intake, *, agreed: ConsentSubmission, now: dt.datetime) -> Intake:
    """Sign what is not signed yet, and close the intake: both or neither. A second call changes nothing.

    If a warning sign in it was not looked at yet, the practitioner gets an email, which does not say which
    sign. Raises SignsOpen, or NotSigned of signing.
    """
    row = _locked(intake)
    if row.handed_in_at:
        return row
    if read(row.answers).unanswered_signs:
        raise WarningSignsUnanswered
    sign(row.client, agreed, now=now)
    _session_confirmed(row, now=now)
    Intake.objects.filter(pk=row.pk).update(handed_in_at=now, version=F("version") + 1)
    if row.needs_human and row.cleared_at is None:
        to_practitioner.notice_intake(row, now=now)
    return Intake.objects.get(pk=row.pk)


@transaction.atomic
def renew(client: User, *, now: dt.datetime) -> Intake:
    """Open a new intake that begins with the last answers; an open one is returned as it is."""
    User.objects.select_for_update(no_key=True).get(pk=client.pk)  # two presses at once wait for each other
    if standing := queries.open_of(client):
        return standing
    last = queries.last_of(client)
    return Intake.objects.create(
        client=client,
        appointment=queries.next_session(client, now=now),
        answers=write(read(last.answers).anew()) if last else "",
        created_at=now,
    )


def clear(intake: Intake, *, by: User, now: dt.datetime) -> None:
    """Record that a practitioner has looked at the warning sign. Only the first time counts."""
    Intake.objects.filter(pk=intake.pk, cleared_at=None).exclude(needs_human="").update(
        cleared_at=now, cleared_by=by
    )


def _session_confirmed(row: Intake, *, now: dt.datetime) -> None:
    """Confirm the intake's session: the link is only in an email about it, so the writer is its client.

    Not a session that somebody else booked later, to which a waiting intake was moved: its link is older.
    """
    session = row.appointment
    if session is None:
        return
    if session.is_claim and session.confirmed_at is None and session.booked_at != row.created_at:
        return
    confirm(session, now=now)


def _locked(intake: Intake) -> Intake:
    """Return the row, locked until the end of the transaction."""
    return Intake.objects.select_for_update().get(pk=intake.pk)


def _write(row: Intake, answers: Answers, *, now: dt.datetime, before: Answers | None = None) -> Intake:
    row.answers, row.version, row.saved_at = write(answers), row.version + 1, now
    fields = ["answers", "version", "saved_at"]
    if before and answers.signs != before.signs:
        fields += _flag(row, answers, before)
    row.save(update_fields=fields)
    return row


def _flag(row: Intake, answers: Answers, before: Answers) -> list[str]:
    """Set or clear the flag for warning signs; a new sign opens it again. Return the changed fields."""
    if answers.signs - before.signs:
        row.needs_human, row.cleared_at, row.cleared_by = Intake.NeedsHuman.WARNING_SIGN, None, None
    elif not answers.signs:
        row.needs_human = ""
    return ["needs_human", "cleared_at", "cleared_by"]
