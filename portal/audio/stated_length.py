"""How long a WAV or MP3 file says it is, read from its first bytes. Pure of Django.

ffprobe judges a WAV by the bytes that are there, so a copy that broke off looks whole. Of an MP3 it guesses,
unless its first frame counts all frames.
"""

import struct
from pathlib import Path

UNKNOWN = {0, 0xFFFFFFFF}  # sizes written by a program that could not know them yet
FIRST_FRAME = 256  # bytes: enough for the tag in it


def wav_ms(source: Path) -> int | None:
    """Return the length in ms that a WAV file's header states; None where it states none."""
    with source.open("rb") as file:
        if file.read(4) != b"RIFF" or len(file.read(8)) < 8:
            return None
        bytes_a_second = 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                return None if size in UNKNOWN or not bytes_a_second else round(size * 1000 / bytes_a_second)
            content = file.read(size + size % 2) if name == b"fmt " else b""
            if len(content) >= 12:
                bytes_a_second = struct.unpack_from("<I", content, 8)[0]
            elif name != b"fmt ":
                file.seek(size + size % 2, 1)
    return None


def counts_its_frames(source: Path) -> bool:
    """Return whether an MP3 file's first frame says how many there are: then its length is no guess."""
    with source.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3" and len(head) == 10:
            size = sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
            file.seek(10 + size)
        else:
            file.seek(0)
        frame = file.read(FIRST_FRAME)
    return b"Xing" in frame or b"Info" in frame
