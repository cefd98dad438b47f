"""PURE. What a row says, once its cells are read: a person, an appointment or a package, or a problem.

A problem never repeats a cell: it is kept without encryption, and in a column that is chosen by mistake
anything may stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking.moving_in.engine import columns as fields
from booking.moving_in.engine.dates import Moment, joined, read_day, read_moment
from booking.moving_in.engine.table import LONGEST_CELL, Row
from practice.core.clock import AmbiguousTime, ClockError, NonexistentTime, resolve
from practice.core.input_checks import has_invalid_characters
from practice.core.locales import phone_numbers
from practice.core.locales.email_addresses import ascii_address
from practice.core.plain_text import plain_line

LONGEST_NAME, LONGEST_PHONE = 150, 40
MOST_SESSIONS = 100
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}")
_NAME_AND_EMAIL = re.compile(r"(.*?)\s*[(<]\s*([^()<>\s]+@[^()<>\s]+)\s*[)>]")
#: A status that says the session will not take place, folded.
NOT_BOOKED = {
    *("canceled", "cancelled", "no show", "noshow", "declined", "rejected", "deleted", "rescheduled", "void"),
    *("yes", "true", "1", "cancelado", "cancelada"),
}


@dataclass(frozen=True)
class Reading:
    """How the rows of one import are read. `columns`: the number of each field's column."""

    kind: str
    columns: Mapping[str, int]
    order: str
    clock: str
    zone: ZoneInfo
    region: str


@dataclass(frozen=True)
class Draft:
    """What one row says. `why`: the codes of what stands against it, with parameters; empty: nothing."""

    number: int
    name: str = ""
    email: str = ""
    phone: str = ""
    start: datetime | None = None
    practitioner: str = ""
    session_type: str = ""
    is_canceled: bool = False
    left: int | None = None
    valid_until: date | None = None
    problem: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


class Problem(ValueError):
    """Raised within a draft for a cell that cannot be used."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read_row(row: Row, reading: Reading) -> Draft:
    """Return the draft of a row; one with a problem has what could be read."""
    said = {name: _cell(row, number) for name, number in reading.columns.items()}
    found: dict[str, object] = {"number": row.number}
    try:
        _must_be_whole(row, said)
        found |= _person(said, reading)
        if reading.kind == fields.APPOINTMENTS:
            found |= _appointment(said, reading)
        elif reading.kind == fields.PACKAGES:
            found |= _package(said, reading)
    except Problem as problem:
        found |= {"problem": problem.code, "params": problem.params}
    return Draft(**found)  # type: ignore[arg-type]


def _cell(row: Row, number: int) -> str:
    return row.cells[number] if number < len(row.cells) else ""


def _must_be_whole(row: Row, said: Mapping[str, str]) -> None:
    if row.is_wider:
        raise Problem("row_more_cells")
    if any(len(cell) > LONGEST_CELL for cell in row.cells):
        raise Problem("row_long_cell", most=str(LONGEST_CELL))
    if any(has_invalid_characters(cell) for cell in said.values()):
        raise Problem("row_characters")


def _person(said: Mapping[str, str], reading: Reading) -> dict[str, object]:
    """Return name, email and phone, tidied. Raises Problem."""
    name = plain_line(said.get("name", ""))
    if not name:
        name = plain_line(f"{said.get('first_name', '')} {said.get('last_name', '')}")
    email = plain_line(said.get("email", "")).lower().removeprefix("mailto:")
    if "email" not in reading.columns and (both := _NAME_AND_EMAIL.fullmatch(name)):
        name, email = both[1].strip(), both[2].lower()
    if not name and not (email and reading.kind == fields.PACKAGES):
        raise Problem("row_no_name")
    if len(name) > LONGEST_NAME:
        raise Problem("row_long_name", most=str(LONGEST_NAME))
    if email and not (_EMAIL.fullmatch(email) and ascii_address(email)):
        raise Problem("row_email")
    return {"name": name, "email": email, "phone": _phone(said.get("phone", ""), reading.region)}


def _phone(typed: str, region: str) -> str:
    """Return the number as it is kept. Raises Problem. A leading apostrophe is a spreadsheet's own."""
    text = plain_line(typed).removeprefix("'").removeprefix("tel:")
    if not text:
        return ""
    number = read_phone(text, region)
    if not number or len(number) > LONGEST_PHONE:
        raise Problem("row_phone")
    return number


@lru_cache(maxsize=65_536)
def read_phone(text: str, region: str) -> str:
    """Return `phone_numbers.read`; remembered, for a file is read more than once."""
    return phone_numbers.read(text, region=region)


def _appointment(said: Mapping[str, str], reading: Reading) -> dict[str, object]:
    status = fields.folded(said.get("status", ""))
    return {
        "is_canceled": status in NOT_BOOKED,
        "practitioner": plain_line(said.get("practitioner", "")),
        "session_type": plain_line(said.get("session_type", "")),
        "start": _start(said, reading),
    }


def _start(said: Mapping[str, str], reading: Reading) -> datetime:
    """Return the instant, from one column or from two. Raises Problem."""
    day, hour = said.get("start", ""), said.get("time", "")
    if not day:
        raise Problem("row_no_start")
    moment = read_moment(day, reading.order, reading.clock)
    if hour and (moment is None or not moment.offset):
        moment = joined(_day_of(day, moment, reading.order), hour, reading.clock)
    if moment is None:
        raise Problem("row_start")
    return instant_of(moment, reading.zone)


def _day_of(text: str, moment: Moment | None, order: str) -> date | None:
    """Return the day of a text that may have an hour too: exports write "3/16/2027 12:00 AM" for a day."""
    return moment.wall.date() if moment else read_day(text, order)


def instant_of(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC; without an offset it is the practice's clock. Raises Problem."""
    if moment.offset:
        return moment.wall.astimezone(UTC)
    try:
        return resolve(moment.wall, zone)
    except NonexistentTime as error:
        raise Problem("row_no_such_time", text=f"{moment.wall:%Y-%m-%d %H:%M}") from error
    except AmbiguousTime as error:
        raise Problem("row_time_twice", text=f"{moment.wall:%Y-%m-%d %H:%M}") from error
    except (ClockError, OverflowError) as error:
        raise Problem("row_start") from error


def _package(said: Mapping[str, str], reading: Reading) -> dict[str, object]:
    left, until = said.get("left", ""), said.get("valid_until", "")
    found = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?", left.strip(), re.ASCII)
    if found is None or int(found[1]) > MOST_SESSIONS:
        raise Problem("row_left", most=str(MOST_SESSIONS))
    day = None
    if until:
        moment = read_moment(until, reading.order, reading.clock)
        day = _day_of(until, moment, reading.order)
        if day is None:
            raise Problem("row_until")
    return {
        "left": int(found[1]),
        "valid_until": day,
        "session_type": plain_line(said.get("session_type", "")),
    }
