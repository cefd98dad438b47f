"""Text messages over a real HTTP gateway that refuses, delays, drops the line and repeats itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from practice.mail.channels.text_messages.by_text import TextLine, TextMessages
from practice.mail.channels.transport import Block
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import LEASE, TRIES, claim_one
from practice.models import Letter, TextMessage, TextNumber, User
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.mail.builders import NOON, make_letter, minutes
from practice.tests.mail.text_gateway import FROM, TextGateway, text_gateway
from practice.texting.actions.reports import note_status, read_prices

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
State = Letter.State
ANNS = "+13035550142"


@pytest.fixture
def gateway(settings: Settings) -> Iterator[TextGateway]:
    """The gateway that the setting names, and a practice."""
    make_practice()
    with text_gateway() as found:
        settings.TEXT_MESSAGES_URL, settings.TEXT_TIMEOUT = found.url, 5
        yield found


def ann_with(number: str = ANNS, **fields: Any) -> User:
    """Ann, who confirmed a number."""
    ann = make_user("Ann Hale")
    TextNumber.objects.create(user=ann, number=number, **{"given_at": NOON, **fields})
    return ann


def text_to(user: User | None, kind: str = "text_reminder", **fields: Any) -> Letter:
    """A text that is due."""
    own = {"channel": "text", "to_address": ANNS, "reply_to": "", "html": "", "user": user}
    letter = make_letter(kind, **{**own, **fields})
    Letter.objects.filter(pk=letter.pk).update(message_id=TextMessages().message_id(letter.key))
    letter.refresh_from_db()
    return letter


def stepped(letter: Letter, when: dt.datetime = NOON) -> Letter:
    assert deliver.step(now=when)
    letter.refresh_from_db()
    return letter


def test_it_goes_to_the_confirmed_number_with_our_own_reference(gateway: TextGateway) -> None:
    letter = stepped(text_to(ann_with()))
    (taken,) = gateway.taken
    assert (letter.state, taken["to"], taken["from"], taken["body"]) == (
        *(State.SENT, ANNS, FROM),
        "Tuesday at nine.",
    )
    assert taken["callback"].endswith(f"/text-messages/status/{letter.message_id}/")
    kept = TextMessage.objects.get()
    assert (kept.letter, kept.sid, kept.status, kept.segments) == (letter, taken["sid"], "taken", 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"given_at": None},
        {"withdrawn_at": NOON},
        {"way": "email"},
        {"stopped_at": NOON, "stopped_why": "reply"},
    ],
)
def test_nothing_goes_to_a_number_without_consent(gateway: TextGateway, fields: dict[str, Any]) -> None:
    assert stepped(text_to(ann_with(**fields))).state == State.CANCELLED
    assert gateway.taken == []


def test_a_number_that_replied_stop_is_not_tried_again(gateway: TextGateway) -> None:
    gateway.answer = lambda _form: (400, {"code": 21610, "message": "Attempt to send to unsubscribed"})
    ann = ann_with()
    assert stepped(text_to(ann)).state == State.CANCELLED  # an email is behind it, so no person is asked
    assert TextNumber.objects.get().stopped_why == "reply"
    assert TextMessages().is_blocked(ANNS) == Block.BOUNCED
    gateway.answer = lambda _form: (201, {})
    stepped(text_to(ann))
    assert gateway.taken == []


@pytest.mark.parametrize("code", [21211, 21614])
def test_a_number_that_takes_no_texts_is_marked(gateway: TextGateway, code: int) -> None:
    gateway.answer = lambda _form: (400, {"code": code, "message": "Invalid 'To' Phone Number"})
    assert stepped(text_to(ann_with())).state == State.CANCELLED
    assert TextNumber.objects.get().stopped_why == "dead"


def test_a_refusal_that_is_about_us_marks_no_number(gateway: TextGateway) -> None:
    gateway.answer = lambda _form: (400, {"code": 21606, "message": "The From number is not yours"})
    letter = stepped(text_to(ann_with()))
    assert (letter.state, letter.refusal) == (State.CANCELLED, "text 21606")
    assert TextNumber.objects.get().stopped_at is None


def test_three_refusals_that_are_about_us_tell_the_owner_of_texts(gateway: TextGateway) -> None:
    make_practitioner("Tess Marlow")
    gateway.answer = lambda _form: (400, {"code": 21606, "message": "The From number is not yours"})
    for number in range(3):
        stepped(text_to(None, to_address=f"+1303555019{number}"))
    told = Letter.objects.get(kind="mail_refused")
    assert told.subject == "Your text message provider is rejecting our texts"
    told.open_words()
    assert "The From number is not yours" in told.text
    waits = text_to(ann_with())
    while deliver.step(now=NOON):
        pass
    waits.refresh_from_db()
    assert (waits.state, waits.due_at) == (State.PLANNED, NOON + minutes(60))


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (503, 0), (400, 21611)])
def test_too_many_at_once_is_tried_again(gateway: TextGateway, status: int, code: int) -> None:
    gateway.answer = lambda _form: (status, {"code": code, "message": "Too many"})
    letter = stepped(text_to(ann_with()))
    assert (letter.state, letter.attempts) == (State.PLANNED, 1)
    gateway.answer = lambda _form: (201, {})
    assert stepped(letter, letter.due_at).state == State.SENT


@pytest.mark.parametrize("status", [401, 403])
def test_a_gateway_that_refuses_our_account_makes_all_wait(gateway: TextGateway, status: int) -> None:
    gateway.answer = lambda _form: (status, {"code": 20003, "message": "Authenticate"})
    letter = text_to(ann_with())
    with pytest.raises(deliver.NoAnswer):
        deliver.step(now=NOON)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.due_at) == (State.PLANNED, 0, NOON)


def test_without_a_gateway_texts_wait_and_emails_go(gateway: TextGateway, settings: Settings) -> None:
    settings.TEXT_MESSAGES_URL = gateway.url.replace(f":{gateway.port}", ":9")  # nobody listens there
    long_due = NOON - dt.timedelta(days=2000)
    text, email = text_to(ann_with(), due_at=long_due), make_letter(due_at=long_due + minutes(1))
    assert deliver.drain() == 1
    text.refresh_from_db()
    email.refresh_from_db()
    assert (text.state, email.state) == (State.PLANNED, State.SENT)


def test_a_line_that_drops_after_the_message_was_taken_sends_no_second_one(gateway: TextGateway) -> None:
    gateway.drops = True
    letter = stepped(text_to(ann_with()))
    assert (letter.state, len(gateway.taken), TextMessage.objects.count()) == (State.PLANNED, 1, 0)
    gateway.drops = False
    assert stepped(letter, letter.due_at).state == State.SENT
    assert len(gateway.taken) == 1
    assert TextMessage.objects.get().sid == gateway.taken[0]["sid"]


def test_the_control_a_gateway_that_cannot_be_asked_would_get_it_twice(
    gateway: TextGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TextLine, "_taken_before", lambda *_: None)
    gateway.drops = True
    letter = stepped(text_to(ann_with()))
    gateway.drops = False
    stepped(letter, letter.due_at)
    assert len(gateway.taken) == 2


def test_an_answer_later_than_our_patience_sends_no_second_one(
    gateway: TextGateway, settings: Settings
) -> None:
    gateway.waits, settings.TEXT_TIMEOUT = True, 0.3
    letter = stepped(text_to(ann_with()))
    assert letter.state == State.PLANNED
    gateway.waits, settings.TEXT_TIMEOUT = False, 5
    gateway.go_on.set()
    assert stepped(letter, letter.due_at).state == State.SENT
    assert len(gateway.taken) == 1


def test_a_report_that_came_before_the_answer_counts_as_one(gateway: TextGateway) -> None:
    gateway.drops = True
    letter = stepped(text_to(ann_with()))
    assert note_status(
        letter.message_id, sid=gateway.taken[0]["sid"], said="delivered", error="", now=letter.due_at
    )
    asked = len(gateway.asked)
    assert stepped(letter, letter.due_at).state == State.SENT
    assert (len(gateway.taken), len(gateway.asked)) == (1, asked)  # nothing had to be asked


def test_an_error_after_the_message_was_taken_sends_no_second_one(gateway: TextGateway) -> None:
    def takes_and_fails(form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        gateway.take(form)
        return 500, {"message": "Internal error"}

    gateway.answer = takes_and_fails
    letter = stepped(text_to(ann_with()))
    gateway.answer = lambda _form: (201, {})
    assert stepped(letter, letter.due_at).state == State.SENT
    assert len(gateway.taken) == 1


def test_the_same_words_of_another_message_are_not_taken_for_this_one(gateway: TextGateway) -> None:
    ann = ann_with()
    stepped(text_to(ann))
    gateway.answer = lambda _form: (503, {})
    second = stepped(text_to(ann, due_at=NOON + minutes(1)), NOON + minutes(1))
    gateway.answer = lambda _form: (201, {})
    assert stepped(second, second.due_at).state == State.SENT
    assert len(gateway.taken) == 2


def test_a_sender_that_died_with_the_message_taken_sends_no_second_one(gateway: TextGateway) -> None:
    letter = text_to(ann_with())
    claimed = claim_one(NOON)
    assert claimed is not None
    gateway.take({"To": ANNS, "From": FROM, "Body": "Tuesday at nine."})  # and then it was killed
    Letter.objects.update(leased_until=Now() - LEASE)
    assert stepped(letter).state == State.PLANNED
    assert stepped(letter).state == State.SENT
    assert len(gateway.taken) == 1


def test_what_fails_eight_times_asks_no_person(gateway: TextGateway) -> None:
    gateway.answer = lambda _form: (503, {})
    assert stepped(text_to(ann_with(), attempts=TRIES - 1)).state == State.CANCELLED


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),  # out of order
        (["sent", "sent", "sent"], "sent"),  # repeated
        (["undelivered", "delivered"], "failed"),  # the end is the end
        (["nonsense"], "taken"),
    ],
)
def test_reports_may_come_twice_and_out_of_order(gateway: TextGateway, said: list[str], status: str) -> None:
    letter = stepped(text_to(ann_with()))
    for one in said:
        note_status(letter.message_id, sid=gateway.taken[0]["sid"], said=one, error="", now=NOON)
    assert TextMessage.objects.get().status == status


def test_a_report_about_nothing_of_ours_changes_nothing(gateway: TextGateway) -> None:
    letter = stepped(text_to(ann_with()))
    other = text_to(None)
    sid = gateway.taken[0]["sid"]
    assert not note_status("text-unknown", sid="SM1", said="delivered", error="", now=NOON)
    assert not note_status(other.message_id, sid=sid, said="failed", error="", now=NOON)
    assert [(one.letter, one.status) for one in TextMessage.objects.all()] == [(letter, "taken")]


def test_a_number_that_the_network_does_not_know_is_marked(gateway: TextGateway) -> None:
    letter = stepped(text_to(ann_with()))
    note_status(letter.message_id, sid=gateway.taken[0]["sid"], said="undelivered", error="30005", now=NOON)
    assert TextNumber.objects.get().stopped_why == "dead"


def test_the_cost_is_what_the_gateway_says_once_it_knows(gateway: TextGateway) -> None:
    stepped(text_to(ann_with()))
    TextMessage.objects.update(sent_at=NOON)
    assert read_prices(now=NOON + minutes(20)) == 0
    gateway.taken[0].update(price="-0.01580", num_segments="2", status="delivered")
    assert read_prices(now=NOON + minutes(50)) == 1
    asked = len(gateway.asked)
    assert read_prices(now=NOON + minutes(80)) == 0
    kept = TextMessage.objects.get()
    assert (kept.price, kept.currency, kept.segments, kept.status) == (
        *(Decimal("0.01580"), "USD", 2),
        "delivered",
    )
    assert len(gateway.asked) == asked


def test_a_message_that_the_gateway_forgot_holds_up_the_price_of_no_other(gateway: TextGateway) -> None:
    stepped(text_to(ann_with()))
    TextMessage.objects.update(sent_at=NOON)
    TextMessage.objects.create(sid="SM-forgotten", sent_at=NOON - minutes(5))
    gateway.taken[0].update(price="-0.00790", status="delivered")
    assert read_prices(now=NOON + minutes(50)) == 1
    assert TextMessage.objects.get(price=None).sid == "SM-forgotten"
