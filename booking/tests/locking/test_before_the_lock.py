"""What can be seen not to be free is refused before the lock, in the same words; the rest under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.appointments.actions import book
from booking.errors import BookingError, SlotTaken
from booking.holds.actions import hold
from booking.models import Appointment, SessionType
from booking.testing import make_session_type
from booking.tests.people import BEN, TEN, booked, denver, kept, minutes
from practice.models import Practitioner

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
ACTIONS = [(booked, book), (kept, hold)]
LATE = {"taken": 30, "buffer": 70, "daily_limit": 240}
# In how many minutes after ten, with ten taken: one of each kind of refusal.
REFUSED = {**LATE, "off_grid": 125, "outside_hours": 1000, "past": -60 * 24 * 30, "horizon": 60 * 24 * 500}


@pytest.fixture
def strict(tess: Practitioner) -> SessionType:
    """An hour with half an hour after it, two a day."""
    return make_session_type(tess, slug="strict", step=10, buffer_after=30, daily_limit=2)


def after_it_passed(monkeypatch: pytest.MonkeyPatch, module: Any, come: Callable[[], Any]) -> None:
    """Somebody else comes between the look before the lock and the lock."""
    look = module.refuse_if_taken

    def then_another(*args: Any, **options: Any) -> None:
        look(*args, **options)
        monkeypatch.setattr(module, "refuse_if_taken", look)
        come()

    monkeypatch.setattr(module, "refuse_if_taken", then_another)


@pytest.mark.parametrize("rule", LATE)
@pytest.mark.parametrize(("action", "module"), ACTIONS)
def test_who_passed_a_moment_before_the_winner_is_refused_under_the_lock(
    action, module, rule, tess, strict, monkeypatch
):
    if rule == "daily_limit":
        booked(strict, tess, denver("2027-03-16 12:00"))
    after_it_passed(monkeypatch, module, lambda: booked(strict, tess))
    with pytest.raises(SlotTaken) as refused:
        action(strict, tess, TEN + minutes(LATE[rule]))
    assert refused.value.refusal.rule == rule
    assert Appointment.objects.filter(starts_at=TEN + minutes(LATE[rule])).count() == 0


@pytest.mark.parametrize(("action", "module"), ACTIONS)
def test_who_comes_after_the_winner_waits_for_no_lock(action, module, tess, strict):
    booked(strict, tess)
    with CaptureQueriesContext(connection) as queries, pytest.raises(SlotTaken):
        action(strict, tess, TEN + minutes(10))
    asked = {query["sql"].lstrip("(").split()[0] for query in queries}
    assert asked == {"SELECT"}
    assert not any("FOR NO KEY UPDATE" in query["sql"] for query in queries)


@pytest.mark.parametrize("rule", REFUSED)
def test_before_the_lock_and_under_it_a_refusal_reads_the_same(rule, tess, strict, monkeypatch):
    if rule == "daily_limit":
        booked(strict, tess, denver("2027-03-16 12:00"))
    booked(strict, tess)
    before = refusal_of(strict, tess, rule)
    monkeypatch.setattr(book, "refuse_if_taken", lambda *_, **__: None)
    assert before == refusal_of(strict, tess, rule)


def refusal_of(kind: SessionType, tess: Practitioner, rule: str) -> tuple[Any, ...]:
    """All that a refused booking is told."""
    with pytest.raises(BookingError) as refused:
        booked(kind, tess, TEN + minutes(REFUSED[rule]), attendee=BEN)
    error = refused.value
    assert error.refusal.rule == rule
    return type(error), error.code, error.message, error.refusal, getattr(error, "alternatives", None)
