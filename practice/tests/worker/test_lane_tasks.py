"""Tasks of the worker run in the lane of their queue, within their time limits; by hand, they just run."""

import threading

import pytest

import booking.tasks
import portal.tasks
import practice.tasks
from practice.celery import app
from practice.mail.delivery import graceful_stop
from practice.worker import tasks as lane_task
from practice.worker.lanes import Lane


@pytest.fixture
def lanes(monkeypatch):
    monkeypatch.setattr(lane_task, "LANES", {})
    return lane_task.LANES


@pytest.fixture
def task():
    """A task that says where it ran."""
    ran = []

    @app.task(name="test.says_where")
    def says_where():
        mine = [name for name, one in lane_task.LANES.items() if one.is_mine]
        ran.append((threading.current_thread().name, mine))

    yield says_where, ran
    app.tasks.unregister("test.says_where")


def in_a_thread(work):
    thread = threading.Thread(target=work, name="a thread of the pool")
    thread.start()
    thread.join(60)


def as_from(task, queue):
    """Run it as a worker does that took it from a queue."""
    task.push_request(called_directly=False, delivery_info={"routing_key": queue})
    try:
        task()
    finally:
        task.pop_request()


def test_every_task_of_ours_takes_its_lane():
    some = (practice.tasks.deliver, booking.tasks.read_calendars, portal.tasks.publish_waiting)
    assert all(isinstance(app.tasks[one.name], lane_task.LaneTask) for one in some)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


@pytest.mark.parametrize("queue", ["letters", "media"])
def test_a_task_in_a_thread_takes_the_lane_of_its_queue(lanes, task, queue):
    says_where, ran = task
    in_a_thread(lambda: as_from(says_where, queue))
    assert ran == [("a thread of the pool", [queue])]


def test_a_task_called_by_hand_takes_none(lanes, task):
    says_where, ran = task
    says_where()
    in_a_thread(says_where)
    assert [mine for _, mine in ran] == [[], []]


def test_a_task_that_does_not_end_ends_the_process_after_the_email_in_hand(lanes, monkeypatch):
    """The email in hand: the lane of letters, in which somebody is until told to stop."""
    ended, sent, in_hand, told = [], [], threading.Event(), threading.Event()
    monkeypatch.setattr(lane_task.graceful_stop, "stop_all", told.set)
    monkeypatch.setattr(lane_task.os, "_exit", lambda code: ended.append((code, list(sent))))

    def send():
        in_hand.set()
        told.wait(60)
        sent.append("the email in hand")

    letters = lane_task.lane("letters")
    assert isinstance(letters, Lane)
    sender = threading.Thread(target=letters.do, args=("deliver", send))
    sender.start()
    in_hand.wait(60)
    lane_task.end_process("portal.publish_waiting")
    sender.join(60)
    assert ended == [(lane_task.TOOK_TOO_LONG, ["the email in hand"])]


def test_a_worker_forked_in_place_of_one_that_was_told_to_stop_is_told_nothing():
    """They share a byte: `booking/tests/processes/test_rolling.py` shows the same with real workers."""
    try:
        graceful_stop.stop_all()
        with graceful_stop.until_stopped() as told:
            assert told()
        lane_task.begin()
        with graceful_stop.until_stopped() as told:
            assert not told()
    finally:
        graceful_stop.begin()
