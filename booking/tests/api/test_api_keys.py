"""The same Idempotency-Key with the same body: one booking, one answer, for 24 hours."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from booking.locking import idempotency as once_module
from booking.models import Appointment, IdempotencyKey
from booking.tasks import forget_keys
from booking.tests.people import NOW, TEN
from booking.tests.web_client import Api, booking, refusal
from practice.celery import app as celery
from practice.models import Letter
from practice.testing import make_user

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("a_monday_in_march")]
api = Api()
ELEVEN = TEN + dt.timedelta(hours=1)


def at(address: str) -> Api:
    """Somebody who sends from there."""
    return Api(Client(REMOTE_ADDR=address))


# Whose key it is


def test_a_key_and_even_the_body_of_someone_else_brings_nothing_of_theirs(both):
    """One who knows all that Ann wrote, and guesses her key, from another address, books for herself."""
    hers = at("192.0.2.1").book(TEN, key="1", practitioner="any")
    theirs = at("192.0.2.2").book(TEN, key="1", practitioner="any")
    assert (hers.status_code, theirs.status_code) == (201, 201)
    assert not set(hers.json().values()) & {theirs.json()["id"], theirs.json()["manage_url"]}
    refused = at("192.0.2.3").book(TEN, key="1", practitioner="any")
    assert (refused.status_code, refusal(refused)["code"]) == (409, "slot_taken")


def test_two_who_happen_to_send_the_same_key_are_both_booked(hourly):
    assert at("192.0.2.1").book(TEN, key="1").status_code == 201
    other = at("192.0.2.2").book(ELEVEN, key="1", name="Ben Hart", email="ben@example.com")
    assert (other.status_code, other.json()["start"]) == (201, "2027-03-16T17:00:00Z")


def test_two_who_have_signed_in_behind_one_address_have_keys_of_their_own(hourly):
    ann, ben = Api(), Api()
    ann.client.force_login(make_user("Ann Lee"))
    ben.client.force_login(make_user("Ben Hart"))
    first = ann.book(TEN, key="1")
    assert ben.book(ELEVEN, key="1").status_code == 201
    assert ann.book(TEN, key="1").json() == first.json()


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_loses_the_answer_with_the_network_is_answered_the_same_on_the_next(hourly, signed_in):
    """In a train the address is another by then: the session says who asks, or the hold is booked already."""
    api, hold = Api(), ...
    if signed_in:
        api.client.force_login(make_user("Ann Lee"))
    else:
        hold = api.post("holds", {"session_type": "session", "start": TEN.isoformat()}).json()["hold"]
    first = api.book(TEN, key="1", hold=hold)
    api.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    again = api.book(TEN, key="1", hold=hold)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert Appointment.objects.filter(state="booked").count() == 1


def test_another_hold_under_the_same_key_is_another_body(hourly):
    first, second = (
        api.post("holds", {"session_type": "session", "start": start.isoformat()}).json()["hold"]
        for start in (TEN, ELEVEN)
    )
    assert api.book(TEN, key="1", hold=first).status_code == 201
    answer = api.book(ELEVEN, key="1", hold=second)
    assert (answer.status_code, refusal(answer)["code"]) == (422, "other_body")


def test_a_key_is_not_kept_as_it_was_sent(hourly):
    """Some write a name or an address into it, and what is not kept cannot be read."""
    api.book(TEN, key="ann@example.com")
    assert "ann" not in str(IdempotencyKey.objects.values_list("key", flat=True).get())


# The same key again


def test_the_same_key_and_body_books_once_and_is_answered_the_same(hourly):
    first, second = api.book(TEN, key="one"), api.book(TEN, key="one")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert (Appointment.objects.count(), Letter.objects.filter(kind="confirmation").count()) == (1, 1)


def test_a_body_that_only_looks_different_is_the_same(hourly):
    first = api.book(TEN, key="one", phone=None)
    body = dict(reversed(booking(TEN).items()))
    assert api.post("appointments", json.dumps(body, indent=3).encode(), key="one").json() == first.json()


def test_the_same_key_with_another_body_is_422(hourly):
    api.book(TEN, key="one")
    answer = api.book(TEN, key="one", name="Somebody Else")
    assert (answer.status_code, refusal(answer)["code"]) == (422, "other_body")
    assert Appointment.objects.count() == 1


def test_a_refused_request_may_be_tried_again_with_its_key(hourly):
    held = api.post("holds", {"session_type": "session", "start": TEN.isoformat()}).json()["hold"]
    assert api.book(TEN, key="one").status_code == 409
    api.client.delete(f"/api/v1/holds/{held}")
    assert api.book(TEN, key="one").status_code == 201


def test_a_key_is_forgotten_after_a_day(hourly):
    api.book(TEN, key="one")
    with time_machine.travel(NOW + dt.timedelta(hours=24, seconds=1), tick=False):
        assert api.book(TEN + dt.timedelta(days=1), key="one").status_code == 201


def test_a_tick_removes_the_rows_of_keys_that_are_a_day_old(hourly):
    api.book(TEN, key="old")
    with time_machine.travel(NOW + dt.timedelta(hours=23), tick=False):
        api.book(TEN + dt.timedelta(days=1), key="young")
    with time_machine.travel(NOW + dt.timedelta(hours=25), tick=False):
        forget_keys()
    assert [row.created_at for row in IdempotencyKey.objects.all()] == [NOW + dt.timedelta(hours=23)]
    assert "booking.forget_keys" in {tick["task"] for tick in celery.conf.beat_schedule.values()}


@pytest.mark.parametrize(
    ("key", "status"), [("k" * 200, 201), ("k" * 201, 422), ("a\x00b", 400), ("schlüssel", 201)]
)
def test_a_key_is_any_text_of_up_to_two_hundred_signs(hourly, key, status):
    assert api.book(TEN, key=key).status_code == status


def test_answers_from_the_second_of_two_at_once_are_those_of_the_first(hourly, monkeypatch):
    """The second finds no row yet, and then, writing its own, that the first was faster."""
    first = api.book(TEN, key="one").json()
    monkeypatch.setattr(once_module, "stored_answer", lambda *_, **__: None, raising=False)
    assert api.book(TEN, key="one").json() == first


def test_an_error_inside_is_not_taken_for_a_used_key(hourly):
    def do():
        raise IntegrityError("something else")

    with pytest.raises(IntegrityError):
        once_module.run_once("new", sender="address:1", body="b", do=do, now=NOW)
    assert not IdempotencyKey.objects.exists()
