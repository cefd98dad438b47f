"""A provider's webhook: closed without the setting, only its own reports are taken, each of them once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from practice.mail.suppression import suppression_of
from practice.models import EmailEvent, Letter, Suppression
from practice.tests.mail.builders import make_letter
from practice.tests.mail_events.webhooks import (
    AT,
    MAILGUN,
    POSTMARK,
    bounce,
    mailgun,
    mailgun_body,
    mailgun_reply,
    postmark,
    taking,
)

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.mail_events.actions.record")]


@pytest.fixture
def letter() -> Letter:
    return make_letter("follow_up", state="sent")


@pytest.fixture
def by_mailgun() -> Iterator[None]:
    with taking(MAILGUN):
        yield


@pytest.fixture
def by_postmark() -> Iterator[None]:
    with taking(POSTMARK):
        yield


@pytest.mark.parametrize("path", ["mailgun/", "mailgun/replies/", "postmark/", "unheard-of/"])
def test_without_the_setting_there_is_nothing_at_the_address(path):
    assert Client().post(f"/email-events/{path}").status_code == 404


@pytest.mark.parametrize("path", ["postmark/", "postmark/replies/", "sendgrid/"])
def test_another_provider_than_the_one_that_is_set_finds_nothing(by_mailgun, path):
    assert Client().post(f"/email-events/{path}").status_code == 404


def test_a_signed_bounce_marks_the_address_and_the_email(by_mailgun, letter):
    assert mailgun(bounce(letter.message_id)).status_code == 200

    letter.refresh_from_db()
    assert letter.state == "failed"
    assert suppression_of("ann@example.com").detail == "550 5.1.1 The email account does not exist"


def nothing_recorded() -> bool:
    return not EmailEvent.objects.exists() and not Suppression.objects.exists()


@pytest.mark.parametrize("wrong", ["another key", "no signature", "a signature of nothing", "not a text"])
def test_an_unsigned_report_is_refused_with_a_sentence_and_changes_nothing(by_mailgun, letter, wrong):
    body: dict[str, Any] = bounce(letter.message_id)
    if wrong == "another key":
        body = bounce(letter.message_id, key="somebody-else")
    elif wrong == "no signature":
        del body["signature"]
    elif wrong == "a signature of nothing":
        body["signature"]["signature"] = ""
    else:
        body["signature"] = ["ü", 7]
    answer = mailgun(body)

    assert answer.status_code == 400
    assert "Nothing was done." in answer.json()["error"]["message"]
    assert nothing_recorded()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "7",
        "null",
        "{",
        '{"signature": null}',
        '{"signature": {"token": "ü", "timestamp": 1, "signature": "x"}}',
        "[" * 100_000,
        b"\xff\xfe",
        '{"event-data": NaN}',
        '{"signature": "\\ud800"}',
        '{"signature": "\\u0000"}',
    ],
)
def test_a_broken_body_is_refused_and_never_an_error_of_ours(by_mailgun, body):
    assert mailgun(body).status_code == 400


@pytest.mark.parametrize(
    "part",
    [
        {"event-data": {}},
        {"event-data": "x"},
        {"event-data": {"event": "failed", "timestamp": "yesterday"}},
        {"event-data": {"event": "delivered", "timestamp": 1e300}},
        {"event-data": {"event": "delivered", "recipient": 7, "message": {"headers": {"message-id": 7}}}},
    ],
)
def test_a_signed_report_of_another_shape_is_refused(by_mailgun, letter, part):
    assert mailgun({**bounce(letter.message_id), **part}).status_code == 400
    assert nothing_recorded()


def test_a_report_larger_than_a_form_is_refused_unread(by_mailgun, letter):
    body = bounce(letter.message_id, padding="x" * 1_000_001)

    assert mailgun(body).status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_nothing_but_a_post_is_answered(by_mailgun, method):
    assert getattr(Client(), method)("/email-events/mailgun/").status_code == 405


def test_the_same_report_again_is_answered_alike_and_counts_once(by_mailgun, letter):
    answers = [mailgun(bounce(letter.message_id)).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert letter.reports.count() == 1


def test_a_bounce_that_comes_before_the_earlier_delivery_stays_a_bounce(by_mailgun, letter):
    mailgun(bounce(letter.message_id, at=AT + 60))
    mailgun(mailgun_body("delivered", letter.message_id, at=AT))

    letter.refresh_from_db()
    assert letter.state == "failed"
    assert [one.what for one in letter.reports.all()] == ["delivered", "bounced"]


def test_a_report_about_a_stranger_gets_a_silent_200(by_mailgun, letter):
    answer = mailgun(bounce("<never@ours.example>", recipient="stranger@example.org"))

    assert (answer.status_code, answer.content) == (200, b"")
    assert nothing_recorded()


@pytest.mark.parametrize(
    "recipient",
    ["ann@example.com\r\nBcc: x@example.org", "a" * 300 + "@example.com", "ann@bücher.example", "", "@", " "],
)
def test_a_strange_recipient_of_a_known_email_marks_nobody(by_mailgun, letter, recipient):
    assert mailgun(bounce(letter.message_id, recipient=recipient)).status_code == 200
    assert not Suppression.objects.exists()


def test_a_temporary_failure_is_only_noted(by_mailgun, letter):
    mailgun(bounce(letter.message_id, severity="temporary"))

    letter.refresh_from_db()
    assert letter.state == "sent"
    assert letter.reports.get().what == "deferred"


def test_a_complaint_stops_what_nobody_asked_for(by_mailgun, letter):
    mailgun(mailgun_body("complained", letter.message_id))

    assert suppression_of("ann@example.com").cause == "complaint"


@pytest.mark.parametrize("event", ["opened", "clicked", "accepted", "unsubscribed", "something new"])
def test_what_a_reader_does_with_an_email_is_not_recorded(by_mailgun, letter, event):
    assert mailgun(mailgun_body(event, letter.message_id)).status_code == 200
    assert nothing_recorded()


def test_while_the_email_is_being_sent_the_provider_is_asked_to_come_again(by_mailgun, letter):
    Letter.objects.update(state="claimed")
    answer = mailgun(bounce(letter.message_id))

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert nothing_recorded()


POSTMARK_BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "ID": 42,
    "MessageID": "00000000-0000-0000-0000-000000000000",
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
    "Description": "The server was unable to deliver your message.",
    "Email": "Ann@example.com",
    "BouncedAt": "2027-03-02T17:00:00Z",
}


def postmark_bounce(letter: Letter) -> dict[str, Any]:
    return {**POSTMARK_BOUNCE, "Metadata": {"message-id": letter.message_id.strip("<>")}}


def test_postmark_is_known_by_its_password_and_the_email_by_its_metadata(by_postmark, letter):
    assert postmark(postmark_bounce(letter)).status_code == 200
    assert letter.reports.get().what == "bounced"
    assert suppression_of("ann@example.com").cause == "bounce"


@pytest.mark.parametrize("password", ["", "portal:wrong", "portal:", ":"])
def test_without_the_password_nothing_of_postmarks_is_taken(by_postmark, letter, password):
    assert postmark(postmark_bounce(letter), password=password).status_code == 400
    assert nothing_recorded()


REPLY = {"From": "Ann Hale <Ann@Example.com>", "Message-ID": "<reply-1@example.com>", "Subject": "Re: A time"}


def reply_to(letter: Letter, **more: str) -> dict[str, str]:
    return {**REPLY, "In-Reply-To": letter.message_id, **more}


def test_a_reply_is_noted_once_and_none_of_its_words_are_kept(by_mailgun, letter, caplog):
    for _ in range(2):
        assert mailgun_reply(reply_to(letter)).status_code == 200

    event = letter.reports.get()
    assert (event.what, event.said) == ("answered", "")
    assert "MARKER" not in caplog.text
    assert "MARKER" not in json.dumps(list(Letter.objects.values("why", "event", "headers")))


@pytest.mark.parametrize(
    "more",
    [
        {"From": "thief@example.org"},
        {"From": "ann@example.com, thief@example.org"},
        {"From": ""},
        {"In-Reply-To": "<guessed@juniper.example>"},
        {"In-Reply-To": ""},
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return-Path": "<>"},
    ],
)
def test_what_is_no_answer_of_the_reader_does_not_count(by_mailgun, letter, more):
    assert mailgun_reply(reply_to(letter, **more)).status_code == 200
    assert nothing_recorded()


def test_an_unsigned_reply_is_refused(by_mailgun, letter):
    assert mailgun_reply(reply_to(letter), key="somebody-else").status_code == 400
    assert nothing_recorded()


def test_a_reply_by_postmark_counts_as_well(by_postmark, letter):
    own = ("Message-ID", "In-Reply-To")  # the others are in fields of their own
    names = [{"Name": name, "Value": reply_to(letter)[name]} for name in own]
    body = {
        "FromFull": {"Email": "ann@example.com", "Name": "Ann Hale"},
        "ToFull": [],
        "CcFull": [],
        "BccFull": [],
        "Subject": "Re: A time",
        "MessageID": "11111111",
        "TextBody": "MARKER",
        "HtmlBody": "",
        "Headers": names,
        "Attachments": [],
    }

    assert postmark(body, path="/email-events/postmark/replies/").status_code == 200
    assert letter.reports.get().what == "answered"
