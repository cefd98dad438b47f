"""The same Idempotency-Key with the same body: one booking, one answer, for 24 hours."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.db import IntegrityError

from booking.actions import once as once_module
from booking.models import Appointment, IdempotencyKey
from booking.tasks import forget_keys
from booking.tests.cast import NOW, TEN
from booking.tests.web import Api, booking, refusal
from practice.celery import app as celery
from practice.models import Letter

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
api = Api()


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
    assert [row.key for row in IdempotencyKey.objects.all()] == ["young"]
    assert "booking.forget_keys" in {tick["task"] for tick in celery.conf.beat_schedule.values()}


@pytest.mark.parametrize(
    ("key", "status"), [("k" * 200, 201), ("k" * 201, 422), ("a\x00b", 400), ("schlüssel", 201)]
)
def test_a_key_is_any_text_of_up_to_two_hundred_signs(hourly, key, status):
    assert api.book(TEN, key=key).status_code == status


def test_answers_from_the_second_of_two_at_once_are_those_of_the_first(hourly, monkeypatch):
    """The second finds no row yet, and then, writing its own, that the first was faster."""
    first = api.book(TEN, key="one").json()
    monkeypatch.setattr(once_module, "kept_under", lambda *_, **__: None, raising=False)
    assert api.book(TEN, key="one").json() == first


def test_an_error_inside_is_not_taken_for_a_used_key(hourly):
    def do():
        raise IntegrityError("something else")

    with pytest.raises(IntegrityError):
        once_module.once("new", body="b", do=do, now=NOW)
    assert not IdempotencyKey.objects.exists()
