"""Finding the rests in a recording, in which nobody speaks. Pure of Django."""

import re
from pathlib import Path

from portal.audio.ffmpeg import ffmpeg, in_time, reading
from portal.audio.refusals import CannotPublish, gettext_noop

SHORTEST_S = 3
QUIET_DB = -40  # a published voice is at -16 LUFS, and its room far below
#: ffmpeg may write its progress before it on the same line.
EVENT = re.compile(r"\[silencedetect @ [^]]*\] silence_(start|end): (-?[\d.]+)")


def find_silences(published: Path) -> list[tuple[int, int]]:
    """Return the silences of 3 s and more in a published recording: start and end in ms.

    One that lasts to the end of the file is among them. Raises CannotPublish for a file that
    cannot be read, NotNow where the machine is in the way.
    """
    with in_time():
        said = ffmpeg(
            *reading(published),
            *("-map", "0:a:0", "-af", f"silencedetect=noise={QUIET_DB}dB:d={SHORTEST_S}", "-f", "null", "-"),
            refusal=CannotPublish(gettext_noop("The rests in the recording could not be found.")),
        )
    found: list[tuple[int, int]] = []
    start: int | None = None
    for what, seconds in EVENT.findall(said):
        at = max(0, round(float(seconds) * 1000))
        if what == "end" and start is not None:
            found.append((start, at))
        start = at if what == "start" else None
    return found
