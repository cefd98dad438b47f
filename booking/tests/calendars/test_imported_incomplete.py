"""A calendar counts as read only if it was read to its end: what breaks off says so, and frees nothing."""

from __future__ import annotations

import gzip
import random
import zlib
from typing import Any

import pytest

from booking.calendars.importing import wording as importing_wording
from booking.calendars.importing.busy import Unreadable, read
from booking.calendars.importing.fetch import NotFetched, fetch
from booking.tests.calendars.test_imported_busy import DENVER, FIRST, ONCE, UNTIL, WEEKLY, file
from booking.tests.calendars.test_imported_fetch import Server, server
from practice.tests.sampling import SEED, size

__all__ = ["server"]

ZONE = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:-0700
TZOFFSETTO:-0700
END:STANDARD
END:VTIMEZONE
"""
OWN = "DTSTART;TZID=Our own:20270317T100000\nDTEND;TZID=Our own:20270317T110000\nSUMMARY:é\n folded"
ALARM = "BEGIN:VALARM\nTRIGGER:-PT15M\nEND:VALARM"
WHOLE = (
    file(WEEKLY, f"{ONCE}\n{ALARM}", OWN)
    .replace(b"PRODID:-//x//EN\n", f"X-WR-TIMEZONE:America/Denver\n{ZONE}".encode())
    .replace(b"\n", b"\r\n")
    + b"\r\n"
)
SHAPES = {
    "as the standard has it": WHOLE,
    "line feeds": WHOLE.replace(b"\r\n", b"\n"),
    "carriage returns": WHOLE.replace(b"\r\n", b"\r"),
    "no last line end": WHOLE.rstrip(),
    "with a mark": b"\xef\xbb\xbf" + WHOLE,
    "followed by a warning": WHOLE + b"<br />\nWarning: Cannot modify header information\n",
    "followed at once": WHOLE.rstrip() + b"<br />\n<b>Warning</b>: Cannot modify header information\n",
    "lower case": WHOLE.replace(b"BEGIN:V", b"begin:v").replace(b"END:V", b"end:v"),
}


def busy(data: bytes) -> list[Any] | str:
    """What it is busy, or the code of the refusal."""
    try:
        return read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    except Unreadable as error:
        return error.code


@pytest.mark.parametrize("shape", SHAPES)
def test_every_prefix_of_a_file_is_refused_or_gives_all(shape):
    """All prefixes of one shape, and of the others a sample: there, only the length of a line end differs."""
    data = SHAPES[shape]
    every = shape == "as the standard has it"
    ends = [*range(1, 40), *range(len(data) - 4, len(data))]
    cuts = range(len(data)) if every else random.Random(SEED).sample(range(len(data)), 60) + ends
    whole = busy(data)
    assert len(whole) == 3
    answers = {cut: busy(data[: len(data) - cut if not every else cut]) for cut in cuts}
    assert {cut: what for cut, what in answers.items() if what not in (whole, "part", "empty")} == {}


def test_a_large_file_cut_anywhere_is_refused():
    """60 cuts of 400 kB: a kind of place that a hundredth of the file consists of is missed with 0.99^60."""
    data = file(*[f"{ONCE}\nDESCRIPTION:{'x' * 200}\n {'y' * 60}"] * 1_000)
    cuts = random.Random(SEED).sample(range(len(data) - 16), size(sampled=60, full=2_000))
    assert {busy(data[:cut]) for cut in cuts} == {"part"}


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VCALENDAR", 2),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VALARM\nEND:VEVENT\nEND:VCALENDAR", 3),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VCALENDAR", 2),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR", 2),
        ("BEGIN:VCALENDAR\nVERSION:2.0", 1),
    ],
)
def test_what_does_not_end_is_said_with_its_line(bad, line):
    with pytest.raises(Unreadable) as refusal:
        read(bad.encode(), first=FIRST, until=UNTIL, zone=DENVER)
    assert (refusal.value.code, refusal.value.line) == ("part", line)
    assert f"line {line} " in importing_wording.of_reading("part", line)


def test_an_entry_whose_beginning_is_missing_is_a_damaged_file():
    with pytest.raises(Unreadable) as refusal:
        read(b"BEGIN:VCALENDAR\nUID:1\nEND:VEVENT\nEND:VCALENDAR", first=FIRST, until=UNTIL, zone=DENVER)
    assert (refusal.value.code, refusal.value.line) == ("damaged", 3)


# --- Over a real socket ------------------------------------------------------------------------------


def sends(server: Server, path: str, *lines: str, body: bytes) -> str:
    """An answer whose head is written by hand; the connection is closed after it."""

    def give(handler: Any) -> None:
        handler.close_connection = True
        handler.wfile.write(
            "\r\n".join(["HTTP/1.1 200 OK", *lines, "Connection: close", "", ""]).encode() + body
        )

    server.answers[path] = give
    return server.url(path)


def chunked(data: bytes) -> bytes:
    pieces = [data[at : at + 200] for at in range(0, len(data), 200)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = gzip.compress(WHOLE)
WAYS = {
    "a length": ([f"Content-Length: {len(WHOLE)}"], WHOLE),
    "no length": ([], WHOLE),
    "chunks": (["Transfer-Encoding: chunked"], chunked(WHOLE)),
    "gzip, no length": (["Content-Encoding: gzip"], PACKED),
    "gzip, a length": (["Content-Encoding: gzip", f"Content-Length: {len(PACKED)}"], PACKED),
    "gzip in two": (["Content-Encoding: gzip"], gzip.compress(WHOLE[:500]) + gzip.compress(WHOLE[500:])),
    "gzip in chunks": (["Content-Encoding: gzip", "Transfer-Encoding: chunked"], chunked(PACKED)),
    "deflate": (["Content-Encoding: deflate"], zlib.compress(WHOLE)),
    "deflate, as some understand it": (["Content-Encoding: deflate"], raw_deflate(WHOLE)),
}


def outcome(url: str, server: Server) -> list[Any] | str:
    try:
        return busy(fetch(url, allowed=server.here).body or b"")
    except NotFetched as error:
        return error.code


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_breaks_off_anywhere_frees_nothing(server, way):
    head, body = WAYS[way]
    assert outcome(sends(server, "/whole", *head, body=body), server) == busy(WHOLE)
    cuts = random.Random(SEED).sample(range(len(body) - 7), size(sampled=4, full=60))
    cuts += [0, len(body) // 2, len(body) - 8 - (3 if way in ("a length", "no length") else 0)]
    answers = {outcome(sends(server, f"/{cut}", *head, body=body[:cut]), server) for cut in cuts}
    assert answers <= {"part", "empty"}


def test_a_length_that_is_too_short_is_found_by_the_file(server):
    there = sends(server, "/short", f"Content-Length: {len(WHOLE) - 20}", body=WHOLE)
    assert outcome(there, server) == "part"
