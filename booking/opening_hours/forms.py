"""The typed week: its fields as they were sent, the week they mean, and what is wrong at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from booking.opening_hours import wording
from booking.opening_hours.engine import week as weeks
from booking.opening_hours.engine.typed_times import TimeProblem, read_window, shown_time
from booking.opening_hours.engine.week import DAY, OpenSpan, Week

MOST = 8  # rows of a day
LONGEST_TEXT = 20


@dataclass
class TypedRow:
    """The two times of a row as typed. `wrong`: a message by "opens", "closes", "late" or "merge"."""

    weekday: int
    number: int
    opens: str = ""
    closes: str = ""
    late: bool = False
    window: OpenSpan | None = None
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is typed."""
        return not (self.opens.strip() or self.closes.strip())

    @property
    def name(self) -> str:
        """Return the beginning of the names of its fields."""
        return f"d{self.weekday}-{self.number}"

    @property
    def asks_late(self) -> bool:
        """Return whether the box for "on the next day" is shown."""
        return self.late or "late" in self.wrong

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Return what is wrong: the id of the field, and the message."""
        return [(f"{self.name}-{'opens' if at == 'merge' else at}", said) for at, said in self.wrong.items()]


@dataclass
class TypedDay:
    """A day's rows, with one for something to be typed in."""

    weekday: int
    name: str
    rows: list[TypedRow]

    @property
    def is_closed(self) -> bool:
        """Return whether no hours are typed."""
        return all(row.is_empty for row in self.rows)


class TypedWeek:
    """A week as it was typed, kept to the letter. `week`: what it means, once nothing is wrong."""

    def __init__(self, rows: list[list[TypedRow]], *, locale: str, merge: bool = False) -> None:
        self.locale, self.merge = locale, merge
        self.has_clashes = False  # whether the page asks to combine hours
        self._rows = rows
        for row in self.filled():
            self._read(row)
        if not self.has_errors:
            self._find_clashes()

    @classmethod
    def of(cls, week: Week, *, locale: str) -> TypedWeek:
        """Return a week as the page shows it at first."""
        rows = [[_row_of(day, *one, locale) for one in enumerate(hours)] for day, hours in enumerate(week)]
        return cls(rows, locale=locale, merge=True)

    @classmethod
    def sent(cls, said: Mapping[str, str], *, locale: str) -> TypedWeek:
        """Return a week as it was sent; rows in which nothing is typed are left out."""
        rows = [[_row_sent(said, day, number) for number in range(MOST)] for day in range(7)]
        filled = [[row for row in day if not row.is_empty] for day in rows]
        return cls(filled, locale=locale, merge=said.get("merge") == "on")

    def filled(self) -> Iterator[TypedRow]:
        """Yield all rows in which something is typed."""
        return (row for day in self._rows for row in day if not row.is_empty)

    @property
    def has_errors(self) -> bool:
        """Return whether anything is wrong."""
        return any(row.wrong for row in self.filled())

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Return what is wrong with the day's name before it: the id of the field, and the words."""
        return [
            (at, wording.at_day(row.weekday, said, locale=self.locale))
            for row in self.filled()
            for at, said in row.messages
        ]

    @property
    def week(self) -> Week:
        """Return the hours that were typed; combined where that was agreed. Unreadable rows are left out."""
        found = weeks.tidied(
            [row.window for row in day if row.window and not row.is_empty] for day in self._rows
        )
        return weeks.combined(found) if self.merge and weeks.clashes(found) else found

    def days(self, *, more: int | None = None) -> list[TypedDay]:
        """Return the days in the locale's order, each with at least one row. `more`: a day with one more."""
        found = []
        for weekday, name in wording.weekdays(self.locale):
            rows = list(self._rows[weekday])
            free = min(set(range(MOST + 1)) - {row.number for row in rows})
            if free < MOST and (not rows or weekday == more):
                rows.append(TypedRow(weekday, free))
            found.append(TypedDay(weekday, name, rows))
        return found

    def without(self, name: str) -> TypedWeek:
        """Return the typed week without one row."""
        return self._again([[row for row in day if row.name != name] for day in self._rows])

    def copied(self, source: int, targets: list[int]) -> TypedWeek:
        """Return the typed week with a day's rows on other days as well."""
        days = [
            [TypedRow(day, row.number, row.opens, row.closes, row.late) for row in self._rows[source]]
            if day in targets
            else rows
            for day, rows in enumerate(self._rows)
        ]
        return self._again(days)

    def _again(self, rows: list[list[TypedRow]]) -> TypedWeek:
        fresh = [[TypedRow(r.weekday, r.number, r.opens, r.closes, r.late) for r in day] for day in rows]
        return TypedWeek(fresh, locale=self.locale, merge=self.merge)

    def _read(self, row: TypedRow) -> None:
        try:
            row.window = read_window(row.opens, row.closes, locale=self.locale)
        except TimeProblem as error:
            row.wrong[error.field] = wording.of_time(error)
            return
        if row.window.is_late and not row.late:
            row.wrong["late"] = wording.ends_first(row.window, locale=self.locale)

    def _find_clashes(self) -> None:
        """Name the rows that overlap or touch, unless they may be combined."""
        by_place = [[row for row in day if row.window] for day in self._rows]
        typed: Week = tuple(tuple(row.window for row in day if row.window) for day in by_place)
        found = weeks.clashes(typed)
        self.has_clashes = bool(found)
        for clash in [] if self.merge else found:
            row = by_place[clash.weekday][clash.number]
            other = by_place[clash.other_day][clash.other]
            assert row.window
            assert other.window
            row.wrong["merge"] = wording.clash(clash, row.window, other.window, locale=self.locale)


def _row_of(weekday: int, number: int, window: OpenSpan, locale: str) -> TypedRow:
    opens, closes = (shown_time(minutes, locale=locale) for minutes in window)
    return TypedRow(weekday, number, opens, closes, late=window.closes > DAY)


def _row_sent(said: Mapping[str, str], weekday: int, number: int) -> TypedRow:
    row = TypedRow(weekday, number)
    row.opens = said.get(f"{row.name}-opens", "")[:LONGEST_TEXT]
    row.closes = said.get(f"{row.name}-closes", "")[:LONGEST_TEXT]
    row.late = said.get(f"{row.name}-late") == "on"
    return row
