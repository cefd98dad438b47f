"""What the bytes of an email must be, whatever it says. Each check returns what is wrong, in words."""

from __future__ import annotations

import quopri
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from email.errors import MessageDefect
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from practice.mail.kinds import KINDS
from practice.models import Letter
from practice.tests.every_email.composed import Composed
from practice.tests.every_email.scene import ABOUT_A_BODY

OWN_DOMAIN = "juniper.example"
REQUIRED = {"from", "to", "subject", "date", "message-id", "mime-version", "reply-to", "auto-submitted"}
#: Of a line (RFC 5322, 2.1.1); of a line that can be folded; of an encoded line (RFC 2045, 6.7).
LONGEST, FOLDED, ENCODED = 998, 78, 76
#: In no header of any email, in either language.
OF_BODIES = re.compile(
    r"\b(pains?|hurts?|aches?|injur\w*|symptoms?|diagnos\w*|medic\w*|surger\w*|pregnan\w*|sciatica|knees?"
    r"|dolor\w*|duele|lesi[oó]n\w*|s[ií]ntomas?|cirug[ií]a|embaraz\w*|espalda|rodillas?|movement|movimiento)\b",
    re.IGNORECASE,
)


def defects(one: Composed) -> Iterator[str]:
    """Name each part in which a strict reader finds a defect."""
    for part in one.message.walk():
        found: list[MessageDefect] = list(part.defects)
        for name, value in part.items():
            found += [*getattr(value, "defects", ())]
            if "\n" in str(value):
                yield f"{name} has several lines"
        yield from (f"{part.get_content_type()}: {type(defect).__name__}" for defect in found)


def lines(one: Composed) -> Iterator[str]:
    """Name lines that end otherwise than by CRLF, are too long, or could be folded and are not."""
    ends = [one.raw.count(end) for end in (b"\r", b"\n", b"\r\n")]
    if len(set(ends)) != 1:
        yield f"ends of lines: {ends}"
    for line in one.raw.split(b"\r\n"):
        if len(line) > LONGEST:
            yield f"a line of {len(line)} bytes"
    head = one.raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    for line in head.split("\r\n"):
        value = line.lstrip() if line[:1].isspace() else line.partition(": ")[2]
        if len(line) > FOLDED and " " in value.strip():
            yield f"a header that is not folded: {line[:40]}…"


def encodings(one: Composed) -> Iterator[str]:
    """Name parts whose bytes are not what their Content-Transfer-Encoding says; 8bit is none of ours."""
    if not one.raw.isascii():
        yield "bytes beyond ASCII, which a server may not take (RFC 6152)"
    for part in one.message.walk():
        if part.is_multipart():
            continue
        said, payload = str(part.get("Content-Transfer-Encoding", "7bit")).lower(), part.get_payload()
        assert isinstance(payload, str)
        if said not in ("7bit", "quoted-printable", "base64"):
            yield f"{part.get_content_type()} goes as {said}"
        elif said != "7bit" and max(map(len, payload.splitlines()), default=0) > ENCODED:
            yield f"{part.get_content_type()} has long lines of {said}"
        elif said == "base64" and not b64decode(payload, validate=False):
            yield f"{part.get_content_type()} is empty"
        elif said == "quoted-printable" and b"=\n" in quopri.decodestring(payload.encode()):
            yield f"{part.get_content_type()} is encoded twice"


def headers(one: Composed) -> Iterator[str]:
    """Name headers that are missing, there twice, or not as they must be."""
    message = one.message
    count = Counter(name.lower() for name, _value in message.items())
    yield from (f"no {name}" for name in sorted(REQUIRED - set(count)))
    yield from (f"{name} is there {times} times" for name, times in count.items() if times > 1)
    if REQUIRED - set(count):
        return
    if not str(message["Message-ID"]).endswith(f"@{OWN_DOMAIN}>"):
        yield "a Message-ID of another domain"
    if message["Auto-Submitted"] != "auto-generated":
        yield "not marked as automatic"
    if [message[name].addresses[0].addr_spec for name in ("From", "Reply-To")] != [f"hello@{OWN_DOMAIN}"] * 2:
        yield "From or Reply-To is not the practice's address"
    if len(message["To"].addresses) != 1 or not message["To"].addresses[0].addr_spec.isascii():
        yield f"To: {message['To']}"
    if parsedate_to_datetime(str(message["Date"])).tzinfo is None and "-0000" not in str(message["Date"]):
        yield "a Date without a zone"
    if not str(message["Subject"]).strip():
        yield "no subject"


def way_out(one: Composed) -> Iterator[str]:
    """Name a way out that is missing from what encourages, or is in any other email (RFC 8058)."""
    found = [str(one.message.get(name, "")).strip() for name in ("List-Unsubscribe", "List-Unsubscribe-Post")]
    if KINDS[one.kind].category != Letter.Category.ENCOURAGEMENT:
        if any(found):
            yield "a way out of what has none"
    elif not re.fullmatch(r"<https://portal\.juniper\.example/\S+>", found[0]) or (
        found[1] != "List-Unsubscribe=One-Click"
    ):
        yield f"no way out: {found}"


def privacy(one: Composed) -> Iterator[str]:
    """Name words about a body in a header, and a client's own words anywhere."""
    head = "\n".join(f"{name}: {value}" for name, value in one.message.items())
    yield from (f"{word[0]} in a header" for word in OF_BODIES.finditer(head))
    if ABOUT_A_BODY in one.text + one.html + head:
        yield "a client's words about their body"


def parts(one: Composed) -> Iterator[str]:
    """Name what is wrong with the order of the parts: text, HTML, then the calendar; files after them."""
    shape = [part.get_content_type() for part in one.message.walk()]
    body = ["multipart/alternative", "text/plain", "text/html"]
    files = shape[len(body) + 1 :]
    if shape == body:
        return
    if shape[: len(body) + 1] != ["multipart/mixed", *body]:
        yield f"parts: {shape}"
    elif files == ["text/calendar", "application/ics"]:
        calendar = next(part for part in one.message.walk() if part.get_content_type() == "text/calendar")
        yield from _calendar(calendar)
    elif set(files) not in ({"application/ics"}, {"application/pdf"}):
        yield f"files: {files}"


def _calendar(part: EmailMessage) -> Iterator[str]:
    method = part["Content-Type"].params.get("method")
    if f"METHOD:{method}\r\n" not in part.get_content().replace("\n", "\r\n").replace("\r\r", "\r"):
        yield f"the calendar's method is not {method}"


CHECKS = (defects, lines, encodings, headers, way_out, privacy, parts)
