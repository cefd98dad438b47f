"""The sound of an exercise's timer: one MP3 with a bell at the beginning of each phase, and silence between.

One file, because a bell rung by a script does not sound on a locked phone. Nothing is encoded here: the bells
are frames of one size (`tools/bells.py`), so a track is frames put one after the other.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from portal.exercises.engine.timing import Phase, starts, total_seconds

BELLS = Path(__file__).resolve().parents[2] / "content" / "bells"
FRAME_BYTES = 72  # 24 kbit/s at 24 kHz
FRAMES_A_SECOND = 1000 / 24
INFO_AT = 13  # behind the frame's header and side information, mono
#: What is in the information below: the number of frames and of bytes.
COUNTS = 3
FADES_FOR = 4  # seconds that the last bell takes


@cache
def bell(kind: str) -> bytes:
    """Return the frames of the bell that begins a phase; none for the first."""
    path = BELLS / f"{kind}.mp3"
    return path.read_bytes() if path.is_file() else b""


@cache
def _silence() -> bytes:
    frames = bell("silence")
    return frames[10 * FRAME_BYTES : 11 * FRAME_BYTES]


def track(found: list[Phase]) -> bytes:
    """Return the sound of these phases as an MP3 of constant rate that says its own length."""
    ends = [*starts(found)[1:], total_seconds(found) + FADES_FOR]
    sound = bytearray()
    for phase, end in zip(found, ends, strict=True):
        room = round(end * FRAMES_A_SECOND) * FRAME_BYTES - len(sound)
        rung = bell(phase.kind)[:room]
        sound += rung + _silence() * ((room - len(rung)) // FRAME_BYTES)
    return _info(len(sound) // FRAME_BYTES) + bytes(sound)


def _info(frames: int) -> bytes:
    """Return a silent frame that tells players how many frames follow: without it they guess the length."""
    said = b"Info" + struct.pack(">III", COUNTS, frames, (frames + 1) * FRAME_BYTES)
    return (_silence()[:4].ljust(INFO_AT, b"\0") + said).ljust(FRAME_BYTES, b"\0")
