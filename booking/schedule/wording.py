"""The boards in words: what each piece of a lane says, the days' headings, and whose clocks differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.models import Appointment
from booking.schedule.engine.layout import Piece
from booking.schedule.engine.wall_day import ClockChange, WallDay
from booking.schedule.kinds import LOOKS
from practice.core import formatting
from practice.core.clock import instant_at, zone_named
from practice.core.locales.zone_words import zone_in_words
from practice.models import Practitioner


@dataclass(frozen=True)
class Lookup:
    """What the words of one lane need: the boards' zone and locale, the day, whose it is.

    `own_zone`: where the practitioner's clocks are; links to book are in their time. `movable`: whether the
    reader may move sessions here. `closed`: whether a closure, not the weekly hours, shuts the day.
    `names`: on a room's board, who gives a session, by the practitioner's id. `conflicts`: ids of sessions
    on a closed day.
    """

    zone: ZoneInfo
    locale: str
    day: WallDay
    now: int
    name: str = ""
    slug: str = ""
    own_zone: ZoneInfo | None = None
    movable: bool = False
    closed: bool = False
    names: Mapping[int, str] = field(default_factory=dict)
    conflicts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Slot:
    """One piece of a lane as the page shows it."""

    kind: str
    css: str
    time: str
    sign: str = ""
    word: str = ""
    title: str = ""
    short: str = ""
    detail: str = ""
    more: str = ""
    url: str = ""
    uid: str = ""
    start: str = ""
    minutes: int = 0
    slug: str = ""
    is_movable: bool = False
    minute: int = 0


def slot_of(piece: Piece, lane: Lookup) -> Slot:
    """Return one piece of a lane in words."""
    row = piece.item.row if piece.item else None
    if isinstance(row, Appointment) and not row.is_hold:
        return _session(piece, row, lane)
    if piece.kind == "open":
        return _open(piece, lane)
    look = LOOKS[piece.kind]
    word = shut_word(lane) if piece.kind == "closed" else str(look.word)
    detail = ""
    if isinstance(row, Appointment) and row.hold_expires_at:
        until = formatting.clock_time(row.hold_expires_at, lane.zone, locale=lane.locale)
        detail = _("until %(time)s") % {"time": until}
    if piece.kind in ("buffer", "travel"):
        detail = formatting.short_minutes((piece.end - piece.start) // 60, locale=lane.locale)
    title, url = (piece.item.title, piece.item.url) if piece.item else ("", "")
    css, when = css_of(piece, look.shape, lane), times(piece, lane)
    return Slot(
        *(piece.kind, css, when, look.sign, word), title=title, detail=detail, url=url, minute=piece.at
    )


def shut_word(lane: Lookup) -> str:
    """Return why nothing can be booked: the day was closed, no hours then, or nobody is in the room."""
    kind = "shut" if lane.closed else "closed" if lane.slug else "unused"
    return str(LOOKS[kind].word)


def _session(piece: Piece, row: Appointment, lane: Lookup) -> Slot:
    """Return a session or a request: who, how long, and what became of it."""
    look = LOOKS["conflict" if row.pk in lane.conflicts else piece.kind]
    length = formatting.short_minutes(row.minutes, locale=lane.locale)
    name = row.attendee_name or row.session_type.name
    movable = lane.movable and row.is_expected and piece.start > lane.now and not piece.from_before
    return Slot(
        piece.kind,
        css_of(piece, look.shape, lane),
        times(piece, lane),
        look.sign,
        str(look.word),
        title=name,
        short=short_name(name),
        detail=lane.names.get(row.practitioner_id, length),
        more=row.session_type.name,
        url=reverse("workspace_appointment", args=[row.uid]),
        uid=str(row.uid),
        start=wall_text(piece.start, lane.zone),
        minutes=row.minutes,
        slug=lane.slug,
        is_movable=movable,
    )


def _open(piece: Piece, lane: Lookup) -> Slot:
    """Return time that is open, with the link to book it at its beginning."""
    start = instant_at(piece.start)
    time = formatting.clock_time(start, lane.zone, locale=lane.locale)
    words = _("Book at %(time)s with %(name)s") % {"time": time, "name": lane.name}
    at = wall_text(piece.start, lane.own_zone or lane.zone)
    css = css_of(piece, LOOKS["open"].shape, lane)
    if not lane.slug:  # a room alone is not booked
        return Slot(piece.kind, css, times(piece, lane), word=_("Free"))
    url = f"{reverse('workspace_book')}?at={at}&with={lane.slug}"
    return Slot(piece.kind, css, times(piece, lane), title=words, url=url)


def css_of(piece: Piece, shape: str, lane: Lookup) -> str:
    """Return the classes of a piece: its shape, its place on the board, and its level where several meet."""
    css = [shape, f"at-{piece.at // 60:02}{piece.at % 60:02}", f"for-{piece.minutes}"]
    if piece.kind == "closed" and piece.at_edge:
        css.append("is-closed--edge")
    if piece.levels > 1:
        css.append(f"level-{min(piece.level, MOST_LEVELS)}")
    if piece.item and (piece.from_before or piece.into_next or _is_doubtful(piece, lane)):
        css.append("says-time")
    if piece.end <= lane.now and piece.kind not in ("closed", "skipped"):
        css.append("is-past")
    return " ".join(css)


MOST_LEVELS = 4


def times(piece: Piece, lane: Lookup) -> str:
    """Return from when to when it is, whole: over midnight and over a change of the clocks it says more."""
    if piece.kind == "now":
        return formatting.clock_time(instant_at(piece.start), lane.zone, locale=lane.locale)
    if piece.start == piece.end:
        return _wall_span(piece.at, piece.until, lane.locale)
    ends = [instant_at(second).astimezone(lane.zone) for second in (piece.start, piece.end)]
    words = formatting.clock_span(*ends, locale=lane.locale)
    if _is_doubtful(piece, lane):
        words = " – ".join(_named(one, lane) for one in ends)
    if piece.from_before:
        return _("%(times)s, since the day before") % {"times": words}
    return (
        _("%(times)s, into the next day") % {"times": words}
        if piece.into_next and not _is_midnight(ends[1])
        else words
    )


def _named(instant: dt.datetime, lane: Lookup) -> str:
    return formatting.clock_time(instant, lane.zone, locale=lane.locale, name_zone=True)


def _is_doubtful(piece: Piece, lane: Lookup) -> bool:
    """Return whether its hours alone mislead: they come twice, or the clocks change in between."""
    if lane.day.is_plain(piece.start, piece.end):
        return False
    ends = [instant_at(second) for second in (piece.start, piece.end)]
    changed = len({one.astimezone(lane.zone).utcoffset() for one in ends}) > 1
    return changed or any(formatting.comes_twice(one, lane.zone) for one in ends)


def _is_midnight(wall: dt.datetime) -> bool:
    return wall.time() == dt.time(0)


def _wall_span(first: int, until: int, locale: str) -> str:
    walls = [dt.time(minute // 60 % 24, minute % 60) for minute in (first, until)]
    return formatting.clock_span(*walls, locale=locale)


def wall_text(second: int, zone: ZoneInfo) -> str:
    """Return an instant as clocks in the zone read it: "2027-03-02T09:00"."""
    return f"{instant_at(second).astimezone(zone):%Y-%m-%dT%H:%M}"


def short_name(name: str) -> str:
    """Return a name for a narrow board: "Maya L."; a single word unchanged."""
    first, *rest = name.split() or [name]
    return f"{first} {rest[-1][0]}." if rest else first


def change_words(change: ClockChange, locale: str) -> str:
    """Return what a day of 23 or 25 hours needs said."""
    left, reached = (
        formatting.wall_time(dt.time(minute // 60 % 24, minute % 60), locale=locale)
        for minute in (change.left, change.reached)
    )
    if change.is_forward:
        words = _("Clocks go forward: %(left)s becomes %(reached)s, and the time between doesn’t exist.")
    else:
        words = _(
            "Clocks go back: %(left)s becomes %(reached)s again. The time between comes twice; names such "
            "as MDT and MST say which one is meant."
        )
    return words % {"left": left, "reached": reached}


@dataclass(frozen=True)
class Heading:
    """A day's heading: its weekday, its date, and what is to be said of its clocks."""

    weekday: str
    date: str
    notes: tuple[str, ...] = ()


def heading_of(day: WallDay, locale: str) -> Heading:
    """Return the heading of a day."""
    return Heading(
        formatting.weekday_name(day.day.weekday(), locale=locale),
        formatting.date_in_words(day.day, locale=locale, year=False),
        tuple(change_words(one, locale) for one in day.changes),
    )


def zone_notes(people: Sequence[Practitioner], zone: ZoneInfo, *, at: dt.datetime, locale: str) -> list[str]:
    """Return in which time the boards are, and whose clocks show another one."""
    here = zone_in_words(zone.key, locale=locale)
    notes = [_("Times are in %(zone)s.") % {"zone": here}]
    for one in people:
        if one.zone == zone.key:
            continue
        there = zone_named(one.zone)
        words = _("%(name)s works in %(zone)s: when it is %(here)s here, it is %(there)s there.")
        clocks = {
            "here": formatting.clock_time(at, zone, locale=locale),
            "there": formatting.clock_time(at, there, locale=locale),
        }
        notes.append(
            words % {"name": one.first_name, "zone": zone_in_words(one.zone, locale=locale), **clocks}
        )
    return notes


def hour_marks(first: int, until: int, locale: str) -> list[str]:
    """Return the hours along the boards, as the locale's clock counts them: 8, 9, … 12, 1."""
    return [formatting.hour_number(minute // 60, locale=locale) for minute in range(first, until, 60)]
