"""A task in a thread that takes too long is interrupted, or reported; others are left alone."""

import threading

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from practice.worker.time_limits import limited


def never():
    raise AssertionError("it was not too long")


def turns_forever(told=None):
    """Python that does not end, as long as nobody has been told."""
    while told is None or not told.is_set():
        pass


def test_work_that_takes_too_long_is_interrupted():
    with pytest.raises(SoftTimeLimitExceeded), limited(soft=0.01, hard=600, too_long=never):
        turns_forever()


def test_work_that_goes_on_nevertheless_is_reported():
    told = threading.Event()
    with limited(soft=0.01, hard=0.02, too_long=told.set):
        try:
            turns_forever()
        except SoftTimeLimitExceeded:
            turns_forever(told)
    assert told.is_set()


def test_work_in_time_is_left_alone_and_so_is_what_follows_it():
    for _ in range(20):
        with limited(soft=600, hard=660, too_long=never):
            pass
    assert not [
        one for one in threading.enumerate() if isinstance(one, threading.Timer) and not one.finished.is_set()
    ]
