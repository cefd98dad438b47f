"""One offer answered twice at once, and answered while it lapses: one booking, one letter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from booking.appointments.actions.cancel import cancel
from booking.errors import BookingError
from booking.models import Appointment, Offer
from booking.offers import actions as offers_actions
from booking.offers import queries as offers_queries
from booking.tests.people import ANN, BEN, NOW, TEN, booked, minutes
from booking.waitlist.actions import answer
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.models import Letter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]
NOON = NOW.replace(hour=12)


@pytest.fixture
def offer(session, tess) -> Offer:
    """Ann is asked about a time, and Ben would be next."""
    for attendee in (ANN, BEN):
        join(session, WaitlistChoices(last_day=TEN.date()), attendee=attendee, now=NOW)
    gone = booked(session, tess, attendee=type(ANN)("Zoe Quist", "zoe@example.com"))
    cancel(gone, now=NOON)
    return offers_queries.open_offers().get()


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own, begun together: what came of it, a refusal by its code."""
    together = threading.Barrier(len(work), timeout=20)

    def one(act: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return act()
        except BookingError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def confirmations() -> int:
    return Letter.objects.filter(kind="confirmation", user__email=ANN.email).count()


def test_taken_four_times_at_once_it_is_booked_once(offer: Offer) -> None:
    made = at_once(*[lambda: answer.accept(offer, now=NOON).pk] * 4)
    assert len(set(made)) == 1
    assert confirmations() == 1


def test_taken_and_declined_at_once_it_has_one_end(offer: Offer) -> None:
    said = at_once(
        lambda: answer.accept(offer, now=NOON).state, lambda: answer.decline(offer, now=NOON).state
    )
    assert sorted(said) in (["booked", "offer_closed"], ["declined", "offer_closed"])
    assert confirmations() == (1 if "booked" in said else 0)


def test_taken_in_its_last_moment_while_the_tick_comes_it_is_never_of_two(offer: Offer) -> None:
    last, over = NOON + minutes(59.99), NOON + minutes(60)
    at_once(lambda: answer.accept(offer, now=last), lambda: offers_actions.lapse_due(now=over))
    taken = Appointment.objects.filter(occupies=True, starts_at=TEN)
    assert taken.count() == 1
    assert confirmations() == (1 if taken.get().state == "booked" else 0)


def test_of_two_ticks_at_once_one_asks_the_next(offer: Offer) -> None:
    over = NOON + minutes(60)
    at_once(*[lambda: offers_actions.lapse_due(now=over)] * 2)
    assert Offer.objects.filter(state="open").count() == 1
    assert Letter.objects.filter(kind="offer", user__email=BEN.email).count() == 1


def test_without_the_lock_the_compare_and_swap_still_has_one_winner(offer: Offer, monkeypatch: Any) -> None:
    monkeypatch.setattr(answer, "lock", lambda *_, **__: [])
    made = at_once(*[lambda: answer.accept(offer, now=NOON).pk] * 4)
    assert len(set(made)) == 1
    assert confirmations() == 1
