"""Only proof about the recipient marks an address as dead. What a server says of us marks nobody."""

import pytest

from practice.mail.channels.answers import wording
from practice.mail.channels.smtp import refusal
from practice.mail.channels.transport import Later, Refused
from practice.tests.mail.builders import NOON, make_letter

DEAD = [
    "550 5.1.1 no such user",
    "550 5.1.1 <gone@example.com>: Recipient address rejected",
    "550 5.1.1 The email account that you tried to reach does not exist",
    "550 5.1.2 bad destination system address",
    "553 5.1.3 bad destination mailbox address syntax",
    "550 5.1.6 mailbox has moved",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
    "550 5.2.1 The email account is disabled",
    "550 No such user here",
    "550 User unknown",
    "550 Requested action not taken: mailbox unknown",
    "553 sorry, no such mailbox here",
    "550 Recipient does not exist",
    "550 account doesn't exist",
]
OURS = [
    "550 SPF check failed for your domain",
    "550 Your IP is on a blocklist",
    "550 High probability of spam",
    "550 Sender verify failed",
    "550 Sender unknown: no such user at your end",
    "553 sorry, your envelope sender domain must exist",
    "550 relay not permitted",
    "550 5.4.1 Recipient address rejected: Access denied",
    "550 5.7.1 not from your network",
    "550-5.7.26 This mail is unauthenticated",
    "550 5.2.1 too many messages for this account",
    "550 5.1.8 bad sender address",
    "551 user not local",
    "554 5.7.1 looks like spam",
    "554 no such user",
    "521 we take no mail",
]
FULL = [
    "550 5.2.2 mailbox full",
    "552 5.2.2 over quota",
    "550 mailbox is full",
    "552 Requested action aborted: exceeded storage allocation: mailbox limit",
    "452 4.2.2 mailbox full",
]


def judged(answer):
    code, words = int(answer[:3]), answer[3:].lstrip(" -")
    return refusal(code, words)


@pytest.mark.parametrize("answer", DEAD)
def test_what_proves_that_nobody_is_there(answer):
    error = judged(answer)
    assert (type(error), error.dead_address) == (Refused, True)


@pytest.mark.parametrize("answer", OURS)
def test_what_proves_nothing_of_the_kind(answer):
    error = judged(answer)
    assert (type(error), error.dead_address) == (Refused, False)


@pytest.mark.parametrize("answer", FULL)
def test_a_full_mailbox_is_tried_again(answer):
    assert type(judged(answer)) is Later


def test_the_same_refusal_of_different_people_reads_the_same():
    ours = [
        wording(550, f"SPF check failed for {who}@example.com [192.0.2.{number}] id-{number}")
        for number, who in enumerate(("ann", "ben"))
    ]
    assert ours[0] == ours[1] == "550 spf check failed for"


@pytest.mark.engines
@pytest.mark.django_db
def test_an_answer_full_of_control_characters_is_noted_without_them():
    """PostgreSQL stores no NUL; a terminal or a log acts upon the others."""
    answer = refusal(550, b"5.7.1 not\x00 you \x1b[31m\r\nagain\xff")
    letter = make_letter(due_at=NOON, why=answer.why)
    letter.refresh_from_db()
    assert letter.reason == "The mail server rejected it: 550 5.7.1 not you [31m again\ufffd."
