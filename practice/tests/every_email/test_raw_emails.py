"""Every email in both languages, as the bytes that a mail server gets: right in form, the same in its parts.

Each check has a control beside it: an email with one fault, which it must find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from email.policy import SMTP

import pytest

from practice.core.locales.readers import CODES
from practice.mail.kinds import KINDS
from practice.models import Letter
from practice.tests.every_email import content_checks, wire_checks
from practice.tests.every_email.composed import Composed, body_of, compose_all, parsed
from practice.tests.every_email.scene import ABOUT_A_BODY, SITE

Check = Callable[[Composed], Iterator[str]]
Fault = Callable[[Composed], Composed]


@pytest.fixture(scope="module")
def emails(module_db: None) -> list[Composed]:
    """All of them, composed once."""
    return compose_all()


def in_bytes(before: bytes, after: bytes) -> Fault:
    """Return a fault of the bytes."""
    return lambda one: replace(one, raw=one.raw.replace(before, after))


def in_text(subtype: str, before: str, after: str) -> Fault:
    """Return a fault of one part's text, in whatever way it is encoded."""

    def faulty(one: Composed) -> Composed:
        message = parsed(one.raw)
        part = message.get_body((subtype,))
        assert part
        text = body_of(message, subtype)
        part.set_content(text.replace(before, after), subtype=subtype, cte="quoted-printable")
        return replace(one, raw=message.as_bytes(policy=SMTP))

    return faulty


def html(before: str, after: str) -> Fault:
    """Return a fault of the HTML."""
    return in_text("html", before, after)


def before_end(extra: str) -> Fault:
    """Return the fault that the HTML has something more."""
    return html("</body>", f"{extra}</body>")


def header(line: bytes) -> Fault:
    """Return the fault of one header more."""
    return in_bytes(b"Auto-Submitted:", line + b"\r\nAuto-Submitted:")


def subject(words: str) -> Fault:
    """Return the fault of another subject."""

    def faulty(one: Composed) -> Composed:
        message = parsed(one.raw)
        message.replace_header("Subject", words)
        return replace(one, raw=message.as_bytes(policy=SMTP))

    return faulty


LONG = b"word " * 20
CONFIRMED, FOLLOWED = "client confirmation", "other follow up"
#: Check, a fault that it must find, and in which email.
CONTROLS: list[tuple[Check, Fault, str]] = [
    (wire_checks.defects, lambda one: replace(one, raw=one.raw.rstrip()[:-8]), CONFIRMED),
    (wire_checks.defects, in_bytes(b"To: ", b"To: (:@, "), CONFIRMED),
    (wire_checks.lines, in_bytes(b"\r\n", b"\n"), CONFIRMED),
    (wire_checks.lines, header(b"X-Long: " + b"x" * 1000), CONFIRMED),
    (wire_checks.lines, header(b"X-Long: " + LONG), CONFIRMED),
    (wire_checks.encodings, in_bytes(b"Zo=C3=AB", "Zoë".encode()), CONFIRMED),
    (wire_checks.encodings, in_bytes(b"quoted-printable", b"8bit"), CONFIRMED),
    (wire_checks.encodings, in_bytes(b"-printable\r\n\r\n", b"-printable\r\n\r\n" + b"x" * 80), CONFIRMED),
    (wire_checks.headers, in_bytes(b"Auto-Submitted:", b"X-Other:"), CONFIRMED),
    (wire_checks.headers, in_bytes(b"Message-ID: <", b"Message-ID: <x@elsewhere.example> <"), FOLLOWED),
    (wire_checks.headers, header(b"Subject: Again"), CONFIRMED),
    (wire_checks.headers, in_bytes(b"@juniper.example>\r\nAuto", b"@elsewhere.example>\r\nAuto"), CONFIRMED),
    (wire_checks.headers, in_bytes(b"Reply-To: hello@", b"Reply-To: zoe@"), CONFIRMED),
    (wire_checks.headers, in_bytes(b"<zoe@", b"<ann@example.com>, <zoe@"), CONFIRMED),
    (wire_checks.headers, in_bytes(b"auto-generated", b"no"), CONFIRMED),
    (wire_checks.way_out, in_bytes(b"List-Unsubscribe-Post:", b"X-Other:"), FOLLOWED),
    (wire_checks.way_out, header(f"List-Unsubscribe: <{SITE}/>".encode()), CONFIRMED),
    (wire_checks.privacy, subject("About your pain"), CONFIRMED),
    (wire_checks.privacy, subject("Su dolor de espalda"), FOLLOWED),
    (wire_checks.privacy, before_end(ABOUT_A_BODY), "staff asked"),
    (wire_checks.parts, in_bytes(b"Content-Type: text/plain", b"Content-Type: text/enriched"), CONFIRMED),
    (wire_checks.parts, in_bytes(b'method="REQUEST"', b'method="CANCEL"'), CONFIRMED),
    (wire_checks.parts, in_bytes(b"METHOD:REQUEST", b"METHOD:CANCEL"), CONFIRMED),
    (wire_checks.parts, in_bytes(b"application/pdf", b"application/octet-stream"), "client paid"),
    (content_checks.same_facts, in_text("plain", "10:00", "11:00"), CONFIRMED),
    (content_checks.same_facts, html("$140", "$120"), CONFIRMED),
    (content_checks.same_facts, html("Madrid", "Denver"), "client series booked"),
    (content_checks.same_facts, html("Juniper Street,", "Elm Street,"), CONFIRMED),
    (content_checks.same_facts, in_text("plain", f"{SITE}/appoint", f"{SITE}/other"), CONFIRMED),
    (content_checks.same_facts, html('class="preheader"', 'class="preheader">Friday, 3:15 PM<i '), CONFIRMED),
    (content_checks.own_links, html(f'href="{SITE}', 'href="https://click.example'), CONFIRMED),
    (content_checks.language, html('lang="en"', 'lang="es"'), CONFIRMED),
    (content_checks.language, html(' lang="en"', ""), CONFIRMED),
    (content_checks.own_dates, in_text("plain", "Friday,", "viernes,"), CONFIRMED),
    (content_checks.own_dates, subject("10:00 a.m."), CONFIRMED),
    (content_checks.periods, before_end("At 10:00 a.m.."), CONFIRMED),
    (content_checks.harmless, before_end(f'<img src="{SITE}/pixel.gif">'), CONFIRMED),
    (content_checks.harmless, before_end("<form></form>"), CONFIRMED),
    (content_checks.harmless, html("<style>", "<style>@import 'a.css';"), CONFIRMED),
    (content_checks.harmless, html("background: ", "background: url(a.png) "), CONFIRMED),
    (content_checks.size, before_end("x" * 60_000), CONFIRMED),
    *((content_checks.remnants, before_end(what), CONFIRMED) for what in ("{{ a }}", "{% a", "%(a)s")),
    (content_checks.remnants, subject("None"), CONFIRMED),
    (content_checks.remnants, before_end("&amp;amp;"), CONFIRMED),
]
CHECKS: tuple[Check, ...] = (*wire_checks.CHECKS, *content_checks.CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_email_is_wrong(emails: list[Composed], check: Check) -> None:
    wrong = [f"{one}: {wrong}" for one in emails for wrong in check(one)]
    print("\n".join(wrong))
    assert wrong == []


@pytest.mark.parametrize(("check", "fault", "name"), CONTROLS)
def test_control_a_wrong_email_is_found(
    emails: list[Composed], check: Check, fault: Fault, name: str
) -> None:
    one = next(one for one in emails if one.name == name and one.language == "en")
    assert list(check(one)) == []
    assert list(check(fault(one)))


def test_every_check_has_a_control() -> None:
    assert {check for check, _fault, _name in CONTROLS} == set(CHECKS)


def test_every_kind_is_composed_in_every_language(emails: list[Composed]) -> None:
    by_email = {kind for kind in KINDS if not kind.startswith("text_")}
    assert {(one.kind, one.language) for one in emails} == {
        (kind, language) for kind in by_email for language in CODES
    }
    texts = {kind for kind, rules in KINDS.items() if rules.needs_no_person and not rules.is_to_ourselves}
    assert texts == set(KINDS) - by_email


def test_only_what_encourages_has_a_way_out(emails: list[Composed]) -> None:
    assert {one.kind for one in emails if one.message["List-Unsubscribe"]} == {
        kind for kind, rules in KINDS.items() if rules.category == Letter.Category.ENCOURAGEMENT
    }
