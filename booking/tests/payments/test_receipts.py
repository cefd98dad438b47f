"""Receipts: what they say, numbered without gaps, the same bytes each time, and sent to who paid."""

from __future__ import annotations

import datetime as dt
import threading
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from booking.models import Receipt
from booking.payments.actions import receipt as receipt_actions
from booking.payments.actions.receipt import issue, send
from booking.payments.actions.record import NotRecorded, record, refund
from booking.payments.receipts.pdf import pdf_of
from booking.payments.receipts.typefaces import unprintable
from booking.testing import make_session_type
from booking.tests.payments.conftest import session_of
from booking.tests.people import denver
from practice.mail.channels.smtp import message_for
from practice.mail.send_check import Cancel, Send, check_before_sending
from practice.models import Letter, Practice, Practitioner, User
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = pytest.mark.engines
NOON = denver("2027-03-02 12:00")


@pytest.fixture
def paid(one: Any, tess: Practitioner) -> Any:
    record(one, cents=9500, tip_cents=1000, how="card", by=tess.user, key="k", now=NOON)
    return one


def made_out(one: Any, by: User, to: str = "Ann Lee", now: dt.datetime = NOON) -> Receipt:
    return issue(one, to=to, by=by, now=now)


def test_a_receipt_says_what_was_paid_and_nothing_of_anybodys_health(paid, tess, ann) -> None:
    Practice.objects.update(tax_name="VAT", tax_rate="8.10", tax_number="CHE-1", receipt_note="Thank you.")
    content = made_out(paid, tess.user).content
    assert content == {
        "number": 1,
        "issued_on": "2027-03-02",
        "replaces": None,
        "language": "en",
        "locale": "en-us",
        "currency": "USD",
        "practice": {
            "name": "Juniper Street Myopractic",
            "address": ["1184 Juniper Street, upstairs", "Denver, Colorado"],
            "phone": "303 555 0142",
            "email": "hello@juniper.example",
        },
        "to": "Ann Lee",
        "session": {
            "what": "Session",
            "for": "Ann Lee",
            "day": "2027-03-02",
            "with": "Tess Marlow",
            "why": "session",
            "cents": 9500,
            "waived": 0,
        },
        "entries": [
            {"what": "payment", "how": "card", "day": "2027-03-02", "cents": 9500},
            {"what": "tip", "how": "card", "day": "2027-03-02", "cents": 1000},
        ],
        "received": 10500,
        "outstanding": 0,
        "credit": 0,
        "tax": {"name": "VAT", "number": "CHE-1", "hundredths": 810, "cents": 712},
        "note": "Thank you.",
    }


def test_a_receipt_stays_as_it_was_issued_whatever_changes_after(paid, tess) -> None:
    with time_machine.travel(NOON, tick=False):
        issued = made_out(paid, tess.user)
        before = pdf_of(issued)
    Practice.objects.update(name="Another name", address="Elsewhere", tax_rate="20")
    refund(paid, cents=500, how="cash", by=tess.user, key="r", now=NOON)
    with time_machine.travel(NOON + dt.timedelta(days=400), tick=False):
        assert pdf_of(Receipt.objects.get(pk=issued.pk)) == before
    assert before.startswith(b"%PDF-")
    assert b"/Lang (en)" in before
    assert b"D:20270302" in before


def test_the_same_again_is_the_same_receipt_and_a_change_replaces_it(paid, tess) -> None:
    first, again = made_out(paid, tess.user), made_out(paid, tess.user, now=NOON + dt.timedelta(days=1))
    assert first == again
    refund(paid, cents=500, how="cash", by=tess.user, key="r", now=NOON)
    second = made_out(paid, tess.user)
    assert (second.number, second.replaces, second.content["replaces"]) == (2, first, 1)
    assert (second.cents, second.content["outstanding"]) == (10000, 500)


def test_nothing_paid_makes_no_receipt_and_no_gap(one, paid, tess, session, ann) -> None:
    unpaid = session_of(session, tess, ann, "2027-03-01 15:00", state="completed")
    with pytest.raises(NotRecorded, match="Nothing has been paid"):
        made_out(unpaid, tess.user)
    assert made_out(paid, tess.user).number == 1


@pytest.mark.parametrize(
    "name", ["Zuzana Dvořáková", "Наталья Ким", "Ελένη", "Nguyễn Thị Ánh", "D’Arcy — “Lee”"]
)
def test_latin_greek_and_cyrillic_names_are_printed(paid, tess, name) -> None:
    assert unprintable(name) == ""
    assert pdf_of(made_out(paid, tess.user, to=name)).startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["田中 花子", "فاطمة", "שרה", "김민지", "Ann 🙂"])
def test_letters_that_no_font_has_are_named_and_refused_instead_of_printed_as_boxes(paid, tess, name) -> None:
    with pytest.raises(NotRecorded, match="can’t print these characters") as refusal:
        made_out(paid, tess.user, to=name)
    assert refusal.value.field == "to"
    assert unprintable(name)[0] in refusal.value.message
    assert not Receipt.objects.exists()


def test_a_decomposed_accent_is_printed_as_one_letter(paid, tess) -> None:
    assert unprintable("Rene\u0301") == ""


def test_our_own_texts_in_such_letters_are_named_too(paid, tess, session) -> None:
    type(session).objects.update(name="指圧")
    paid.refresh_from_db()
    with pytest.raises(NotRecorded, match="of your own texts: 指圧"):
        made_out(paid, tess.user)


def test_a_receipt_is_emailed_once_to_who_paid_with_the_file(paid, tess, ann) -> None:
    mother = make_user("Maya Lee")
    type(paid).objects.filter(pk=paid.pk).update(correspondent=mother)
    paid.refresh_from_db()
    issued = made_out(paid, tess.user, to="Maya Lee")
    letter = send(issued, now=NOON)
    assert send(issued, now=NOON) == letter
    assert (letter.to_address, letter.subject, letter.kind) == (mother.email, "Receipt 1", "receipt")
    assert "$105" in letter.text
    assert b64decode(letter.attachments[0]["content"]) == pdf_of(issued)
    (part,) = [one for one in message_for(letter).message().walk() if one.get_filename()]
    assert (part.get_content_type(), part.get_filename()) == ("application/pdf", "receipt-1.pdf")
    assert part.get_payload(decode=True) == pdf_of(issued)


def test_an_email_with_a_receipt_that_was_replaced_does_not_leave(paid, tess) -> None:
    letter = send(made_out(paid, tess.user), now=NOON)
    assert isinstance(check_before_sending(letter, NOON), Send)
    refund(paid, cents=500, how="cash", by=tess.user, key="r", now=NOON)
    made_out(paid, tess.user)
    assert isinstance(check_before_sending(letter, NOON), Cancel)


def test_without_an_address_nothing_is_sent(paid, tess, ann) -> None:
    User.objects.filter(pk=ann.pk).update(email=None)
    with pytest.raises(NotRecorded, match="no email address"):
        send(made_out(paid, tess.user), now=NOON)
    assert not Letter.objects.exists()


def test_a_receipt_that_fails_after_its_number_leaves_no_gap(paid, tess, monkeypatch) -> None:
    def fails(*args: Any, **options: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError), transaction.atomic():
        made_out(paid, tess.user)
        broken.setattr(receipt_actions, "_issued", fails)
        refund(paid, cents=500, how="cash", by=tess.user, key="r", now=NOON)
        made_out(paid, tess.user)
    assert made_out(paid, tess.user).number == 1


# Two people who issue at once, where two can write at once.

RACE = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]


@pytest.fixture
def two_paid(db: None) -> tuple[list[Any], User]:
    """Two sessions, each paid, so that no appointment's row makes one wait for the other."""
    make_practice()
    tess = make_practitioner()
    session, both = make_session_type(tess), []
    for name in ("Ann", "Ben"):
        one = session_of(
            session, tess, make_user(name), f"2027-03-01 {9 + len(both):02}:00", state="completed"
        )
        record(one, cents=9500, how="cash", by=tess.user, key=name, now=NOON)
        both.append(one)
    return both, tess.user


def at_once(both: list[Any], press: Any) -> list[Any]:
    together = threading.Barrier(2, timeout=20)

    def run(one: Any) -> Any:
        together.wait()
        try:
            return press(one)
        except (IntegrityError, NotRecorded) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, both))


class TestRace:
    pytestmark = RACE

    def test_two_receipts_at_once_get_two_numbers_without_a_gap(self, two_paid: Any) -> None:
        both, tess = two_paid
        made = at_once(both, lambda one: made_out(one, tess, to="Ann"))
        assert sorted(one.number for one in made) == [1, 2]

    def test_without_the_lock_both_take_the_same_number(self, two_paid: Any, monkeypatch: Any) -> None:
        both, tess = two_paid
        both_have_read = threading.Barrier(2, timeout=20)
        number = receipt_actions._next_number

        def read_together() -> int:
            found = number()
            both_have_read.wait()
            return found

        monkeypatch.setattr(receipt_actions, "_practice_locked", Practice.objects.get)
        monkeypatch.setattr(receipt_actions, "_next_number", read_together)
        made = at_once(both, lambda one: made_out(one, tess, to="Ann"))
        assert sorted(type(one).__name__ for one in made) == ["IntegrityError", "Receipt"]

    def test_two_people_who_record_at_once_do_not_pay_twice(self, two_paid: Any) -> None:
        both, tess = two_paid
        refund(both[0], cents=9500, how="cash", by=tess, key="r", now=NOON)
        keys = iter(("a", "b"))
        made = at_once(
            [both[0]] * 2,
            lambda one: record(one, cents=9500, how="cash", by=tess, key=next(keys), now=NOON),
        )
        assert sorted(type(one).__name__ for one in made) == ["NotRecorded", "list"]
