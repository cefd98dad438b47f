"""What goes over the wire, read back from the files of the outbox."""

import email
import email.policy
from collections import Counter

import pytest
from django.core.mail import get_connection

from practice.mail.channels.message_bytes import ShortLinesAsTheyAre, as_bytes
from practice.mail.channels.smtp import message_for
from practice.mail.composing.headers import usable_address
from practice.mail.delivery import deliver
from practice.mail.post import Attachment
from practice.mail_events.sources import WebhookSecret
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.django_db

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Sitzung für Åsa\r\nEND:VCALENDAR\r\n"
INVITE = {
    "filename": "invite.ics",
    "content_type": Attachment.calendar("", method="REQUEST").content_type,
    "content": CALENDAR,
}
WAY_OUT = f"<https://juniper.example/email/{'a1B2-' * 25}/>"
WORDY = {
    "subject": "Zoë, Ihre nächste Sitzung: " + " und ".join(["übermorgen und überübermorgen"] * 5),
    "text": "Zoë, " + "über und über " * 200 + "\n.\nEnde.\n",
    "html": "<p>" + "über und über " * 400 + "</p>\n<p>Kurz: später.</p>",
    "attachments": [INVITE],
    "headers": {"List-Unsubscribe": WAY_OUT},
}


@pytest.fixture
def outbox(settings, tmp_path):
    """The folder the letters go to."""
    settings.DEFAULT_FROM_EMAIL = "hello@juniper.example"
    settings.EMAIL_BACKEND = "practice.mail.channels.outbox.OutboxBackend"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return settings.OUTBOX_DIR


def sent(outbox, **fields):
    letter = make_letter(**fields)
    assert deliver.step(now=letter.due_at)
    (file,) = outbox.iterdir()
    return letter, email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def kinds_of_parts(message):
    return [part.get_content_type() for part in message.walk()]


def test_each_header_is_shown_once(outbox):
    letter, message = sent(outbox, headers={"List-Unsubscribe": "<https://juniper.example/email/x/>"})
    count = Counter(name.lower() for name in message.keys())  # noqa: SIM118  (names repeat)
    assert set(count.values()) == {1}
    assert {"from", "to", "subject", "date", "message-id", "reply-to", "list-unsubscribe"} <= set(count)
    assert message["From"] == "Tess Marlow <hello@juniper.example>"
    assert message["To"] == "Ann Hale <ann@example.com>"
    assert message["Reply-To"] == "hello@juniper.example"
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-generated"


def test_text_comes_first_then_html(outbox):
    _letter, message = sent(outbox)
    assert kinds_of_parts(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().strip() == "Tuesday at nine."


def test_an_invitation_is_a_third_way_to_say_it_and_a_file_to_keep(outbox):
    _letter, message = sent(outbox, attachments=[INVITE])
    assert kinds_of_parts(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    inline, file = [part for part in message.walk() if part.get_content_subtype() in ("calendar", "ics")]
    assert inline["Content-Type"].params["method"] == "REQUEST"
    assert inline["Content-Type"].params["charset"].lower() == "utf-8"
    assert inline["Content-Disposition"] is None
    assert file.get_filename() == "invite.ics"
    assert inline.get_payload(decode=True) == file.get_payload(decode=True) == CALENDAR.encode()


@pytest.mark.parametrize(
    "name",
    [
        *('Zoë "Z" <Ünal>, PhD', "Ann, Hale; Dr", "李雷", "a" * 150, "ü" * 150, "Ann\nBcc: x@y.example"),
        *("Ann\r\nBcc: x@y.example", "Zoë 🧘🏽‍♀️", "דנה לוי", "Ann \u202eelaH"),
    ],
)
def test_any_name_makes_one_recipient(outbox, name):
    _letter, message = sent(outbox, to_name=name, from_name=name)
    (to,) = message["To"].addresses
    assert to.addr_spec == "ann@example.com"
    assert to.display_name == " ".join(name.split())
    assert message["Bcc"] is None


def test_a_long_line_and_a_lone_dot_arrive_as_written(outbox):
    words = "é" * 5000 + "\n.\nFrom here on.\n"
    _letter, message = sent(outbox, text=words)
    assert message.get_body(("plain",)).get_content().splitlines() == words.splitlines()


def test_a_file_is_named_by_time_and_a_number_and_only_its_owner_reads_it(outbox):
    sent(outbox)
    (file,) = outbox.iterdir()
    stamp, number = file.stem.split("-")
    assert stamp.endswith("Z")
    assert len(number) == 12
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o077 == 0


class Line:
    """The place of a connection to a mail server: it keeps what was said."""

    said = b""

    def sendmail(self, _sender, _to, content):
        """Take it."""
        self.said = content


def over_smtp(letter):
    postbox = get_connection("django.core.mail.backends.smtp.EmailBackend")
    postbox.connection = Line()
    assert postbox.send_messages([message_for(letter)]) == 1
    return postbox.connection.said


def to_a_file(letter):
    return as_bytes(message_for(letter))


either_way = pytest.mark.parametrize("wire", [over_smtp, to_a_file])


@either_way
def test_every_line_ends_as_mail_wants_it_and_none_is_too_long(wire):
    content = wire(make_letter(**WORDY))
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    subject = content.split(b"\r\nSubject:")[1].split(b"\r\nFrom:")[0]
    assert subject.isascii()
    assert max(len(line) for line in subject.split(b"\r\n")) <= 78


@either_way
def test_every_byte_is_ascii_which_every_server_takes(wire):
    letter = make_letter(**WORDY)
    assert wire(letter).isascii()
    assert not "".join((letter.subject, letter.text, letter.html)).isascii()


@either_way
def test_a_long_way_out_stays_readable_to_a_program_that_decodes_nothing(wire):
    head = wire(make_letter(**WORDY)).split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    (line,) = [line for line in head.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert line.split() == [b"List-Unsubscribe:", WAY_OUT.encode()]


@either_way
def test_words_beyond_ascii_and_long_lines_arrive_as_written(wire):
    message = email.message_from_bytes(wire(make_letter(**WORDY)), policy=email.policy.default)
    assert message["Subject"].strip() == WORDY["subject"]
    for kind in ("plain", "html"):
        written = WORDY["text" if kind == "plain" else "html"]
        assert message.get_body((kind,)).get_content().splitlines() == written.splitlines()
    (calendar,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert calendar.get_payload(decode=True) == CALENDAR.encode()


def test_bounces_go_to_an_address_of_their_own_and_the_reader_sees_the_practices(settings):
    settings.DEFAULT_FROM_EMAIL, settings.BOUNCE_ADDRESS = "hello@juniper.example", "bounces@juniper.example"
    message = message_for(make_letter())

    assert message.from_email == "bounces@juniper.example"
    assert message.message()["From"] == "Tess Marlow <hello@juniper.example>"


def test_postmark_keeps_our_message_id_and_is_told_it_as_metadata(settings):
    settings.EMAIL_EVENTS = WebhookSecret("postmark", "user:a-long-password")
    letter = make_letter()
    message = message_for(letter).message()

    assert message["Message-ID"] == letter.message_id
    assert message["X-PM-KeepID"] == "true"
    assert message["X-PM-Metadata-message-id"] == letter.message_id.strip("<>")


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("ann@example.com", "ann@example.com"),
        ("Ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("ann@例え.テスト", "ann@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_an_international_domain_is_sent_in_its_ascii_form(address, sent):
    usable = usable_address(address)
    message = message_for(make_letter(to_address=usable, reply_to=usable)).message()

    assert (message["To"], message["Reply-To"]) == (f"Ann Hale <{sent}>", sent)


@pytest.mark.parametrize(
    "address",
    [
        "ann@☃.example",
        "ann@-bücher-.example",
        "zoë@example.com",
        "ann@example.com\r\nBcc: x@example.org",
        "ann\r\n@example.com",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 40}.example",
        f"ann@{'ü' * 60}.example",
        "ann",
        "",
        None,
    ],
)
def test_an_address_that_no_server_takes_is_no_address(address):
    assert usable_address(address) == ""


@pytest.mark.parametrize(
    "value",
    [
        *(
            "A time for you",
            '"Ann Lee" <ann@example.com>',
            "1.0",
            "",
            "x" * 58,
            "x" * 59,
            "x" * 60,
            "x" * 120,
        ),
        *("a " * 29 + "b", "a " * 30 + "b", "a, " * 50, "two  spaces", " in front", "behind ", "a\tb"),
        *("Zoë", "=?utf-8?q?Zo=C3=AB?=", "two\n lines", "a\x00b", "über und über " * 20),
    ],
)
def test_a_header_that_is_written_as_it_is_reads_as_python_writes_it(value):
    as_it_is, as_ever = (
        policy.clone(linesep="\r\n").fold_binary("Subject", value)
        for policy in (ShortLinesAsTheyAre(), email.policy.compat32)
    )
    assert as_it_is == as_ever
