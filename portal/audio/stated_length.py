"""How long a WAV or MP3 file says it is, and whether an MP3 or Ogg file breaks off. Pure of Django.

Read from the file's own bytes: ffprobe judges a WAV or Ogg file by what is there, so a copy that broke off
looks whole. Of an MP3 it guesses, unless its first frame counts all frames.
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

# Sizes written by a program that could not know them yet: into a pipe, or until its recording ends.
UNKNOWN = {0, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF}
UNCOMPRESSED = {1, 3, 6, 7, 0xFFFE}  # of others, such as a dictation machine's, the header gives a guess
HEAD = 64  # bytes of a part of the header: more is not looked at
FIRST_FRAME = 256  # bytes: enough for the tag in it
OGG_HEAD = 27  # bytes of a page before the sizes of its pieces; the last one counts these
SEARCHED = 65_536  # bytes in which the first frame of an MP3 begins
IN_A_ROW = 3  # frames that follow each other: then it is no accident
RATES = (44_100, 48_000, 32_000)
KBITS = {
    "layer 2": (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    "layer 3": (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    "half rate": (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def wav_ms(source: Path) -> int | None:
    """Return the length in ms that the header of a WAV or RF64 file states; None where it states none."""
    with source.open("rb") as file:
        if file.read(4) not in (b"RIFF", b"RF64", b"BW64") or len(file.read(8)) < 8:
            return None
        bytes_a_second, long_size = 0, 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                size = long_size if size == 0xFFFFFFFF and long_size else size
                return None if size in UNKNOWN or not bytes_a_second else round(size * 1000 / bytes_a_second)
            content = file.read(min(size, HEAD)) if name in (b"fmt ", b"ds64") else b""
            file.seek(size + size % 2 - len(content), 1)
            if name == b"fmt " and len(content) >= 14:
                kind, _, rate, _, size_of_all = struct.unpack_from("<HHIIH", content)
                bytes_a_second = rate * size_of_all if kind in UNCOMPRESSED else 0
            elif name == b"ds64" and len(content) >= 16:
                long_size = struct.unpack_from("<Q", content, 8)[0]
    return None


@dataclass(frozen=True)
class Frame:
    """One MP3 frame: its bytes, its samples and how many of them are heard in a second."""

    size: int
    samples: int
    rate: int


def mp3_ms(source: Path) -> int | None:
    """Return the length in ms by the frames that an MP3 file's first frame counts; None if it counts none."""
    with source.open("rb") as file:
        content = _content(file.fileno())
        start = _first_frame(content)
        if start is None or (frame := _frame(content, start)) is None:
            return None
        head = content[start : start + FIRST_FRAME]
    tag = max(head.find(b"Xing"), head.find(b"Info"))
    if tag >= 0 and len(head) >= tag + 12 and head[tag + 7] & 1:
        frames = int.from_bytes(head[tag + 8 : tag + 12])
    elif head[36:40] == b"VBRI":
        frames = int.from_bytes(head[50:54])
    else:
        return None
    return round(frames * frame.samples * 1000 / frame.rate) or None


def mp3_breaks_off(source: Path) -> bool:
    """Return whether an MP3 file ends inside a frame: an encoder only writes whole ones.

    A file in which something else follows the last frame, such as a tag, does not break off.
    """
    with source.open("rb") as file:
        content = _content(file.fileno())
        place = _first_frame(content)
        while place is not None and place < len(content):
            frame = _frame(content, place)
            if frame is None:
                return False
            place += frame.size
    return place is not None and place > len(content)


def ogg_breaks_off(source: Path) -> bool:
    """Return whether an Ogg file ends inside a page (RFC 3533, section 6): programs only write whole ones."""
    with source.open("rb") as file:
        content = _content(file.fileno())
        place = 0
        while content[place : place + 4] == b"OggS":
            head = content[place : place + OGG_HEAD]
            sizes = content[place + OGG_HEAD : place + OGG_HEAD + head[-1]]  # of the pieces of the page
            place += OGG_HEAD + head[-1] + sum(sizes)
            if len(head) < OGG_HEAD or place > len(content):
                return True
    return False


def _content(number: int) -> "mmap.mmap | bytes":
    try:
        return mmap.mmap(number, 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped
        return b""


def _first_frame(content: "mmap.mmap | bytes") -> int | None:
    """Return where the first MP3 frame begins that others follow, behind ID3 tags (with cover art)."""
    begin = 0
    while content[begin : begin + 3] == b"ID3" and len(content) >= begin + 10:
        head = content[begin : begin + 10]
        size = sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
        begin += 10 + size + (10 if head[5] & 0x10 else 0)
    for place in range(begin, min(begin + SEARCHED, len(content))):
        if content[place] == 0xFF and _in_a_row(content, place):
            return place
    return None


def _in_a_row(content: "mmap.mmap | bytes", place: int) -> bool:
    for _ in range(IN_A_ROW):
        frame = _frame(content, place)
        if frame is None:
            return False
        place += frame.size
    return True


def _frame(content: "mmap.mmap | bytes", place: int) -> Frame | None:
    """Return the frame of MPEG layer 2 or 3 whose header is at this place."""
    head = content[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3  # 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
    bits, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer not in (1, 2) or bits in (0, 15) or rate == 3:
        return None
    full = version == 3
    table = KBITS["half rate" if not full else "layer 2" if layer == 2 else "layer 3"]
    hertz = RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    samples = 1152 if full or layer == 2 else 576
    return Frame(samples // 8 * table[bits - 1] * 1000 // hertz + (head[2] >> 1 & 1), samples, hertz)
