"""One practitioner says yes while another says no, where two can write at once: SQLite lets one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from booking.appointments.actions import approve as answers
from booking.errors import BookingError
from booking.models import Appointment
from booking.testing import make_session_type
from booking.tests.people import NOW, booked, kinds

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]
ANSWERED = ("confirmation", "declined")


@pytest.fixture
def asked(tess) -> Appointment:
    return booked(make_session_type(tess, slug="first", step=15, needs_approval=True), tess)


def at_once(asked: Appointment, *answers: Callable[..., Any]) -> list[str]:
    """Each answer in a thread of its own, begun together: what each came to, by name."""
    together = threading.Barrier(len(answers), timeout=20)

    def give(answer: Callable[..., Any]) -> str:
        together.wait()
        try:
            answer(asked, by=asked.practitioner.user, now=NOW)
        except BookingError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(answers)) as pool:
        return list(pool.map(give, answers))


def answers_written(asked: Appointment) -> list[str]:
    return [kind for kind in kinds(asked) if kind in ANSWERED]


def both_read_before_either_writes(monkeypatch: Any, count: int = 2) -> None:
    """Nobody waits for the lock, and nobody writes before all have seen a request."""
    all_have_read, read = threading.Barrier(count, timeout=20), answers.reload_in_same_hands
    first = threading.local()

    def read_together(appointment: Appointment) -> Appointment:
        found = read(appointment)
        if not getattr(first, "done", False):
            first.done = True
            all_have_read.wait()
        return found

    monkeypatch.setattr(answers, "lock", lambda *_, **__: [])
    monkeypatch.setattr(answers, "reload_in_same_hands", read_together)


def test_yes_and_no_at_once_have_one_end_and_one_email(asked: Appointment) -> None:
    said = at_once(asked, answers.approve, answers.decline)
    after = Appointment.objects.get()
    assert said.count("done") == 1
    assert answers_written(asked) == ["confirmation" if after.state == "booked" else "declined"]
    assert (after.occupies, after.changes.count()) == (after.state == "booked", 2)


def test_four_who_say_no_at_once_write_one_email(asked: Appointment) -> None:
    assert at_once(asked, *[answers.decline] * 4) == ["done"] * 4
    assert (answers_written(asked), Appointment.objects.get().sequence) == (["declined"], 1)


def test_without_the_lock_the_compare_and_swap_still_has_one_winner(
    asked: Appointment, monkeypatch: Any
) -> None:
    both_read_before_either_writes(monkeypatch)
    said = at_once(asked, answers.approve, answers.decline)
    assert (said.count("done"), len(answers_written(asked))) == (1, 1)


def test_without_either_a_client_would_get_a_yes_and_a_no(asked: Appointment, monkeypatch: Any) -> None:
    both_read_before_either_writes(monkeypatch)
    approved = threading.Event()

    def approve(*args: Any, **options: Any) -> None:
        answers.approve(*args, **options)
        approved.set()

    def end_whatever_it_is_now(before: Appointment, **how: Any) -> Appointment:
        assert approved.wait(timeout=20)
        Appointment.objects.filter(pk=before.pk).update(state="cancelled", declined=True, occupies=False)
        return Appointment.objects.get(pk=before.pk)

    monkeypatch.setattr(answers, "end", end_whatever_it_is_now)
    assert at_once(asked, approve, answers.decline) == ["done", "done"]
    assert answers_written(asked) == ["confirmation", "declined"]
