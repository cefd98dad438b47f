"""What goes over the wire is signed: receivers verify it, and see both headers of the unsubscribe button."""

from __future__ import annotations

import re
from collections.abc import Iterator

import dkim
import pytest
from pytest_django.fixtures import Settings

from practice.core.env import BadSetting
from practice.mail.delivery import deliver
from practice.mail.post import Attachment
from practice.sender_domain.dkim_settings import dkim_key, dkim_selector
from practice.tests.mail.builders import make_letter
from practice.tests.mail.server import MailServer, mail_server
from practice.tests.sender_domain.keys import private_key, public_record

pytestmark = pytest.mark.django_db
WAY_OUT = {
    "List-Unsubscribe": f"<https://juniper.example/email/{'a1B2-' * 40}/>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Sitzung für Åsa\r\nEND:VCALENDAR\r\n"
INVITE = {
    "filename": "invite.ics",
    "content_type": Attachment.calendar("", method="REQUEST").content_type,
    "content": CALENDAR,
}


@pytest.fixture
def smtp(settings: Settings) -> Iterator[MailServer]:
    """A real mail server, and a key to sign with."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "hello@juniper.example"
        settings.DKIM_SELECTOR, settings.DKIM_KEY = "portal", private_key()
        yield server


def on_the_wire(smtp: MailServer, **fields: object) -> bytes:
    letter = make_letter("newsletter", **fields)
    assert deliver.step(now=letter.due_at)
    return smtp.wire[-1]


def verifies(raw: bytes, record: str = "") -> bool:
    """Whether a receiver takes the signature, by the record in the DNS."""
    names = {b"portal._domainkey.juniper.example.": (record or public_record()).encode()}
    return dkim.verify(raw, dnsfunc=lambda name, **_: names.get(name))


LONG = "Zoë, über und über " * 100
EMAILS = [
    {},
    {"headers": WAY_OUT},
    {"subject": f"Zoë, {'übermorgen und ' * 12}", "to_name": "Zoë Ångström"},
    {"text": f"{LONG}\n.\n..\nFrom here\n \n\n\n", "html": f"<p>{LONG}</p>\n<p>  two  blanks </p>\n"},
    {"attachments": [INVITE], "headers": WAY_OUT},
]


@pytest.mark.parametrize("fields", EMAILS)
def test_a_receiver_verifies_what_the_mail_server_took(smtp, fields):
    assert verifies(on_the_wire(smtp, **fields))


def test_both_headers_of_the_unsubscribe_button_are_signed_and_from_is_twice(smtp):
    raw = on_the_wire(smtp, headers=WAY_OUT).decode("ascii")
    signature = re.search(r"^DKIM-Signature: (.*?)\r\n(?!\s)", raw, re.M | re.S)[1]
    names = [name.strip() for name in re.search(r"h=([^;]+);", signature)[1].split(":")]

    assert {"list-unsubscribe", "list-unsubscribe-post", "to", "subject", "date", "message-id"} <= set(names)
    assert names.count("from") == 2
    assert "d=juniper.example;" in signature


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=None"),
        (b"https://juniper.example/email/", b"https://thief.example/email/"),
        (b"Tuesday at nine.", b"Tuesday at ten."),
        (b"From: Tess", b"From: Thief <x@thief.example>\r\nFrom: Tess"),
    ],
)
def test_a_change_on_the_way_is_noticed(smtp, before, after):
    raw = on_the_wire(smtp, headers=WAY_OUT)
    assert before in raw

    assert not verifies(raw.replace(before, after))


def test_another_key_in_the_dns_does_not_verify(smtp):
    assert not verifies(on_the_wire(smtp), public_record(1024))


def test_every_byte_is_ascii_so_that_no_relay_has_to_rewrite_it(smtp):
    assert on_the_wire(smtp, text=LONG, html=f"<p>{LONG}</p>", attachments=[INVITE]).isascii()


def test_a_domain_with_an_umlaut_is_signed_in_its_ascii_form(smtp, settings):
    settings.DEFAULT_FROM_EMAIL = "hello@bücher.example"

    assert b"d=xn--bcher-kva.example;" in on_the_wire(smtp)


def test_without_a_key_nothing_is_signed(smtp, settings):
    settings.DKIM_KEY = b""

    assert b"DKIM-Signature" not in on_the_wire(smtp)


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
def test_both_usual_forms_of_a_key_can_be_used(smtp, settings, tmp_path, form):
    path = tmp_path / "key.pem"
    path.write_bytes(private_key(form=form))
    settings.DKIM_KEY = dkim_key("DKIM_KEY_FILE", str(path), "portal")

    assert verifies(on_the_wire(smtp))


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None]
)
def test_a_file_without_a_key_stops_the_start(tmp_path, content):
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadSetting, match="DKIM_KEY_FILE: "):
        dkim_key("DKIM_KEY_FILE", str(path), "portal")


@pytest.mark.parametrize(("path", "selector"), [("key.pem", ""), ("", "portal")])
def test_half_of_the_two_settings_stops_the_start(path, selector):
    with pytest.raises(BadSetting, match="only one of"):
        dkim_key("DKIM_KEY_FILE", path, selector)


@pytest.mark.parametrize("raw", ["Portal", "a b", "-a", "a..b", "ü", "a" * 64])
def test_a_selector_that_no_dns_name_can_have_stops_the_start(raw):
    with pytest.raises(BadSetting, match="DKIM_SELECTOR"):
        dkim_selector("DKIM_SELECTOR", raw)
