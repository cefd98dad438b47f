"""Senders killed at any moment: nothing is lost, and what goes twice is what may go twice."""

import os
import signal
import time
from collections import Counter

import pytest

from practice.tests.mail.server import mail_server
from practice.tests.processes.house import house_in, soon
from practice.tests.processes.killing import BEFORE, CLAIMED, TAKEN, kill_once

pytestmark = [pytest.mark.processes, pytest.mark.long]

EACH = 100
AIMS = (BEFORE, BEFORE, CLAIMED, CLAIMED, TAKEN, TAKEN, BEFORE, CLAIMED, TAKEN, TAKEN)


@pytest.fixture
def smtp():
    """Where the letters arrive."""
    with mail_server() as server:
        yield server


@pytest.fixture
def house(smtp, tmp_path):
    """A practice whose letters go to that mail server."""
    with house_in(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}") as it:
        yield it


def put_in_front(house, kind, year):
    """Have the next sender begin with eight letters of this kind."""
    house.sql(
        f"UPDATE practice_letter SET due_at = '{year}-01-01 00:00:00' "
        f"WHERE id IN (SELECT id FROM practice_letter "
        f"WHERE state = 'planned' AND attempts = 0 AND kind = '{kind}' ORDER BY id LIMIT 8)"
    )


def kill_all(house, smtp):
    """All ten kills, by turns with either kind in the sender's hand: how many in which phase."""
    phases = Counter()
    for number, aim in enumerate(AIMS):
        put_in_front(house, ("confirmation", "newsletter")[number % 2], 2019 - number)
        phases[kill_once(house, smtp, aim, house.sender)] += 1
    smtp.delays = {}
    house.manage("deliver")
    return phases


def ends_of(house, smtp):
    """Kind → how many letters ended in which state and in how many copies."""
    copies, ends = smtp.copies(), {"confirmation": Counter(), "newsletter": Counter()}
    for message_id, (kind, state) in house.letters().items():
        ends[kind][state, copies[message_id]] += 1
    return ends


def test_two_hundred_letters_and_ten_kills(house, smtp, capsys):
    house.post("confirmation", EACH)
    house.post("newsletter", EACH)
    phases = kill_all(house, smtp)
    ends = ends_of(house, smtp)
    with capsys.disabled():
        print(f"\n{len(AIMS)} kills of senders of {2 * EACH} letters:", dict(phases))
        for kind, counted in ends.items():
            print(
                f"  {kind}:",
                ", ".join(f"{n} {state} in {times} copies" for (state, times), n in counted.items()),
            )

    # Nothing lost: all confirmations went; every encouragement went or is listed for a human.
    assert set(ends["confirmation"]) <= {("sent", 1), ("sent", 2)}
    assert set(ends["newsletter"]) <= {("sent", 1), ("unknown", 0), ("unknown", 1)}
    assert ends["confirmation"]["sent", 2] <= len(AIMS)
    # The kills did hit every phase, with either kind in hand; or all this proves nothing.
    assert set(phases) == {BEFORE, CLAIMED, TAKEN}
    assert ends["confirmation"]["sent", 2] >= 1
    assert ends["newsletter"]["unknown", 0] >= 1
    assert ends["newsletter"]["unknown", 1] >= 1


def test_three_senders_at_once_send_each_letter_once(house, smtp):
    house.post("newsletter", 60)
    for _ in range(3):
        house.sender()
    assert soon(lambda: len(smtp.accepted) >= 60, 90), house.outputs()
    time.sleep(0.5)
    assert set(smtp.copies().values()) == {1}
    assert Counter(house.letters().values()) == {("newsletter", "sent"): 60}


def test_a_sender_told_to_stop_finishes_the_letter_in_its_hand(house, smtp):
    house.post("newsletter", 30)
    smtp.delays = {"TAKEN": 0.4}
    for number in range(1, 4):
        sender = house.sender()
        enough = smtp.reached["TAKEN"] + 1
        assert smtp.wait_until(lambda enough=enough: smtp.reached["TAKEN"] >= enough, 90), house.outputs()
        os.killpg(sender.pid, signal.SIGTERM)
        assert sender.wait(60) == 0
        states = Counter(state for _kind, state in house.letters().values())
        assert states == {"sent": len(smtp.accepted), "planned": 30 - len(smtp.accepted)}
        assert len(smtp.accepted) >= number
    assert set(smtp.copies().values()) == {1}
