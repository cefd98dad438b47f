"""Reads a calendar's file in a process of its own, with limits of time and memory.

This is also why no file can leave anything behind for the next one: icalendar, for one, keeps the time zones
that a file defines for as long as its process lives, and reads later files by them (7.3.0, 7.3.2).

No check between events helps against a single rule that matches nothing for eight thousand years. The child
knows no setting, key or database: it gets the file and the window, and answers with stretches.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from booking.calendars.importing import busy
from booking.calendars.importing.reading import Choices, Doubt, Reading, Unreadable

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 60  # for all of it; 20,000 events that repeat every week take ten on a small machine
MEMORY = 500_000_000  # bytes; 5 MB of events take 100 million, of nothing but odd lines 300 million


def read_in_sandbox(
    data: bytes,
    *,
    first: datetime,
    until: datetime,
    zone: ZoneInfo,
    our_host: str = "",
    choices: Choices | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Reading:
    """Return what `busy.read` returns, within so many seconds and bytes of memory.

    Raises Unreadable, also when it takes more: "too_long".
    """
    asked = {
        "first": first.isoformat(),
        "until": until.isoformat(),
        "zone": zone.key,
        "our_host": our_host,
        "choices": asdict(choices or Choices()),
        "memory": memory,
    }
    try:
        child = subprocess.run(
            [sys.executable, "-m", "booking.calendars.importing.sandbox", json.dumps(asked)],
            cwd=ROOT,
            env={},
            input=data,
            capture_output=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_long") from error
    # Without memory Python may fail so deep that it cannot even catch its own MemoryError.
    if child.returncode and b"MemoryError" in child.stderr:
        raise Unreadable("too_long")
    child.check_returncode()
    found = json.loads(child.stdout)
    if code := found.get("unreadable"):
        raise Unreadable(code, found["line"])
    stretches = [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in found["busy"]]
    return Reading(stretches, {Doubt(*doubt) for doubt in found["doubts"]}, found["address"])


def main() -> None:
    """Run the child: the window as its argument, the file on its input, the answer on its output."""
    asked = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    try:
        reading = busy.read(
            sys.stdin.buffer.read(),
            first=datetime.fromisoformat(asked["first"]),
            until=datetime.fromisoformat(asked["until"]),
            zone=ZoneInfo(asked["zone"]),
            our_host=asked["our_host"],
            choices=Choices(**asked["choices"]),
        )
    except Unreadable as error:
        answer: dict[str, object] = {"unreadable": error.code, "line": error.line}
    except MemoryError:
        answer = {"unreadable": "too_long", "line": 0}
    else:
        stretches = [(start.isoformat(), end.isoformat()) for start, end in reading.busy]
        answer = {"busy": stretches, "doubts": sorted(reading.doubts), "address": reading.address}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
