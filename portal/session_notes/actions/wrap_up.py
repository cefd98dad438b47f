"""Wrapping up a session: a draft saved while it is written, signed once, then only amended."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from booking.appointments.actions.complete import complete, no_show
from booking.locking.changes import reload_in_same_hands
from booking.locking.locks import lock
from booking.models import Appointment
from booking.payments.actions.wrap_up import SessionPayment, settle, use_package
from portal.followups.engine.facts import Step
from portal.followups.queue import plan_letters
from portal.models import Assignment, ClientProfile, FollowUpPlan, NoteAmendment, SessionNote
from portal.models.client import PLAN_LONGEST
from portal.session_notes.actions.assign import NewAssignment, assign_all
from portal.session_notes.assignable import given_to, home_mark
from practice.consents.actions.letter_preferences import agree_to_letters
from practice.core.body_map import to_text
from practice.models import User
from practice.queries import has_declined_letters

LONGEST = 20_000  # characters of one field: some ten pages
WORDS = ("foundation", "low_back", "whole_body", "next_time")
LIMITS = dict.fromkeys(WORDS, LONGEST) | {"plan": PLAN_LONGEST, "obstacle": PLAN_LONGEST}


@dataclass(frozen=True, kw_only=True)
class WrapUp:
    """A session as it is signed. `touched`: parts of the body map with their strength, 1 to 3.

    The plan is the client's own: what they changed at home meanwhile is not overwritten (`plan_mark`).
    """

    came: bool = True
    foundation: str = ""
    low_back: str = ""
    whole_body: str = ""
    next_time: str = ""
    touched: Mapping[str, int] = field(default_factory=dict)
    home: Sequence[NewAssignment] = ()
    plan: str = ""
    obstacle: str = ""
    plan_seen: str = ""  # the mark of the client's plan that the page began from; "": of none
    home_seen: str = ""  # the same of what they had to do at home (`home_mark`)
    letters: bool = True
    follow_up_plan: FollowUpPlan | None = None
    payment: SessionPayment | None = None


class NotWritten(Exception):
    """The base of what is raised when writing is refused: nothing changed, and `str(error)` says why."""


class AssignmentsChanged(NotWritten):
    """Raised when the assignments changed on another page meanwhile. `given`: what they are now."""

    def __init__(self, given: list[Assignment]) -> None:
        super().__init__(
            _("The home program was changed on another page in the meantime. Nothing was overwritten.")
        )
        self.given = given


class Stale(NotWritten):
    """Raised when another page has saved the note since. `note` is what is saved."""

    def __init__(self, note: SessionNote) -> None:
        super().__init__(_("This note was also saved from another page. Nothing was overwritten."))
        self.note = note


class Signed(NotWritten):
    """Raised when a draft is saved for a note that is signed."""

    def __init__(self, note: SessionNote) -> None:
        super().__init__(_("This note is signed. You can only add to it."))
        self.note = note


class NotSigned(NotWritten):
    """Raised when a note that is not signed is amended."""

    def __init__(self) -> None:
        super().__init__(_("This note is not signed yet, so you can still change it."))


class AttendeeUnclear(NotWritten):
    """Raised when nobody has said yet whose session it was: words could go into the wrong record."""

    def __init__(self) -> None:
        super().__init__(_("First choose whose session it is: the person who booked it, or someone else."))


class TooLong(NotWritten):
    """Raised when a text is longer than the field of that `name` keeps."""

    def __init__(self, name: str, text: str, longest: int) -> None:
        super().__init__(too_long(text, longest))
        self.name = name


class PlanChanged(NotWritten):
    """Raised when both the client and the page changed the plan. `page`: the client's, as it is now."""

    def __init__(self, page: ClientProfile) -> None:
        super().__init__(
            _(
                "They have changed it themselves in the meantime: “%(plan)s” Enter the plan you both "
                "want, and try again."
            )
            % {"plan": " ".join(filter(None, (page.plan, page.obstacle))) or _("nothing")}
        )
        self.page = page


class Empty(NotWritten):
    """Raised when a note or an amendment has no words."""

    def __init__(self) -> None:
        super().__init__(_("It is still empty."))


def too_long(text: str, longest: int) -> str:
    """Return the sentence for a text that is longer than allowed; "" when it is not."""
    if len(text) <= longest:
        return ""
    return _("That’s %(length)s characters, and the limit is %(longest)s. Please shorten it.") % {
        "length": f"{len(text):,}",
        "longest": f"{longest:,}",
    }


def keep_draft(
    appointment: Appointment,
    words: Mapping[str, str],
    *,
    touched: Mapping[str, int],
    rest: Mapping[str, Any],
    by: User,
    version: int,
    now: dt.datetime,
) -> SessionNote:
    """Save a page as a draft. `words`: the fields in WORDS; `rest`: all else on the page, for JSON.

    `version` is the one the page began from, 0 without a note. Nothing follows from a draft, so it may be
    saved before the session too. The same again changes nothing, whichever page saved it: its answer may have
    been lost. Raises Stale, Signed, Unclear or TooLong; then what was saved before stays.
    """
    must_fit(words)
    must_know_attendee(appointment)
    note = _row_of(appointment, SessionNote.objects.all(), now=now)
    written = _content(words, touched, rest)
    won = SessionNote.objects.filter(pk=note.pk, version=version, signed_at=None).update(
        **written, saved_at=now, version=F("version") + 1
    )
    note = SessionNote.objects.get(pk=note.pk)
    if won or (_says(note, written) and not note.signed_at):
        return note
    raise Signed(note) if note.signed_at else Stale(note)


def _content(words: Mapping[str, Any], touched: Mapping[str, int], rest: Mapping[str, Any]) -> dict[str, str]:
    """Return the content of a draft, by column."""
    return _fields(words, touched) | {"draft": json.dumps(rest)}


def _says(note: SessionNote, content: Mapping[str, str]) -> bool:
    """Return whether the note has exactly this content."""
    return all(getattr(note, name) == value for name, value in content.items())


def _row_of(appointment: Appointment, found: QuerySet[SessionNote], *, now: dt.datetime) -> SessionNote:
    """Return the signed note, else the draft of the session's practitioner, created if need be.

    What a colleague drafted before they handed the session over stays a row of theirs.
    """
    signed = found.filter(appointment=appointment, signed_at__isnull=False).first()
    if signed:
        return signed
    begun = {"saved_at": now}
    return found.get_or_create(appointment=appointment, author=appointment.practitioner, defaults=begun)[0]


def must_fit(words: Mapping[str, Any]) -> None:
    """Raise TooLong when a field of a page is longer than allowed."""
    for name, longest in LIMITS.items():
        if len(words.get(name, "")) > longest:
            raise TooLong(name, words[name], longest)


def must_know_attendee(appointment: Appointment) -> None:
    """Raise Unclear when nobody has said yet whose session it was."""
    if Appointment.objects.filter(pk=appointment.pk, attendee_unclear=True).exists():
        raise AttendeeUnclear


def _fields(words: Mapping[str, Any], touched: Mapping[str, int]) -> dict[str, str]:
    return {name: words.get(name, "") for name in WORDS} | {"touched": to_text(touched)}


def sign(
    appointment: Appointment,
    wrap_up: WrapUp,
    *,
    by: User,
    now: dt.datetime,
    version: int | None = None,
    rest: Mapping[str, Any] | None = None,
) -> SessionNote:
    """Sign the note and do what follows from it; all of it, or nothing.

    The session is complete, or a no-show, from which nothing else follows but its fee. Assignments are made,
    the client's own plan and what was paid saved, and emails planned if they are wanted; a client who has
    declined them gets none. Signed already: that note, unchanged. With `version`, what another page saved is
    not signed over: Stale, unless it is the very same (`rest`, as in `keep_draft`). Raises also Unclear,
    TooLong, PlanChanged, HomeChanged, NotGiven of assigning, NotRecorded, and BookingError of completing.
    """
    must_fit(vars(wrap_up))
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        # Whose it is may have been said since the page was made; who gives it, by whom the page was written.
        appointment = reload_in_same_hands(appointment)
        note = _row_of(appointment, SessionNote.objects.select_for_update(), now=now)  # ours to the end
        if note.signed_at:
            return note
        shown = _content(vars(wrap_up), wrap_up.touched, rest or {})
        if version not in (None, note.version) and not _says(note, shown):
            raise Stale(note)
        must_know_attendee(appointment)
        if wrap_up.came and wrap_up.payment:
            use_package(appointment, wrap_up.payment, now=now)
        decide = complete if wrap_up.came else no_show
        decided = decide(appointment, by=by, now=now, correct=True)
        if wrap_up.payment:
            settle(decided, wrap_up.payment, by=by, now=now)
        fields = _fields(vars(wrap_up), wrap_up.touched)
        SessionNote.objects.filter(pk=note.pk, signed_at=None).update(
            **fields, draft="", version=F("version") + 1, saved_at=now, signed_at=now, signed_by=by
        )
        if wrap_up.came and appointment.client:
            _take_home(appointment, appointment.client, wrap_up, now=now)
        return SessionNote.objects.get(pk=note.pk)


def _take_home(appointment: Appointment, client: User, wrap_up: WrapUp, *, now: dt.datetime) -> None:
    client = User.objects.select_for_update(no_key=True).get(pk=client.pk)  # as `change_home` does
    given = given_to(client)
    if wrap_up.home_seen and home_mark(given) != wrap_up.home_seen:
        raise AssignmentsChanged(given)
    assign_all(client, wrap_up.home, by=appointment.practitioner, now=now)
    write_plan(client, plan=wrap_up.plan, obstacle=wrap_up.obstacle, seen=wrap_up.plan_seen)
    steps: Sequence[Step] | None = ()  # none of their own, and those of earlier sessions make way
    if wrap_up.letters and not has_declined_letters(client):
        agree_to_letters(client, now=now)
        steps = None
    plan_letters(appointment, plan=wrap_up.follow_up_plan, steps=steps, now=now)


def plan_mark(plan: str, obstacle: str) -> str:
    """Return a mark that tells two plans apart without showing either."""
    return salted_hmac("wrap-up.plan", json.dumps([plan, obstacle]), algorithm="sha256").hexdigest()[:32]


def write_plan(client: User, *, plan: str, obstacle: str, seen: str) -> None:
    """Save the page's plan, unless only the client changed theirs. Raises PlanChanged if both did.

    `seen`: the mark of the plan that the page began from (`plan_mark`); "": of none. In a transaction.
    """
    client = User.objects.select_for_update(no_key=True).get(pk=client.pk)  # as `save_preferences` does
    page, written = ClientProfile.objects.of(client), plan_mark(plan, obstacle)
    if seen and plan_mark(page.plan, page.obstacle) not in (seen, written):
        if written != seen:
            raise PlanChanged(page)
        return
    ClientProfile.objects.keep(client, plan=plan, obstacle=obstacle)


def amend(note: SessionNote, text: str, *, by: User, now: dt.datetime) -> NoteAmendment:
    """Add to a signed note; what is signed stays. The same words sent twice are added once.

    Raises NotSigned, Empty or TooLong.
    """
    text = text.strip()
    if not text:
        raise Empty
    if len(text) > LONGEST:
        raise TooLong("text", text, LONGEST)
    with transaction.atomic():
        if not SessionNote.objects.select_for_update().filter(pk=note.pk, signed_at__isnull=False).exists():
            raise NotSigned
        last = NoteAmendment.objects.filter(note=note).last()
        if last and last.by_id == by.pk and last.text == text:
            return last
        return NoteAmendment.objects.create(note=note, by=by, at=now, text=text)
