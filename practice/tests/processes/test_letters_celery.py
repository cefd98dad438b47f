"""With the real worker, clock and broker, as `up` starts them: letters go within seconds, whatever dies."""

import os
import signal
import time
from collections import Counter

import pytest

from practice.tests.mail.server import mail_server
from practice.tests.processes.house import celery_house_in, soon

pytestmark = pytest.mark.processes
SECONDS = 60  # a tick every five, and a machine that is busy with other tests


@pytest.fixture
def smtp():
    """Where the letters arrive."""
    with mail_server() as server:
        yield server


@pytest.fixture
def house(smtp, tmp_path):
    """A practice with its worker and its clock, on a broker of its own."""
    with celery_house_in(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}") as it:
        it.a_broker, it.a_worker, it.a_beat = it.broker(), it.worker(), it.beat()
        yield it


def arrived(smtp, count, seconds=SECONDS):
    return soon(lambda: len(smtp.accepted) >= count, seconds)


def each_once(smtp, count):
    """All of them arrived, and stay single over another tick."""
    time.sleep(6)
    return (len(smtp.accepted), set(smtp.copies().values())) == (count, {1})


def test_a_letter_leaves_within_seconds_and_the_pulse_beats(house, smtp):
    house.post("sign_in_code", 3)
    assert arrived(smtp, 3), house.outputs()
    assert soon(lambda: len(house.sql("SELECT at FROM practice_pulse WHERE name = 'beat'")) == 1, SECONDS)
    assert each_once(smtp, 3)


def test_without_the_clock_letters_wait_and_leave_when_it_is_back(house, smtp):
    house.post("confirmation", 1)
    assert arrived(smtp, 1), house.outputs()
    house.a_beat.terminate()
    house.a_beat.wait(60)
    time.sleep(6)  # what it had sent is worked off
    house.post("confirmation", 2)
    assert not arrived(smtp, 2, seconds=7)
    house.beat()
    assert arrived(smtp, 3), house.outputs()
    assert each_once(smtp, 3)


def test_a_killed_broker_keeps_nobody_from_posting_and_all_leaves_once_when_it_is_back(house, smtp):
    house.post("confirmation", 1)
    assert arrived(smtp, 1), house.outputs()
    house.a_broker.kill()
    house.a_broker.wait()
    house.post("newsletter", 20)
    assert len(smtp.accepted) == 1
    house.broker()
    assert arrived(smtp, 21, seconds=120), house.outputs()
    assert each_once(smtp, 21)


@pytest.mark.parametrize("whole_group", [True, False], ids=["whole group", "worker alone"])
def test_a_worker_told_to_stop_finishes_the_letter_in_its_hand(house, smtp, whole_group):
    smtp.delays = {"TAKEN": 0.5}
    house.post("newsletter", 20)
    assert arrived(smtp, 2), house.outputs()
    (os.killpg if whole_group else os.kill)(house.a_worker.pid, signal.SIGTERM)
    house.a_worker.wait(60)
    states = Counter(state for _kind, state in house.letters().values())
    assert states == {"sent": len(smtp.accepted), "planned": 20 - len(smtp.accepted)}
    assert set(smtp.copies().values()) == {1}
    assert len(smtp.accepted) < 20
