"""What mail servers send back is understood: bounces, delays, deliveries and complaints, in many forms."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from pathlib import Path

import pytest

from practice.mail_events.bounce_messages import reports_of
from practice.mail_events.replies import reply_of
from practice.mail_events.report import Report, report_id
from practice.mail_events.smtp_answer import smtp_answer

SAMPLES = Path(__file__).parent / "samples"
OURS = "<0123456789abcdef0123456789abcdef@juniper.example>"
AT = datetime(2027, 3, 2, 17, 0, 3, tzinfo=UTC)


def reported(name: str) -> list[Report]:
    return reports_of(message_from_bytes((SAMPLES / f"{name}.eml").read_bytes()))


@pytest.mark.parametrize(
    ("name", "what", "code", "said"),
    [
        ("postfix", "bounced", 550, "5.1.1 <ann@example.com>: Recipient address rejected: User unknown in"),
        ("postfix_delayed", "deferred", 450, "4.4.1 connect to mx.example.com[192.0.2.10]:25: Connection"),
        ("delivered", "delivered", 250, "2.0.0 Ok: queued as 4VfXq31"),
        ("exim", "bounced", 550, "No such user here"),
        ("exim_plain", "bounced", 550, "5.1.1 <ann@example.com> User unknown"),
        ("gmail", "bounced", 550, "5.1.1 The email account that you tried to reach does not exist."),
        ("exchange", "bounced", 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by"),
        ("qmail", "bounced", 550, "5.1.1 <ann@example.com>: user unknown"),
        ("full_mailbox", "bounced", 552, "5.2.2 Mailbox is over quota"),
        ("policy", "bounced", 550, "5.7.1 Our system has detected that this message is suspicious"),
        ("arf", "complained", 0, "abuse"),
        ("arf_redacted", "complained", 0, "abuse"),
    ],
)
def test_each_form_says_what_happened_to_which_email(name, what, code, said):
    (report,) = reported(name)

    assert (report.what, report.code, report.message_ids[0]) == (what, code, OURS)
    assert report.said.startswith(said)


@pytest.mark.parametrize(
    "name", ["postfix", "exim", "exim_plain", "gmail", "exchange", "qmail", "full_mailbox", "policy", "arf"]
)
def test_each_form_names_the_recipient_in_small_letters(name):
    assert set(reported(name)[0].recipients) == {"ann@example.com"}


def test_a_complaint_without_its_recipient_names_none():
    assert reported("arf_redacted")[0].recipients == ()


@pytest.mark.parametrize("name", ["arf_not_spam", "vacation"])
def test_what_is_no_bounce_and_no_complaint_is_no_report(name):
    assert reported(name) == []


def test_the_time_of_the_last_try_counts_else_that_of_the_message():
    assert reported("postfix")[0].at == AT
    assert reported("delivered")[0].at == datetime(2027, 3, 2, 16, 59, 30, tzinfo=UTC)


def test_several_recipients_are_several_reports():
    text = (SAMPLES / "postfix.eml").read_text()
    block = "\n\nFinal-Recipient: rfc822; ben@example.com\nAction: failed\nStatus: 5.7.1\n\n--4VfXq21zzz"
    both = text.replace("virtual mailbox table\n\n--4VfXq21zzz", f"virtual mailbox table{block}")

    assert [set(one.recipients) for one in reports_of(message_from_string(both))] == [
        {"ann@example.com"},
        {"ben@example.com"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Content-Type: message/delivery-status\n\n",
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nA: x\n",
        "Content-Type: message/feedback-report\n\nnothing\n",
        "Content-Type: text/plain; charset=nonsense\n\nHi. This is the qmail\n\n<a@b>:\n",
        "Date: Wed, 99 Xyz 99999 99:99:99 +9999\nX-Failed-Recipients: \x00,,<\nContent-Type: text/plain\n\nx",
        'Content-Type: multipart/report; boundary="\n\n--\n--\n',
    ],
)
def test_broken_messages_raise_nothing(text):
    assert len(reports_of(message_from_string(text))) <= 1


HOSTILE = {
    "a line of dashes": "-" * 1_000_000,
    "addresses without an end": "<" + "a@" * 500_000,
    "one address a million times": "<a@b>:\n" * 140_000,
    "space without an end": "<a@b>:" + " " * 1_000_000,
    "lines of space": "<a@b>:\nx\n" + " " * 1_000_000 + "x",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_megabyte_made_to_keep_the_reader_busy_is_read_at_once(text):
    message = message_from_string(f"Content-Type: text/plain\n\nHi. This is the qmail\n{text}\n")

    assert len(reports_of(message)) <= 50


def test_an_address_of_nested_brackets_is_nobodys():
    brackets = "(" * 100_000
    bounce = message_from_string(f"X-Failed-Recipients: {brackets}a@example.com\n\n550 no such user\n")
    answer = message_from_string(f"From: {brackets}a@example.com\nIn-Reply-To: {OURS}\n\nHello\n")

    assert (reports_of(bounce), reply_of(answer)) == ([], None)


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("550 5.1.1 no such user", "", (550, "5.1.1 no such user")),
        ("550 no such user", "5.1.1", (550, "5.1.1 no such user")),
        ("550 no such user", "5.0.0", (550, "no such user")),
        ("550 #5.1.0 Address rejected.", "", (550, "5.1.0 Address rejected.")),
        ("the host 192.0.2.250 said nothing", "5.4.4", (550, "5.4.4 the host 192.0.2.250 said nothing")),
        ("", "4.4.7", (450, "4.4.7")),
        ("", "", (0, "")),
    ],
)
def test_the_answer_of_a_server_is_found(text, status, expected):
    assert smtp_answer(text, status) == expected


def test_a_report_is_the_same_one_when_it_comes_again_and_another_for_each_recipient():
    ann = Report(what="bounced", message_ids=(OURS,), recipients=("ann@example.com",), at=AT, own_id="1")
    again = Report(what="bounced", message_ids=(OURS,), recipients=("ann@example.com",), at=AT, own_id="2")
    ben = Report(what="bounced", message_ids=(OURS,), recipients=("ben@example.com",), at=AT)

    assert report_id(ann, "mailbox") == report_id(again, "mailbox")
    assert len({report_id(one, "mailbox") for one in (ann, ben)} | {report_id(ann, "mailgun")}) == 3
