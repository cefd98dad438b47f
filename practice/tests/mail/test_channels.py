"""A channel is one line in one table: a made-up one is planned, claimed, checked and sent like email."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import pytest
from django.core import mail
from django.db.models.functions import Now

from practice.mail import send_check
from practice.mail.channels.smtp import Postbox
from practice.mail.channels.table import TRANSPORTS
from practice.mail.channels.transport import (
    Block,
    Later,
    Line,
    NoAnswer,
    Recipient,
    Refused,
    Transport,
    Unsure,
)
from practice.mail.composing.render import Rendered
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import LEASE, TRIES, claim_one
from practice.mail.post import post
from practice.mail.send_check import Fresh, Send
from practice.models import Letter, Suppression, User
from practice.testing import make_practice, make_user
from practice.tests.mail.builders import NOON, ONCE, make_letter, minutes

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
State = Letter.State
POSTCARD = "postcard"
LONG_DUE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class Mailbag:
    """The line of the made-up channel."""

    def __init__(self, cards: Postcards) -> None:
        self.cards = cards

    def __enter__(self) -> Self:
        self.cards.opened += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.cards.closed += 1

    def send(self, letter: Letter) -> None:
        if self.cards.answer is not None:
            raise self.cards.answer
        self.cards.sent.append((letter.to_address, letter.text))


class Postcards:
    """A channel with addresses of its own: house numbers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.answer: Exception | None = None
        self.blocked: dict[str, Block] = {}
        self.opened = self.closed = 0

    def recipient(self, user: User) -> Recipient:
        return Recipient(user.name, f"house {user.pk}", user)

    def usable_address(self, recipient: Recipient) -> str:
        return recipient.address.strip() if recipient.address.startswith("house") else ""

    def is_blocked(self, address: str) -> Block | None:
        return self.blocked.get(address)

    def block(self, address: str, *, detail: str) -> None:
        self.blocked[address] = Block.BOUNCED

    def message_id(self, key: str) -> str:
        return f"card:{key}"

    def headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        return {}

    def reply_to(self) -> str:
        return ""

    def line(self) -> Line:
        return Mailbag(self)


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> Postcards:
    """The made-up channel, in the table for one test."""
    made: Transport = Postcards()
    monkeypatch.setitem(TRANSPORTS, POSTCARD, made)
    assert isinstance(made, Postcards)
    return made


def card(kind: str = "confirmation", **fields: Any) -> Letter:
    """A postcard that is due."""
    return make_letter(kind, **{"channel": POSTCARD, "to_address": "house 7", "reply_to": "", **fields})


def stepped(letter: Letter, when: dt.datetime = NOON) -> Letter:
    assert deliver.step(now=when)
    letter.refresh_from_db()
    return letter


def test_every_channel_of_the_model_has_its_transport() -> None:
    assert set(TRANSPORTS) == set(Letter.Channel.values)


def test_planning_asks_the_channel_for_address_and_id(cards: Postcards) -> None:
    make_practice()
    ann = make_user("Ann Hale", email=None)  # who has no email address
    letter = post("confirmation", key="card", to=ann, channel=POSTCARD, context={"what": "x"}, now=NOON)
    assert letter is not None
    assert (letter.channel, letter.to_address, letter.user) == (POSTCARD, f"house {ann.pk}", ann)
    assert (letter.message_id, letter.reply_to, letter.headers) == ("card:card", "", {})
    nowhere = Recipient("Ann", "ann@example.com")
    assert post("confirmation", key="other", to=nowhere, channel=POSTCARD, context={"what": "x"}) is None


def test_it_goes_by_its_channel_and_an_email_by_email(cards: Postcards) -> None:
    first, second = card(), make_letter(due_at=NOON + minutes(1))
    assert stepped(first).state == State.SENT
    assert (cards.sent, mail.outbox) == ([("house 7", "Tuesday at nine.\n")], [])
    assert stepped(second, NOON + minutes(1)).state == State.SENT
    assert (len(cards.sent), len(mail.outbox)) == (1, 1)


def test_it_goes_where_the_channel_reaches_them_by_now_in_the_words_of_now(cards: Postcards) -> None:
    ann = make_user("Ann Hale")
    words = Rendered("", "Fresh.", "")
    fresh = Fresh(words, headers={"List-Unsubscribe": "<https://portal.example/out>"})
    send_check.register("confirmation", lambda *_: Send(fresh))
    letter = stepped(card(user=ann, to_address="house 0"))
    assert cards.sent == [(f"house {ann.pk}", "Fresh.")]
    assert (letter.to_address, letter.headers) == (f"house {ann.pk}", {})


def test_a_drain_opens_its_line_once_and_closes_it(cards: Postcards) -> None:
    card(due_at=LONG_DUE)
    card(due_at=LONG_DUE)
    assert deliver.drain() == 2
    assert (len(cards.sent), cards.opened, cards.closed) == (2, 1, 1)


def test_later_is_tried_again_and_fails_at_last(cards: Postcards) -> None:
    cards.answer = Later("The bag is full.")
    letter = stepped(card())
    assert (letter.state, letter.attempts, letter.reason) == (State.PLANNED, 1, "The bag is full.")
    letter.due_at, letter.attempts = NOON, TRIES - 1
    letter.save()
    assert stepped(letter).state == State.FAILED


def test_a_dead_address_is_blocked_on_its_own_channel(cards: Postcards) -> None:
    cards.answer = Refused("There is no such house.", dead_address=True)
    assert stepped(card()).state == State.FAILED
    assert (cards.blocked, Suppression.objects.count()) == ({"house 7": Block.BOUNCED}, 0)
    cards.answer = None
    assert stepped(card()).state == State.FAILED  # at the check before sending
    assert cards.sent == []


def test_a_refusal_that_is_about_us_stops_the_kind_on_this_channel_only(cards: Postcards) -> None:
    cards.answer = Refused("No stamps.", wording="no stamps")
    for number in range(3):
        card("notice_booked", to_address=f"house {number}")
        deliver.step(now=NOON)
    cards.answer = None
    waits = stepped(card("notice_booked", to_address="house 9"), NOON + minutes(1))
    goes = stepped(make_letter("notice_booked"), NOON + minutes(1))
    assert (waits.state, goes.state) == (State.PLANNED, State.SENT)


@pytest.mark.parametrize(("kind", "state"), [("confirmation", State.PLANNED), (ONCE, State.UNKNOWN)])
def test_what_may_have_gone_goes_again_or_waits_for_a_person(kind: str, state: str, cards: Postcards) -> None:
    cards.answer = Unsure("The bag was dropped.")
    assert stepped(card(kind)).state == state


def test_an_error_of_ours_stops_no_others(cards: Postcards) -> None:
    cards.answer = RuntimeError("torn")
    assert stepped(card()).state == State.PLANNED


def test_a_silent_channel_holds_up_no_other(cards: Postcards) -> None:
    cards.answer = NoAnswer("Nobody is at the counter.")
    letter = card(due_at=LONG_DUE - minutes(5))
    for _ in range(2):
        make_letter(due_at=LONG_DUE)
    assert deliver.drain() == 2
    letter.refresh_from_db()
    assert (len(mail.outbox), letter.state, letter.attempts) == (2, State.PLANNED, 0)


def test_without_a_mail_server_the_others_go(cards: Postcards, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Postbox, "send", lambda *_: (_ for _ in ()).throw(NoAnswer("gone")))
    make_letter(due_at=LONG_DUE - minutes(5))
    card(due_at=LONG_DUE)
    assert deliver.drain() == 1
    assert len(cards.sent) == 1


@pytest.mark.parametrize(("kind", "state"), [("confirmation", State.PLANNED), (ONCE, State.UNKNOWN)])
def test_a_sender_that_died_is_settled_by_the_kind(kind: str, state: str, cards: Postcards) -> None:
    letter = card(kind)
    claimed = claim_one(NOON)
    assert claimed is not None
    Letter.objects.update(leased_until=Now() - LEASE)
    assert stepped(letter).state == state


def test_a_letter_whose_channel_is_gone_fails_and_stops_no_others() -> None:
    letter, other = card(attempts=TRIES - 1), make_letter(due_at=NOON + minutes(1))
    assert stepped(letter).state == State.FAILED
    assert stepped(other, NOON + minutes(1)).state == State.SENT
