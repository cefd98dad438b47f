"""The practitioner's day: who comes, what each did since last time, and what needs a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking import queries as booked
from booking.access import practitioners_for, zone_at_work
from booking.appointments.views.request_params import day_in
from booking.appointments.workspace_views.appointment import DayEntry, entries
from booking.availability.closed_days import closed_practitioners
from booking.intake.status import IntakeStatus, intake_status
from booking.models import Appointment, Closure, ImportedCalendar, Intake
from booking.owner_settings.actions.new_address import booked_ahead
from booking.schedule.day_line import DayLine
from booking.zone_changes.queries import zone_mismatches
from booking.zone_changes.workspace_views import waiting_letters
from portal.first_steps.steps import first_steps
from portal.models import (
    FollowUp,
    PracticeEntry,
    Question,
    RecordingUpload,
    SessionNote,
    VisitorQuestion,
)
from portal.records.access import records_of, sees_records
from portal.workspace import attention, brief_wording
from portal.workspace.brief import Brief, briefs, email_states, notes_of
from portal.workspace.intake_summary import intake_lines_since
from practice.access.actions.open_record import log_openings
from practice.access.pages import require_staff, staff_only
from practice.backup.heartbeats import BackupState
from practice.core import clock, formatting
from practice.health.findings import Finding, look_at_all, not_well
from practice.mail.queries import needing_decision
from practice.mail.wall_times import count_shifted
from practice.mail.workspace_views import letters_seen_by
from practice.models import Heartbeat, Letter, Practice, Practitioner, User
from practice.queries import the_practice, zone_of

MOST_LETTERS = 20


@dataclass(frozen=True)
class DeskReader:
    """The reader of a page, with the present moment and how times are written."""

    user: User
    now: dt.datetime
    zone: ZoneInfo
    practice: Practice

    @property
    def locale(self) -> str:
        """Return the locale in which times and days are written."""
        return self.practice.locale

    def today_of(self, client: User) -> tuple[ZoneInfo, dt.date]:
        """Return the client's zone and the day it is there: practice belongs to days of their calendar."""
        zone = zone_of(client.zone, practice=self.practice)
        return zone, self.now.astimezone(zone).date()


@dataclass(frozen=True)
class PainRise:
    """A rise of pain at which nobody has looked yet, in words."""

    entry: PracticeEntry
    words: str


@dataclass
class DayRow:
    """One line of the day. The fields after `entry` are of the record: the front desk gets none of them.

    `wrap_up`: "ahead", "now", "waits", "draft", "signed" or "no_show".
    """

    entry: DayEntry
    wrap_up: str = ""
    wrapped_at: dt.datetime | None = None
    since: str = ""
    lines: list[brief_wording.Line] = field(default_factory=list)
    rose: list[PainRise] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    letters: str = ""
    note: SessionNote | None = None
    gist: str = ""
    has_brief: bool = False
    is_open: bool = False
    beforehand: IntakeStatus | None = None
    told: list[brief_wording.Line] = field(default_factory=list)
    has_come: bool = True

    @property
    def client_id(self) -> int | None:
        """Return the client of the line; None without a record, or while it is unclear who attended."""
        one = self.entry.appointment
        return None if one.attendee_unclear else one.client_id


@dataclass
class AttentionLists:
    """The lists of what needs a person. Requests, emails and closed days are for all; the rest of records.

    `new_address`: of how many booked people the owner may say whether to tell them; empty: no question.
    """

    letters: list[Letter]
    flagged: list[Appointment]
    asked: list[Appointment] = field(default_factory=list)
    wrap_up: list[Appointment] = field(default_factory=list)
    rose: list[PainRise] = field(default_factory=list)
    quiet: list[FollowUp] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    visitors: list[VisitorQuestion] = field(default_factory=list)
    signs: list[Intake] = field(default_factory=list)
    calendars: list[ImportedCalendar] = field(default_factory=list)
    #: Nothing, or how many booked times and emails no longer match the clocks: one page is for them all.
    clocks: list[int] = field(default_factory=list)
    new_address: list[int] = field(default_factory=list)
    recordings: list[RecordingUpload] = field(default_factory=list)
    mailboxes: list[Heartbeat] = field(default_factory=list)
    backups: list[BackupState] = field(default_factory=list)
    lost: list[Finding] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(part) for part in vars(self).values())


@staff_only
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show who comes today, what each did since last time, and what a person must decide."""
    user = require_staff(request)
    people = practitioners_for(user)
    desk = DeskReader(user, timezone.now(), _zone_for(user, people), the_practice())
    now, zone = desk.now, desk.zone
    may = attention.may_need()
    this_day = now.astimezone(zone).date()
    day = day_in(request.GET.get("day", "")) or this_day
    begins, ends = clock.day_bounds(day, zone)
    whose = [one for one in people if one.slug == request.GET.get("with")] or people
    closures = list(booked.closures_of(people, first=min(day, now.date()), last=dt.date.max))
    found = booked.listed_day_of(whose, first=begins, until=ends)
    places = [DayRow(entry) for entry in entries(found, zone, now)]
    backup = attention.backups(user)
    asks = asks_of_staff(desk, people, may, closures=closures, backup=backup)
    status = _site_status(user, now) if day == this_day else None
    asks.lost = attention.lost_emails(status or ())
    if sees_records(user):
        add_briefs(places, desk, may)
        add_needs(asks, desk, people, places, may)
        log_openings(user, _shown_of(places, asks), "access:brief", now=now)
    return render(
        request,
        "workspace/today.html",
        {
            "day": formatting.day_in_words(day, locale=desk.locale),
            "date": day.isoformat(),
            "is_today": day == this_day,
            "line": DayLine(
                *("workspace", day, this_day, desk.locale, people),
                one=whose[0] if len(whose) < len(people) else None,
            ),
            "clock": formatting.clock_time(now, zone, locale=desk.locale),
            "places": places,
            "shut": (shut := closed_practitioners(day, whose, closures=closures)),
            "all_shut": bool(whose) and len(shut) == len(whose),
            "first_due": next((one for one in places if one.wrap_up in ("waits", "draft")), None),
            "several": len(whose) > 1,
            **_kept(booked.held_in(whose, first=begins, until=ends, now=now) if may.holds else (), desk),
            "needs": asks,
            "backup": backup,
            "status": status,
            "first_steps": first_steps(user, desk.practice) if day == this_day else None,
            "sees_records": sees_records(user),
            "zone": zone,
        },
    )


def asks_of_staff(
    desk: DeskReader,
    people: list[Practitioner],
    may: attention.MayNeed,
    *,
    closures: Sequence[Closure],
    backup: BackupState | None,
) -> AttentionLists:
    """Return what needs a person and is of no record: the front desk sees it too."""
    user, now = desk.user, desk.now
    asks = AttentionLists(
        list(_letters(user)) if may.letters else [],
        booked.in_closures(people, now=now, closures=[row for row in closures if row.last_day >= now.date()]),
        list(booked.requests_to(people)) if may.requests else [],
    )
    asks.calendars = attention.unread_calendars(user, people, now=now) if may.calendars else []
    asks.recordings = attention.recordings_in_trouble(user) if may.recordings else []
    asks.mailboxes = attention.unread_mailboxes(user, now=now)
    asks.backups = [backup] if backup and backup.needs_a_person(now) else []
    if desk.practice.off_the_clock:
        asks.clocks = zone_mismatch_count(user, people, now)
    if user.is_superuser and desk.practice.moved_at:
        asks.new_address = [count for count in (len(booked_ahead(now=now)),) if count]
    return asks


def _zone_for(user: User, people: Sequence[Practitioner]) -> ZoneInfo:
    """Return the zone of the reader's own days, known from `people`; else the practice's."""
    own = next((one for one in people if one.user_id == user.pk), None)
    return clock.zone_named(own.zone) if own else zone_at_work(user)


def _site_status(user: User, now: dt.datetime) -> list[Finding] | None:
    """Return what about the site needs somebody, for the owner; None for everybody else."""
    return not_well(look_at_all(now, only_quick=True)) if user.is_superuser else None


def _kept(held: Iterable[Appointment], desk: DeskReader) -> dict[str, list[Any]]:
    """Return times that visitors hold just now, and those offered to somebody waiting, with their names."""
    times = [(one, formatting.clock_time(one.starts_at, desk.zone, locale=desk.locale)) for one in held]
    return {
        "held": [time for one, time in times if not hasattr(one, "offer")],
        "offered": [(time, one.attendee_name) for one, time in times if hasattr(one, "offer")],
    }


def _letters(user: User) -> Collection[Letter]:
    """Return emails that failed or may have been sent, of the people the reader may know of."""
    theirs = letters_seen_by(user).defer("text", "html", "attachments").distinct()
    return needing_decision(theirs)[:MOST_LETTERS]


def zone_mismatch_count(user: User, people: list[Practitioner], now: dt.datetime) -> list[int]:
    """Return how many of their times and emails no longer match after a change of a zone's rules.

    A list of one number, or empty for none.
    """
    count = len(zone_mismatches(people, now=now)) + count_shifted(waiting_letters(user), now=now)
    return [count] if count else []


def add_briefs(places: list[DayRow], desk: DeskReader, may: attention.MayNeed) -> None:
    """Add what each of the day's clients did since last time; for those already seen, only emails."""
    notes = notes_of([one.entry.appointment for one in places])
    for place in places:
        place.wrap_up, place.wrapped_at = wrap_up(place.entry.appointment, notes, desk.now)
    theirs = {place.client_id for place in places if place.client_id is not None}
    letters = email_states(records_of(desk.user).filter(pk__in=theirs))
    known = letters.keys()
    ahead = {pk for place in places if (pk := place.client_id) in known and place.wrap_up in ("ahead", "now")}
    read = briefs(ahead, practice=desk.practice, now=desk.now)
    rises = list(attention.rises(known)) if may.rose else []
    before = intake_status(ahead)
    told = intake_lines_since({pk: _last_end(read[pk]) for pk in ahead if before[pk].handed_in})
    for place in places:
        if place.client_id not in known:
            continue
        place.is_open = True
        place.rose = [pain_rise(one, desk) for one in rises if one.client_id == place.client_id]
        if place.wrap_up != "no_show":
            place.letters = brief_wording.emails_line(
                letters[place.client_id],
                desk.zone,
                now=desk.now,
                locale=desk.locale,
                pain_rose=bool(place.rose),
            )
        if place.client_id in ahead and place.wrap_up in ("ahead", "now"):
            place.beforehand = before[place.client_id]
            place.told = told.get(place.client_id, [])
            _fill(place, read[place.client_id], desk)
            if not place.has_come and letters[place.client_id].none_yet:
                place.letters = ""  # no email is planned before a first session: nothing to say


def wrap_up(
    appointment: Appointment, notes: dict[int, SessionNote], now: dt.datetime
) -> tuple[str, dt.datetime | None]:
    """Return the state of a session's wrap-up, and since when."""
    if appointment.state == Appointment.State.NO_SHOW:
        return "no_show", None
    note = notes.get(appointment.pk)
    if note and note.signed_at:
        return "signed", note.signed_at
    if appointment.ends_at > now:
        return ("now" if appointment.starts_at <= now else "ahead"), None
    return ("draft", note.saved_at) if note else ("waits", None)


def _last_end(brief: Brief) -> dt.datetime | None:
    return brief.last.ends_at if brief.last else None


def _fill(place: DayRow, brief: Brief, desk: DeskReader) -> None:
    _, local = desk.today_of(brief.client)
    last = brief.last
    other = last is not None and last.practitioner_id != place.entry.appointment.practitioner_id
    place.has_brief, place.has_come = True, last is not None
    place.since = brief_wording.since_when(
        last.ends_at if last else None,
        desk.zone,
        with_whom=last.practitioner.first_name if last and other else "",
        locale=desk.locale,
    )
    place.lines = brief_wording.lines(brief.since, today=local, locale=desk.locale)
    place.questions = brief.questions
    place.note = brief.note
    place.gist = brief_wording.note_beginning(brief.note) if brief.note else ""


def pain_rise(entry: PracticeEntry, desk: DeskReader) -> PainRise:
    """Return a rise in words, by the client's own calendar."""
    zone, local = desk.today_of(entry.client)
    return PainRise(entry, brief_wording.rise(entry, zone, today=local, locale=desk.locale))


def add_needs(
    asks: AttentionLists,
    desk: DeskReader,
    people: list[Practitioner],
    places: list[DayRow],
    may: attention.MayNeed,
) -> None:
    """Add what needs a person beyond the day's list, which has its clients' questions already."""
    there = {place.client_id for place in places if place.has_brief and place.client_id}
    on_the_page = [place.entry.appointment for place in places]
    asks.wrap_up = attention.not_wrapped_up(people, now=desk.now, but=on_the_page)
    if may.rose:
        asks.rose = [pain_rise(one, desk) for one in attention.pain_rose(desk.user)]
    if may.signs:
        asks.signs = attention.warning_signs(desk.user)
    if may.quiet:
        asks.quiet = attention.gone_quiet(desk.user)
    if may.questions:
        asks.questions = attention.unanswered(desk.user, but=there)
    if may.visitors:
        asks.visitors = attention.visitors_waiting(desk.user)


def _shown_of(places: list[DayRow], asks: AttentionLists) -> set[int]:
    """Return the clients of whose record something is on the page."""
    found = {place.client_id for place in places if place.has_brief or place.rose}
    found |= {one.entry.client_id for one in asks.rose}
    found |= {one.client_id for one in asks.questions}
    return {pk for pk in found if pk is not None}
