"""PURE. A failover from one region to another, played through: bookings that are lost, emails that go twice.

All times are seconds. Commits reach the other region in their order, each after the distance and after what
the sender of the log is behind at that moment. The region ends at one instant: what has not arrived by then
never does. Then the other region is promoted, and works on what it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from random import Random


@dataclass(frozen=True)
class Scenario:
    """What happens before a region ends. `sync`: a commit counts when the other region has it.

    `one_way`: seconds of the network; `behind`: mean seconds by which the sender of the log is behind, drawn
    anew for each `stall` seconds; `sending`: seconds that an email takes; `urgent`: the share of emails of
    kinds that are sent again when nobody knows whether they went.
    """

    sync: bool
    bookings_per_s: float
    emails_per_s: float
    one_way: float
    behind: float
    sending: float = 0.3
    urgent: float = 0.85
    stall: float = 10.0
    length: float = 60.0


@dataclass(frozen=True)
class Outcome:
    """What is found after it.

    `lost`: bookings that a client was told of and that are gone. `ghosts`: those of them whose confirmation
    went, so that the client holds an email for nothing. `unanswered`: bookings that are there although their
    client was told nothing. `twice`: emails of kinds that may go twice; `twice_unasked`: of kinds that never
    may. `unknown`: emails that wait for a person.
    """

    lost: int = 0
    ghosts: int = 0
    unanswered: int = 0
    twice: int = 0
    twice_unasked: int = 0
    unknown: int = 0

    def plus(self, other: Outcome) -> Outcome:
        """Return the sums of both."""
        return Outcome(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


#: What becomes of most bookings and emails.
NOTHING = Outcome()


@dataclass(frozen=True)
class Commit:
    """A commit: when the log had it, when the other region has it, when whoever waits for it goes on."""

    at: float
    arrives: float
    acknowledged: float


class Log:
    """The stream of commits to the other region: they arrive in their order.

    `behind` says by how many seconds the sender is behind at an instant.
    """

    def __init__(self, scenario: Scenario, behind: Sequence[float]) -> None:
        self.scenario, self.behind = scenario, behind

    def commit(self, at: float) -> Commit:
        """Return what becomes of a commit at this instant."""
        arrives = self.arrival(at)
        return Commit(at, arrives, arrives + self.scenario.one_way if self.scenario.sync else at)

    def arrival(self, at: float) -> float:
        """Return when the other region has what the log had at this instant; never before what was earlier.

        After a stall the sender catches up at once: what waited arrives together with what comes then.
        """
        length = self.scenario.stall
        number = min(int(at // length), len(self.behind) - 1)
        ends = ((earlier + 1) * length + self.behind[earlier] for earlier in range(number))
        return max((at + self.behind[number], *ends)) + self.scenario.one_way


def arrivals(random: Random, per_s: float, until: float) -> Iterator[float]:
    """Yield the instants of a Poisson process."""
    at = random.expovariate(per_s) if per_s else until
    while at < until:
        yield at
        at += random.expovariate(per_s)


def booking_outcome(log: Log, at: float, end: float, *, told_by_email: float | None) -> Outcome:
    """Return what becomes of a booking. `told_by_email`: when its confirmation left; None: it never did."""
    commit = log.commit(at)
    here, told = commit.arrives <= end, commit.acknowledged <= end
    if here:
        return NOTHING if told else Outcome(unanswered=1)
    ghost = told_by_email is not None and told_by_email <= end
    return Outcome(lost=1, ghosts=int(ghost)) if told else NOTHING


def email_outcome(log: Log, claimed_at: float, end: float, *, urgent: bool) -> Outcome:
    """Return what becomes of an email whose row the other region has, and which is claimed at an instant.

    It goes once its claim counts; that it went is noted at once, and arrives like any other commit.
    """
    claim = log.commit(claimed_at)
    sent_at = claim.acknowledged + log.scenario.sending
    if claim.acknowledged > end or sent_at > end:
        # Nobody's mail server has it. The claim may have arrived: its lease ends, and its kind decides.
        left_hanging = claim.arrives <= end and not urgent
        return Outcome(unknown=1) if left_hanging else NOTHING
    if log.commit(sent_at).arrives <= end:
        return NOTHING  # noted as sent in both regions
    if claim.arrives > end:  # the other region sees a planned email, and sends it
        return Outcome(twice=1) if urgent else Outcome(twice_unasked=1)
    return Outcome(twice=1) if urgent else Outcome(unknown=1)


def play(scenario: Scenario, seed: int) -> Outcome:
    """Return what one end of a region costs. The same seed, the same outcome."""
    random, end = Random(seed), scenario.length
    stalls = int(end // scenario.stall) + 1
    behind = [random.expovariate(1 / scenario.behind) if scenario.behind else 0.0 for _ in range(stalls)]
    log, found = Log(scenario, behind), [NOTHING]
    for at in arrivals(random, scenario.bookings_per_s, end):
        picked = log.commit(at).acknowledged + random.uniform(0, 5)  # the tick of the worker
        goes = log.commit(picked).acknowledged + scenario.sending
        found.append(booking_outcome(log, at, end, told_by_email=goes))
    for at in arrivals(random, scenario.emails_per_s, end):
        found.append(email_outcome(log, at, end, urgent=random.random() < scenario.urgent))
    return reduce(Outcome.plus, (one for one in found if one is not NOTHING), NOTHING)


@dataclass(frozen=True)
class Spread:
    """The mean of an outcome's number over many plays, and the most of one."""

    mean: float
    most: int


def spread(scenario: Scenario, plays: int = 400, *, seed: int = 15) -> dict[str, Spread]:
    """Return mean and most of each number over so many plays."""
    outcomes = [play(scenario, seed * 1_000_003 + number) for number in range(plays)]
    found = {}
    for one in fields(Outcome):
        values = [getattr(outcome, one.name) for outcome in outcomes]
        found[one.name] = Spread(sum(values) / plays, max(values))
    return found
