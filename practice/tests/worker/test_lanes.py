"""Work of one kind is done in turn, in one thread at most; nothing that waits is lost or done twice."""

import threading

import pytest

from practice.worker.lanes import Lane


@pytest.fixture
def done():
    return []


@pytest.fixture
def lane(done):
    return Lane(lambda name, error: done.append((name, str(error))))


@pytest.fixture
def busy(lane, done):
    """A lane in which somebody works until `go_on` is called."""
    begun, go_on = threading.Event(), threading.Event()

    def work():
        begun.set()
        go_on.wait(60)
        done.append("recording")

    thread = threading.Thread(target=lane.do, args=("recording", work))
    thread.start()
    begun.wait(60)

    def finish():
        go_on.set()
        thread.join(60)

    yield finish
    finish()


def test_work_is_done_at_once_in_a_free_lane(lane, done):
    lane.do("deliver", lambda: done.append("deliver"))
    assert done == ["deliver"]
    assert not lane.is_mine


def test_work_for_a_busy_lane_gives_its_thread_back_and_is_done_in_its_turn(lane, busy, done):
    lane.do("calendars", lambda: done.append("calendars"))
    lane.do("imports", lambda: done.append("imports"))
    assert done == []
    busy()
    assert done == ["recording", "calendars", "imports"]


def test_a_tick_that_waits_already_is_not_done_twice(lane, busy, done):
    for _ in range(3):
        lane.do("calendars", lambda: done.append("calendars"))
    busy()
    assert done == ["recording", "calendars"]


def test_what_fails_keeps_nobody_from_their_turn(lane, busy, done):
    lane.do("calendars", lambda: done.append(1 // 0))
    lane.do("imports", lambda: done.append("imports"))
    busy()
    assert done == ["recording", ("calendars", "integer division or modulo by zero"), "imports"]


def test_work_that_fails_is_told_to_who_brought_it_and_the_lane_is_free_again(lane, done):
    with pytest.raises(ZeroDivisionError):
        lane.do("deliver", lambda: done.append(1 // 0))
    lane.do("deliver", lambda: done.append("deliver"))
    assert done == ["deliver"]


def test_a_closed_lane_does_no_more_than_it_has_begun(lane, busy, done):
    lane.do("calendars", lambda: done.append("calendars"))
    lane.close()
    lane.do("imports", lambda: done.append("imports"))
    assert not lane.wait_until_free(0)
    busy()
    assert lane.wait_until_free(60)
    assert done == ["recording"]
