"""Kill a sender of letters in a phase of its work, and say which phase it really was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable

from practice.tests.mail.server import MailServer
from practice.tests.processes.house import House

BEFORE, CLAIMED, TAKEN = "before the claim", "claimed, not taken", "taken, not noted"
STAGE = {CLAIMED: "MAIL", TAKEN: "TAKEN"}
QUICK = dict.fromkeys(("MAIL", "DATA", "TAKEN"), 0.005)


def kill_once(
    house: House,
    smtp: MailServer,
    aim: str,
    start: Callable[[], subprocess.Popen[bytes]],
    *,
    starts_in: float = 0.6,
) -> str:
    """Start a sender and kill it, with its whole group, at a random moment of the phase aimed at.

    `starts_in`: seconds it takes until its first claim, about. Returns the phase it was really in.
    """
    smtp.delays = QUICK
    if aim == BEFORE:
        sender = start()
        time.sleep(random.uniform(0.1, starts_in))
        return kill(sender, house, smtp)
    stage = STAGE[aim]
    enough = smtp.reached[stage] + random.randint(1, 4)
    smtp.stall = (stage, enough)  # it stays in that phase until it is killed
    sender = start()
    assert smtp.wait_until(lambda: smtp.reached[stage] >= enough, 90), house.outputs()
    time.sleep(random.uniform(0, 0.25))
    return kill(sender, house, smtp)


def kill(sender: subprocess.Popen[bytes], house: House, smtp: MailServer) -> str:
    """Kill it and its children, here and now; as if its lease were over then. The phase it was in."""
    os.killpg(sender.pid, signal.SIGKILL)
    sender.wait()
    assert smtp.wait_until(lambda: not smtp.talking, 60)  # what was on the line has arrived, or never will
    smtp.stall = ("", 0)
    in_hand = house.sql(
        "SELECT message_id FROM practice_letter WHERE state = 'claimed' AND leased_until > '2021-01-01'"
    )
    house.age_leases()
    if not in_hand:
        return BEFORE
    return TAKEN if smtp.copies()[in_hand[0][0]] else CLAIMED
