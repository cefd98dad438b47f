"""PURE. Times in a recording as people type and read them: "3:40", "3:40.5", "1:07:40"."""

from __future__ import annotations

import re

TYPED = re.compile(
    r"(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>\d{1,2})(?:[.,](?P<part>\d{1,3}))?"
)
SECONDS = re.compile(r"(?P<seconds>\d{1,5})(?:[.,](?P<part>\d{1,3}))?")


class NotATime(Exception):
    """Raised when a text is no time. `code`: "time", or "negative" for a time before the start."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_time(text: str) -> int:
    """Return a typed time in ms: "3:40.5", "1:07:40", or seconds alone. Raises NotATime."""
    text = text.strip()
    if text.startswith(("-", "−")):
        raise NotATime("negative")
    if found := SECONDS.fullmatch(text):
        return int(found["seconds"]) * 1000 + _ms(found["part"])
    found = TYPED.fullmatch(text)
    if found is None or int(found["seconds"]) > 59 or (found["hours"] and int(found["minutes"]) > 59):
        raise NotATime("time")
    minutes = int(found["hours"] or 0) * 60 + int(found["minutes"])
    return (minutes * 60 + int(found["seconds"])) * 1000 + _ms(found["part"])


def _ms(part: str | None) -> int:
    return int((part or "").ljust(3, "0"))


def written(ms: int) -> str:
    """Return a time as it is typed, with no more digits than it needs: "3:40", "3:40.5", "1:07:40.025"."""
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds, part = divmod(rest, 1000)
    shown = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{shown}.{part:03}".rstrip("0") if part else shown
