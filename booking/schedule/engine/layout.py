"""One lane: what lies on the board of one person, or one room, on one day, and where on the wall clock.

Everything is judged as instants, in seconds since 1970; only the places are minutes of the wall clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from booking.availability.engine.hours import Schedule, runs
from booking.availability.engine.intervals import Interval, subtract, union
from booking.schedule.engine.wall_day import MINUTES, WallDay
from practice.core.clock import DAY, instant_at, stretches

STEP = 5  # minutes: places and lengths are multiples of it
SHORTEST_OPEN = 15  # minutes: less than that is no time to offer
OPEN, CLOSED, BUFFER, TRAVEL, SKIPPED, NOW = "open", "closed", "buffer", "travel", "skipped", "now"
#: Do not decide from when to when the boards run: a busy night elsewhere is no reason for an empty one here.
WITHOUT_SAY = frozenset({CLOSED, SKIPPED, BUFFER, TRAVEL, NOW, "busy"})
#: Lie under or over the others, and take no place from them.
UNDERNEATH = frozenset({CLOSED, SKIPPED, NOW})


@dataclass(frozen=True)
class Item:
    """Something that takes up time, `[start, end)`: an appointment, a hold, busy time elsewhere.

    `kind`: its shape and words (`booking/schedule/kinds.py`). `before`, `after`: minutes kept free around it;
    `travels`: they are the way. `title`, `url`: its own words and page, if any. `row`: what the caller wants
    back.
    """

    kind: str
    start: int
    end: int
    before: int = 0
    after: int = 0
    travels: bool = False
    title: str = ""
    url: str = ""
    row: object = None


@dataclass(frozen=True)
class Piece:
    """What one day shows of something: `[at, until)` in minutes of the wall clock, the whole in seconds.

    `level` of `levels`: its line on the board, where several lie at the same time; 1 of 1 where it is alone.
    `at_edge`: it reaches to the beginning or the end of the board.
    """

    kind: str
    at: int
    until: int
    start: int
    end: int
    item: Item | None = None
    level: int = 1
    levels: int = 1
    from_before: bool = False
    into_next: bool = False
    at_edge: bool = False

    @property
    def minutes(self) -> int:
        """Return how long it is on the board."""
        return self.until - self.at


def open_time(schedule: Schedule, day: WallDay) -> list[Interval]:
    """Return the instants of the day at which clocks in the schedule's own zone are within its hours."""
    first, last = day.begins - DAY, day.ends + DAY
    found = []
    dates = (instant_at(one).astimezone(schedule.zone).date() for one in (first, last))
    windows = runs(schedule, *dates)
    for start, end, offset in stretches(schedule.zone, first, last):
        for opens, closes in windows:
            found.append((max(start, opens * 60 - offset), min(end, closes * 60 - offset)))
    return union((max(start, day.begins), min(end, day.ends)) for start, end in found)


def lane(day: WallDay, hours: Sequence[Interval], items: Iterable[Item], *, now: int) -> list[Piece]:
    """Return what is on the board of one day, in order of time.

    `hours`: the open time of the day (`open_time`). Kept free around items is what nothing else takes: where
    two buffers meet, they are one. Open is what is left from `now` on.
    """
    items = list(items)
    taken = union((one.start, one.end) for one in items)
    way = subtract(_kept(items, travels=True), taken)
    buffers = subtract(_kept(items, travels=False), union([*taken, *way]))
    busy = union([*taken, *way, *buffers])
    found = [_piece(day, one.kind, one.start, one.end, one) for one in items]
    found += [_piece(day, TRAVEL, *each) for each in way]
    found += [_piece(day, BUFFER, *each) for each in buffers]
    found += [_piece(day, CLOSED, *each) for each in subtract([(day.begins, day.ends)], hours)]
    found += [_piece(day, OPEN, *each) for each in _offered(day, subtract(hours, busy), now=now)]
    found += _skipped(day)
    if day.begins <= now < day.ends:
        found.append(_piece(day, NOW, now, now + 60))
    return sorted(
        leveled([one for one in found if one]), key=lambda one: (one.start, one.kind == CLOSED, one.at)
    )


def _kept(items: Iterable[Item], *, travels: bool) -> list[Interval]:
    """Return the time kept free around those items that are, or are not, at the end of a way."""
    around: list[Interval] = []
    for one in items:
        if one.travels == travels:
            around += (one.start - one.before * 60, one.start), (one.end, one.end + one.after * 60)
    return union(around)


def _offered(day: WallDay, free: Iterable[Interval], *, now: int) -> list[Interval]:
    """Return the free time from now on in whole steps, cut where the clocks change.

    So each piece's hours are read once only, and its link names one of them.
    """
    found = []
    for start, end in free:
        for first, until, _ in day.parts:
            begin = -(-max(start, first, now) // (STEP * 60)) * STEP * 60
            last = min(end, until) // (STEP * 60) * STEP * 60
            if last - begin >= SHORTEST_OPEN * 60:
                found.append((begin, last))
    return found


def _skipped(day: WallDay) -> list[Piece]:
    """Return the minutes that no clock shows on this day."""
    changes = [one for one in day.changes if one.is_forward]
    return [Piece(SKIPPED, one.left, one.reached, one.at, one.at) for one in changes]


def _piece(day: WallDay, kind: str, start: int, end: int, item: Item | None = None) -> Piece | None:
    """Return the day's part of `[start, end)` on its steps; None if nothing of it is in the day."""
    hull = day.hull(start, end)
    if hull is None:
        return None
    at = min(_on_step(hull[0]), MINUTES - STEP)
    return Piece(
        *(kind, at, max(_on_step(hull[1]), at + STEP), start, end, item),
        from_before=start < day.begins,
        into_next=end > day.ends,
    )


def _on_step(minute: int) -> int:
    """Return the nearest step, the same for one thing's end and the next one's beginning."""
    return (minute + STEP // 2) // STEP * STEP


def leveled(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces, each with its level: those that meet on the wall clock lie on different ones."""
    pieces = list(pieces)
    found = [one for one in pieces if one.kind in UNDERNEATH]
    crowd: list[Piece] = []
    for one in sorted(
        (one for one in pieces if one.kind not in UNDERNEATH), key=lambda one: (one.at, one.start)
    ):
        if crowd and one.at >= max(each.until for each in crowd):
            found += _levels_of(crowd)
            crowd = []
        crowd.append(one)
    return found + _levels_of(crowd)


def _levels_of(crowd: Sequence[Piece]) -> list[Piece]:
    """Return pieces that hang together, each on the first level that is free by then."""
    ends: list[int] = []
    placed: list[tuple[Piece, int]] = []
    for one in crowd:
        free = next((level for level, end in enumerate(ends) if end <= one.at), len(ends))
        ends[free : free + 1] = [one.until]
        placed.append((one, free + 1))
    return [replace(one, level=level, levels=len(ends)) for one, level in placed]


def edges(lanes: Iterable[Sequence[Piece]], hours: Iterable[Interval], *, least: int = 6) -> Interval:
    """Return from which to which minute the boards run: whole hours that hold all that counts.

    `hours`: open time, in minutes of the wall clock. At least `least` hours, around noon if nothing is there.
    """
    shown = [(one.at, one.until) for pieces in lanes for one in pieces if one.kind not in WITHOUT_SAY]
    shown += hours
    first = min((at for at, _ in shown), default=9 * 60) // 60
    last = -(-max((until for _, until in shown), default=17 * 60) // 60)
    while last - first < least:
        first, last = max(0, first - 1), min(24, last + 1)
    return first * 60, last * 60


def within(pieces: Iterable[Piece], first: int, until: int) -> list[Piece]:
    """Return the pieces cut to the board's edges; those beyond it are gone."""
    return [
        replace(
            one,
            at=max(one.at, first),
            until=min(one.until, until),
            at_edge=one.at <= first or one.until >= until,
        )
        for one in pieces
        if one.at < until and one.until > first
    ]
