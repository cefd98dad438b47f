"""Of several clocks one ticks; whenever that can't be decided, each does."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from celery.beat import PersistentScheduler, SchedulingError
from django.db import OperationalError, connection
from django.db.models.functions import Now

from practice.models import Lease
from practice.worker import leased_scheduler
from practice.worker.lease import ASK_EVERY, LeaseAnswer, Step, give_back, next_step, take
from practice.worker.leased_scheduler import NAP, LeasedScheduler

ANN, BEN = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("asked", "step"),
    [
        (None, Step.ASK),
        (LeaseAnswer(100, may_tick=True), Step.TICK),
        (LeaseAnswer(100, may_tick=False), Step.WAIT),
        (LeaseAnswer(100 - ASK_EVERY + 0.1, may_tick=True), Step.TICK),
        (LeaseAnswer(100 - ASK_EVERY, may_tick=True), Step.ASK),
        (LeaseAnswer(100 - ASK_EVERY, may_tick=False), Step.ASK),
    ],
)
def test_an_answer_counts_for_a_few_seconds(asked: LeaseAnswer | None, step: Step) -> None:
    assert next_step(asked, 100.0) is step


def lease_ends(after: timedelta) -> None:
    Lease.objects.update(until=Now() + after)


@pytest.mark.engines("practice.worker.lease")
@pytest.mark.django_db
def test_the_first_has_the_lease_and_renews_it_and_the_second_does_not_get_it() -> None:
    assert take(ANN)
    assert not take(BEN)
    lease_ends(timedelta(seconds=1))
    assert take(ANN)
    assert Lease.objects.filter(until__gt=Now() + timedelta(seconds=5)).exists()
    assert not take(BEN)


@pytest.mark.engines("practice.worker.lease")
@pytest.mark.django_db
def test_a_lease_that_ran_out_goes_to_who_asks_next() -> None:
    assert take(ANN)
    lease_ends(timedelta(seconds=-1))
    assert take(BEN)
    assert not take(ANN)


@pytest.mark.engines("practice.worker.lease")
@pytest.mark.django_db
def test_a_lease_that_is_given_back_goes_to_who_asks_next() -> None:
    assert take(ANN)
    give_back(BEN)  # who never had it
    assert not take(BEN)
    give_back(ANN)
    assert take(BEN)


@pytest.mark.engines("practice.worker.lease")
@pytest.mark.django_db
def test_nobody_waits_for_a_lease_from_before_the_clock_was_set_back() -> None:
    assert take(ANN)
    lease_ends(timedelta(hours=1))
    assert take(BEN)


@pytest.fixture
def scheduler(monkeypatch, tmp_path):
    """A clock of which is noted whether it sends what is due. `answers`: what it is told of the lease."""
    monkeypatch.setattr(PersistentScheduler, "setup_schedule", lambda _self: None)
    conf = SimpleNamespace(beat_max_loop_interval=0, beat_sync_every=0)
    app = SimpleNamespace(conf=conf, amqp=SimpleNamespace(Producer=None))
    clock = LeasedScheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    clock.sent, clock.answers, clock.gave_back = 0, [], 0

    def send(self: LeasedScheduler) -> float:
        self.sent += 1
        return 300.0

    def answer(holder: object) -> bool:
        if isinstance(said := clock.answers.pop(0), Exception):
            raise said
        return said

    def note(holder: object) -> None:
        clock.gave_back += 1

    monkeypatch.setattr(PersistentScheduler, "tick", send)
    monkeypatch.setattr(leased_scheduler, "take", answer)
    monkeypatch.setattr(leased_scheduler, "give_back", note)
    monkeypatch.setattr(leased_scheduler, "close_old_connections", lambda: None)
    monkeypatch.setattr(connection, "close", lambda: None)
    return clock


def asks_again(clock: LeasedScheduler) -> None:
    """As if the last answer were a while ago."""
    clock.asked = None


def test_a_clock_ticks_with_the_lease_and_waits_without(scheduler) -> None:
    scheduler.answers = [True, False]
    assert scheduler.tick() == NAP  # and not the five minutes until the next tick: it has to ask again
    assert scheduler.tick() == NAP
    assert scheduler.sent == 2
    asks_again(scheduler)
    assert scheduler.tick() == NAP
    assert scheduler.sent == 2


def test_a_clock_ticks_when_the_lease_cannot_be_asked_for(scheduler) -> None:
    scheduler.answers = [OperationalError("no such table"), False]
    scheduler.tick()
    assert scheduler.sent == 1
    asks_again(scheduler)  # and takes the next answer as it is
    scheduler.tick()
    assert scheduler.sent == 1


def test_a_clock_that_does_not_reach_the_broker_leaves_the_lease_to_another(scheduler, monkeypatch) -> None:
    def fails(self: object, entry: object, **kwargs: object) -> None:
        raise SchedulingError("the broker is away")

    monkeypatch.setattr(PersistentScheduler, "apply_async", fails)
    scheduler.answers = [True, True]
    scheduler.tick()
    with pytest.raises(SchedulingError):
        scheduler.apply_async(None)
    assert scheduler.gave_back == 1
    scheduler.tick()
    assert scheduler.sent == 1
    asks_again(scheduler)  # nobody else wanted it
    scheduler.tick()
    assert scheduler.sent == 2


def test_a_clock_that_stops_gives_the_lease_back(scheduler, monkeypatch) -> None:
    monkeypatch.setattr(PersistentScheduler, "close", lambda _self: None)
    scheduler.close()
    assert scheduler.gave_back == 1
