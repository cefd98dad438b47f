"""Rounds of a run: a practice, storms of faults over what is due, rest, and the judgment."""

from __future__ import annotations

import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from random import Random

from booking.tests.processes.web_server import Web
from practice.tests.processes.ports import reserved_port
from tools.chaos.faults import AIMS, KILLED_WITH_TEXT, Storm, faults_of, kill_aimed
from tools.chaos.oracle import Record, judge
from tools.chaos.outcome import Outcome
from tools.chaos.practice import ChaosPractice, chaos_practice
from tools.chaos.visitors import Visitors

#: The kinds that are planned; each fault meets one of them.
KINDS = ("sign_in_code", "confirmation", "reminder", "follow_up", "text_reminder")
A_STORM = 6  # faults, then rest
WEB_PROCESSES = 2


def run(engine: str, *, seed: int, seconds: float) -> Outcome:
    """Return what storms did for so many seconds, and until each fault was done as often as the others."""
    outcome, luck, record = Outcome(engine), Random(f"{seed}:{engine}"), Record()
    with (
        tempfile.TemporaryDirectory(prefix="chaos-") as folder,
        chaos_practice(Path(folder), record) as it,
        reserved_port() as port,
    ):
        it.web = Web(it.site, port, WEB_PROCESSES)
        began, visitors = time.monotonic(), Visitors(it.web)
        deck: list[tuple[str, str]] = []
        while time.monotonic() < began + seconds or deck:
            deck = deck or cards(it, luck)
            hand, deck = deck[:A_STORM], deck[A_STORM:]
            after = time.monotonic() - began
            print(f"{engine}, seed {seed}, after {after:.0f} s: {in_words(hand)}", flush=True)
            storm(Storm(it, luck, outcome.done), hand, visitors)
            outcome.storms += 1
            rest(it, outcome)
        outcome.seconds = time.monotonic() - began
        record.told_booked |= visitors.told_booked
        outcome.faults += visitors.other_answers
        found = judge(record, it.rows())
        outcome.ends, outcome.faults = found.ends, outcome.faults + found.faults
    return outcome


def cards(practice: ChaosPractice, luck: Random) -> list[tuple[str, str]]:
    """Return each fault with a kind of email that it meets, shuffled; kills also with a follow-up in hand."""
    dealt = [(row, kind_for(row, luck)) for row in faults_of(practice)]
    dealt += [(row, "follow_up") for row in AIMS]
    return luck.sample(dealt, len(dealt))


def kind_for(row: str, luck: Random) -> str:
    """Return a kind of email that this fault can meet."""
    if row == KILLED_WITH_TEXT or row.startswith("gateway"):
        return "text_reminder"
    if row in AIMS:
        return luck.choice(("sign_in_code", "confirmation", "reminder"))
    return luck.choice(KINDS[:-1] if row.startswith(("mail server", "SMTP")) else KINDS)


def in_words(hand: list[tuple[str, str]]) -> str:
    """Return a hand of cards for the terminal."""
    return "; ".join(f"{row} ({kind})" for row, kind in hand)


def rest(practice: ChaosPractice, outcome: Outcome) -> None:
    """Let all that is due be sent, and note what cannot be."""
    if not practice.comes_to_rest():
        outcome.faults.append(f"storm {outcome.storms}: {practice.due()} emails never left")


def storm(it: Storm, hand: list[tuple[str, str]], visitors: Visitors | None) -> None:
    """Do these faults, one after the other, each while emails of its kind are due."""
    practice = it.practice
    for kind in KINDS if it.each else ():
        practice.plan(kind, it.each)
    for row, kind in hand:
        fault = faults_of(practice)[row]
        if fault is kill_aimed:  # else they may have sent it all before the one that is to be killed begins
            practice.kill_workers()
        practice.have_in_front(kind, it.in_front)
        practice.start_broker_and_clock()
        if fault is kill_aimed:  # no visitor: the worker is to die with an email of this kind
            fault(it, row)
            continue
        practice.start_all()
        practice.site.tick()
        with visitors.at_work() if visitors else nullcontext():
            fault(it, row)
