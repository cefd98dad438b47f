"""Kill a sender of letters in a phase of its work, and say which phase it really was."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from random import Random

from practice.tests.mail.server import MailServer
from practice.tests.mail.text_gateway import TextGateway
from practice.tests.processes.forked import Forked
from practice.tests.processes.practice_site import PracticeSite
from practice.tests.processes.waiting import soon

BEFORE, CLAIMED, TAKEN = "before the claim", "claimed, not taken", "taken, not noted"
ANY = "at any moment"
#: Where the mail server gives no answer, so that the sender stays in the phase.
HELD_AT = {CLAIMED: "MAIL", TAKEN: "TAKEN"}
PATIENCE = 90  # seconds until a sender has begun its work, on a machine that is busy with other tests


def kill_once(
    practice_site: PracticeSite,
    smtp: MailServer,
    aim: str,
    start: Callable[[], subprocess.Popen[bytes] | Forked],
    *,
    luck: Random,
) -> str:
    """Start a sender and kill it, with its whole group, in the phase aimed at; the phase it was really in.

    It is held in that phase until it is killed: the letters wait for whoever wants to claim one, or the
    mail server gives no answer. `luck` says at which of its first letters.
    """
    if aim == BEFORE:
        with practice_site.writes_wait():
            sender = start()
            assert soon(lambda: practice_site.is_locked_out(sender), PATIENCE), practice_site.outputs()
            end(sender)
        return phase_of(practice_site, smtp)
    if aim == ANY:  # it goes on, and what it does when the signal comes is left to the machine
        letters = smtp.reached["TAKEN"] + luck.randint(1, 6)
        sender = start()
        assert smtp.wait_until(lambda: smtp.reached["TAKEN"] >= letters, PATIENCE), practice_site.outputs()
        return kill(sender, practice_site, smtp)
    is_held = smtp.hold(HELD_AT[aim], luck.randint(1, 4))
    sender = start()
    assert smtp.wait_until(is_held, PATIENCE), practice_site.outputs()
    return kill(sender, practice_site, smtp)


def kill(sender: subprocess.Popen[bytes] | Forked, practice_site: PracticeSite, smtp: MailServer) -> str:
    """Kill it and its children, here and now; as if its lease were over then. The phase it was in."""
    end(sender)
    return phase_of(practice_site, smtp)


def kill_with_text_taken(
    practice_site: PracticeSite, gateway: TextGateway, start: Callable[[], subprocess.Popen[bytes] | Forked]
) -> None:
    """Start a sender, and kill it when the gateway has taken a text and not said so yet."""
    before = len(gateway.taken)
    gateway.go_on.clear()
    gateway.waits = True
    sender = start()
    assert soon(lambda: len(gateway.taken) > before, PATIENCE), practice_site.outputs()
    end(sender)
    practice_site.age_leases()
    gateway.waits = False
    gateway.go_on.set()


def end(sender: subprocess.Popen[bytes] | Forked) -> None:
    """Kill it and its children."""
    os.killpg(sender.pid, signal.SIGKILL)
    sender.wait()


def phase_of(practice_site: PracticeSite, smtp: MailServer) -> str:
    """The phase in which a sender was that is dead now; its lease is over afterward."""
    assert smtp.wait_until(lambda: not smtp.talking, 60)  # what was on the line has arrived, or never will
    smtp.release()
    in_hand = practice_site.sql(
        "SELECT message_id FROM practice_letter WHERE state = 'claimed' AND leased_until > '2021-01-01'"
    )
    practice_site.age_leases()
    if not in_hand:
        return BEFORE
    return TAKEN if any(smtp.copies()[one] for (one,) in in_hand) else CLAIMED
