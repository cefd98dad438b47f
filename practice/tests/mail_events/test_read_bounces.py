"""The mailbox for bounces is read message by message: each counts once, and none stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from practice.mail.suppression import suppression_of
from practice.mail_events.actions import read_bounces as reading
from practice.mail_events.actions.read_bounces import MailboxSilent, read_bounces
from practice.models import EmailEvent, Letter, Suppression
from practice.tasks import read_the_bounces
from practice.tests.mail.builders import make_letter
from practice.tests.mail_events.imap_server import ImapServer, imap_server

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.mail_events.actions.record")]
SAMPLES = Path(__file__).parent / "samples"
OURS = b"<0123456789abcdef0123456789abcdef@juniper.example>"


@pytest.fixture
def letter() -> Letter:
    return make_letter(state="sent")


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


def sample(name: str, letter: Letter) -> bytes:
    """A sample about this email, with the line ends of the wire."""
    raw = (SAMPLES / f"{name}.eml").read_bytes().replace(OURS, letter.message_id.encode())
    return raw.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("name", ["postfix", "exim", "exim_plain", "gmail", "exchange", "qmail"])
def test_a_bounce_of_each_form_marks_the_address(imap, letter, name):
    imap.add(sample(name, letter))

    assert read_bounces(imap.mailbox) == 1
    letter.refresh_from_db()
    assert letter.state == "failed"
    assert suppression_of("ann@example.com").cause == "bounce"


@pytest.mark.parametrize("name", ["full_mailbox", "policy", "postfix_delayed", "delivered"])
def test_what_says_nothing_about_the_recipient_marks_nobody(imap, letter, name):
    imap.add(sample(name, letter))

    assert read_bounces(imap.mailbox) == 1
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("name", ["arf", "arf_redacted"])
def test_a_complaint_marks_the_reader_of_the_email(imap, letter, name):
    imap.add(sample(name, letter))
    read_bounces(imap.mailbox)

    assert suppression_of("ann@example.com").cause == "complaint"


def test_a_message_is_read_once_and_stays_in_the_mailbox(imap, letter):
    uid = imap.add(sample("postfix", letter))

    assert [read_bounces(imap.mailbox) for _ in range(2)] == [1, 0]
    assert (imap.fetched, imap.flags[uid]) == ([uid], {"\\Seen"})


def test_of_too_many_the_newest_are_read_first(imap, letter, monkeypatch):
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    uids = [imap.add(sample("vacation", letter)) for _each in range(3)]
    read_bounces(imap.mailbox)
    assert imap.fetched == [uids[2], uids[1]]
    read_bounces(imap.mailbox)
    assert imap.fetched[2:] == [uids[0]]


def test_one_that_could_not_be_marked_as_read_comes_again_and_counts_once(imap, letter):
    imap.add(sample("postfix", letter))
    imap.refuses = {"STORE"}
    with pytest.raises(MailboxSilent):
        read_bounces(imap.mailbox)
    imap.refuses = set()

    assert read_bounces(imap.mailbox) == 0
    assert letter.reports.count() == 1


def test_a_bounce_that_quotes_a_large_email_is_read_to_its_report(imap, letter, monkeypatch):
    bounce = sample("postfix", letter)
    monkeypatch.setattr(reading, "MOST_BYTES", len(bounce))
    large = imap.add(bounce + b"x" * 5_000_000)

    assert read_bounces(imap.mailbox) == 1
    assert imap.flags[large] == {"\\Seen"}
    assert suppression_of("ann@example.com").cause == "bounce"


def test_a_large_message_without_a_report_is_flagged_for_a_person(imap, letter, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 5000)
    large = imap.add(b"Subject: pictures\r\n\r\n" + b"x" * 10_000)
    imap.add(sample("qmail", letter))

    assert read_bounces(imap.mailbox) == 1
    assert imap.flags[large] == {"\\Seen", "\\Flagged"}


@pytest.mark.parametrize(
    "header",
    [
        b"Message-ID: <a\x00b@juniper.example>",
        b"Message-ID: <\xff\xfe@juniper.example>",
        b"X-Failed: " + b"(" * 90_000,
    ],
)
def test_hostile_headers_stop_no_other_message(imap, letter, header):
    hostile = header + b"\r\nX-Failed-Recipients: \x00a@example.com\r\n\r\n550 no\r\n"
    imap.add(hostile)
    imap.add(sample("postfix", letter))

    assert read_bounces(imap.mailbox) == 1


def test_one_that_breaks_the_reader_is_flagged_and_stops_no_other(imap, letter, monkeypatch):
    broken = imap.add(b"Subject: broken\r\n\r\n")
    imap.add(sample("postfix", letter))
    real = reading.reports_of

    def reports_of(message):
        if message["Subject"] == "broken":
            raise ValueError("broken")
        return real(message)

    monkeypatch.setattr(reading, "reports_of", reports_of)
    assert read_bounces(imap.mailbox) == 1
    assert imap.flags[broken] == {"\\Seen", "\\Flagged"}


def test_a_report_about_an_email_that_is_being_sent_stays_unread(imap, letter):
    uid = imap.add(sample("postfix", letter))
    Letter.objects.update(state="claimed")

    assert read_bounces(imap.mailbox) == 0
    assert imap.flags[uid] == set()


def test_a_forged_bounce_without_our_id_marks_nobody(imap, letter):
    imap.add((SAMPLES / "postfix.eml").read_bytes())

    assert read_bounces(imap.mailbox) == 0
    assert not Suppression.objects.exists()


def test_a_personal_email_in_the_mailbox_is_left_there(imap, letter):
    imap.add(sample("vacation", letter))

    assert read_bounces(imap.mailbox) == 0
    assert not EmailEvent.objects.exists()


@pytest.mark.parametrize("refused", ["LOGIN", "SELECT", "SEARCH", "FETCH"])
def test_a_server_that_refuses_says_why(imap, letter, refused):
    imap.add(sample("postfix", letter))
    imap.refuses = {refused}

    with pytest.raises(MailboxSilent, match="not now"):
        read_bounces(imap.mailbox)


def test_the_scheduled_reading_goes_on_when_the_server_is_away(imap, settings, caplog):
    settings.BOUNCE_MAILBOX = imap.mailbox
    imap.refuses = {"LOGIN"}
    read_the_bounces()

    assert "cannot be read" in caplog.text
    assert "a password" not in caplog.text


def test_without_a_mailbox_nothing_is_read(settings):
    settings.BOUNCE_MAILBOX = None
    read_the_bounces()
    with pytest.raises(CommandError, match="BOUNCE_MAILBOX is not set"):
        call_command("read_bounces")


def test_the_command_reads_the_mailbox_or_files(imap, settings, letter, tmp_path):
    settings.BOUNCE_MAILBOX = imap.mailbox
    imap.add(sample("delivered", letter))
    file, said = tmp_path / "bounce.eml", StringIO()
    file.write_bytes(sample("postfix", letter))
    call_command("read_bounces", stdout=said)
    call_command("read_bounces", str(file), stdout=said)
    call_command("read_bounces", str(file), stdout=said)

    assert said.getvalue().splitlines() == [f"New reports about emails: {count}" for count in (1, 1, 0)]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.eml: No such file"):
        call_command("read_bounces", str(tmp_path / "nothing.eml"))
