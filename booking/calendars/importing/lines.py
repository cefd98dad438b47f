"""A calendar file as its lines and parts, read to its end or refused.

Only what says when somebody is busy is kept: VEVENT, VFREEBUSY, VTIMEZONE, and a few lines of each. Tasks,
alarms, unknown parts and lines that make no sense are skipped, with no effect on the rest. A file that breaks
off is refused, since nobody knows what else is missing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from booking.calendars.importing.reading import Unreadable

ENTRIES = ("VEVENT", "VFREEBUSY")
NEEDED = ("VCALENDAR", *ENTRIES)
#: Their value has no colon, so what precedes the last one are parameters, however badly they are quoted.
TIMES = frozenset("DTSTART DTEND DURATION RECURRENCE-ID RRULE RDATE EXDATE FREEBUSY".split())
OTHERS = frozenset(
    "UID SUMMARY SEQUENCE STATUS TRANSP ATTENDEE ORGANIZER X-MICROSOFT-CDO-BUSYSTATUS "
    "X-MICROSOFT-CDO-ALLDAYEVENT X-APPLE-TRAVEL-DURATION".split()
)
OF_FILES = frozenset("METHOD X-WR-TIMEZONE X-WR-CALNAME".split())
MARK = re.compile(r"(BEGIN|END):([A-Z][A-Z0-9-]*)\s*(?:<.*)?$")
# In any capitals: only names that no line of ordinary text would end with.
MARK_IN_ANY_CASE = re.compile(
    r"(BEGIN|END)\s*:\s*(V(?:CALENDAR|EVENT|TODO|JOURNAL|FREEBUSY|TIMEZONE|ALARM|AVAILABILITY)|STANDARD|DAYLIGHT)"
    r"\s*(?:<.*)?$",
    re.IGNORECASE,
)
NAME = re.compile(r"\s*([A-Za-z0-9-]+)\s*[;:]")
HEAD = re.compile(r'[^:"]*(?:"[^"]*"[^:"]*)*:')


class Line(NamedTuple):
    """A line of a part: its number, its name, its parameters as written, its value."""

    number: int
    name: str
    head: str
    value: str

    def params(self) -> dict[str, str]:
        """Return the parameters by name, without quotes."""
        found: dict[str, str] = {}
        pieces: list[str] = []
        in_quotes = False
        for piece in self.head.split(";")[1:]:
            pieces.append(piece)
            in_quotes ^= piece.count('"') % 2 == 1
            if not in_quotes:  # a semicolon in quotes separates nothing
                name, _, value = ";".join(pieces).partition("=")
                found.setdefault(name.strip().upper(), value.strip().strip('"').strip())
                pieces = []
        return found


@dataclass
class File:
    """A VCALENDAR: its own lines, its time zones as text, its entries."""

    says: dict[str, str] = field(default_factory=dict)
    zones: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


@dataclass
class Part:
    """An entry of a file: a VEVENT or a VFREEBUSY."""

    kind: str
    number: int
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def all(self, name: str) -> list[Line]:
        """Return the entry's lines of that name."""
        return self.lines.get(name, [])

    def first(self, name: str) -> Line | None:
        """Return the entry's first line of that name, or None."""
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> str:
        """Return the value of the first line of that name; "" without one."""
        line = self.first(name)
        return line.value.strip() if line else ""


def files_in(data: bytes) -> list[File]:
    """Return the calendars in the file, each complete. Raises Unreadable."""
    text = decoded(data)
    if not text.strip():
        raise Unreadable("empty")
    structure = _Structure()
    for number, line in unfolded(text):
        structure.take(number, line)
    if structure.open:
        raise Unreadable("part", structure.open[-1].number)
    if not structure.began:
        begins_as_one = "BEGIN:VCALENDAR".startswith(text.strip().upper()) or "BEGIN:VCALENDAR" in text[:4096]
        raise Unreadable("part" if begins_as_one else "no_calendar", 1 if begins_as_one else 0)
    return structure.files


def decoded(data: bytes) -> str:
    """Return the file as text; invalid UTF-8 is replaced, since no line that is kept needs it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if codecs.BOM_UTF8.startswith(data):
        return ""  # cut within its mark
    return data.decode("utf-8-sig", "replace")


def unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines, long ones joined again, each with the number of its first piece."""
    pieces: list[str] = []
    begins = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if pieces and line[:1] in (" ", "\t"):
            pieces.append(line[1:])
        elif line:
            if pieces:
                yield begins, "".join(pieces)
            pieces, begins = [line if begins else line.lstrip()], number
    if pieces:
        yield begins, "".join(pieces)


def line_of(number: int, text: str) -> Line | None:
    """Return a line that is kept; None for all others."""
    found = NAME.match(text)
    name = found[1].upper() if found else ""
    if name in TIMES:
        head, _, value = text.rpartition(":")
        return Line(number, name, head, value)
    if name in OTHERS or name in OF_FILES:
        parted = HEAD.match(text)
        at = parted.end() if parted else text.find(":") + 1
        return Line(number, name, text[: at - 1], text[at:])
    return None


class _Open(NamedTuple):
    """A part whose end has not come yet, and where its lines go."""

    name: str
    number: int
    goes_to: File | Part | list[str] | None


class _Structure:
    """A parser of what begins and what ends, line by line."""

    def __init__(self) -> None:
        self.files: list[File] = []
        self.open: list[_Open] = []
        self.began = False

    def take(self, number: int, text: str) -> None:
        """Take one more line."""
        mark = MARK.match(text) or MARK_IN_ANY_CASE.match(text)
        goes_to = self.open[-1].goes_to if self.open else None
        if mark and mark[1].upper() == "BEGIN":
            self.begin(number, mark[2].upper())
        elif mark:
            self.end(number, mark[2].upper())
        elif isinstance(goes_to, list):
            goes_to.append(text)
        elif goes_to is not None and (line := line_of(number, text)):
            if isinstance(goes_to, Part):
                goes_to.lines.setdefault(line.name, []).append(line)
            elif line.name in OF_FILES:
                goes_to.says.setdefault(line.name, line.value.strip())

    def begin(self, number: int, name: str) -> None:
        """Begin a part; an entry outside of any calendar is accepted."""
        goes_to: File | Part | list[str] | None = None
        if name == "VCALENDAR":
            self.began, goes_to = True, File()
            self.files.append(goes_to)
        elif name in ENTRIES:
            goes_to = Part(name, number)
            self.file().parts.append(goes_to)
        elif name == "VTIMEZONE":
            goes_to = []
        elif self.open and isinstance(self.open[-1].goes_to, list):  # STANDARD and DAYLIGHT
            goes_to = self.open[-1].goes_to
        if isinstance(goes_to, list):
            goes_to.append(f"BEGIN:{name}")
        self.open.append(_Open(name, number, goes_to))

    def file(self) -> File:
        """Return the calendar that is open; else the last one, or a new one."""
        found = [one.goes_to for one in self.open if isinstance(one.goes_to, File)]
        if not found and not self.files:
            self.files.append(File())
        return found[-1] if found else self.files[-1]

    def end(self, number: int, name: str) -> None:
        """End a part. Raises Unreadable if it has open parts, or for an entry that never began."""
        if not self.open or name not in [one.name for one in self.open]:
            if name in NEEDED:
                raise Unreadable("damaged", number)
            return
        last = self.open.pop()
        if last.name != name:
            raise Unreadable("part", last.number)
        if isinstance(last.goes_to, list):
            last.goes_to.append(f"END:{name}")
            if name == "VTIMEZONE":
                self.file().zones.append("\r\n".join(last.goes_to))
