"""Of two workers with a clock one ticks; when it is killed, or told to stop, the other does."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing

import pytest
import redis

from practice.site.processes import programs
from practice.tests.processes.forked import CELERY
from practice.tests.processes.killing import end
from practice.tests.processes.practice_site import CelerySite, celery_site_in
from practice.tests.processes.waiting import soon
from practice.worker.lease import ASK_EVERY, HELD_FOR

# long: three workers, watched for a while.
pytestmark = [pytest.mark.processes, pytest.mark.long]
#: How long both are watched: as many ticks as one clock sends in ten seconds, and more.
SEVERAL, QUEUES = 8, ("letters", "media")
SECONDS = 60  # on a machine that is busy with other tests
TICKS_HERE = "the clock ticks here"
WAITS = "the clock ticks elsewhere; this one waits"


class TwoClocks:
    """Workers with a clock each that do nothing else: what they send stays in the broker, to be counted."""

    def __init__(self, site: CelerySite) -> None:
        self.site = site
        self.broker = site.broker()
        site.inside("from practice.site.preload import preload", "preload()")

    def worker(self, name: str):
        """A worker as `up` starts it, but for a queue that gets nothing."""
        words = list(programs.worker(clock=self.site.folder / name).argv)
        words[words.index("--queues") + 1] = "nothing"
        words[words.index("--hostname") + 1] = f"{name}@%h"
        return self.site.fork(CELERY.format(argv=words))

    def sent(self) -> Counter[int]:
        """Ticks by the process that sent them."""
        with closing(redis.Redis(unix_socket_path=str(self.site.socket))) as broker:
            found = [json.loads(one) for queue in QUEUES for one in broker.lrange(queue, 0, -1)]
        return Counter(int(one["headers"]["origin"].partition("@")[0].removeprefix("gen")) for one in found)

    def forget(self) -> None:
        """Count from now on."""
        with closing(redis.Redis(unix_socket_path=str(self.site.socket))) as broker:
            broker.delete(*QUEUES)

    def says(self, worker, words: str) -> bool:
        """Whether a worker soon has said this, as the last about its clock."""
        return soon(lambda: self.last_said(worker) == words, SECONDS)

    def says_one_of(self, one, other, words: str) -> bool:
        """Whether one of two soon has said this, as the last about its clock."""
        return soon(lambda: words in (self.last_said(one), self.last_said(other)), SECONDS)

    def last_said(self, worker) -> str:
        """What a worker last said of its clock."""
        output = self.site.output(self.site.started.index(worker))
        said = output.read_text() if output.exists() else ""  # a fork makes it when it begins
        lines = [line for line in said.splitlines() if "the clock ticks" in line]
        return next((words for words in (TICKS_HERE, WAITS) if lines and words in lines[-1]), "")

    def several_ticks(self) -> Counter[int]:
        """Who sent the next ticks."""
        self.forget()
        assert soon(lambda: self.sent().total() >= SEVERAL, SECONDS), self.site.outputs()
        return self.sent()


@pytest.fixture
def clocks(tmp_path):
    with celery_site_in(tmp_path) as site:
        yield TwoClocks(site)


def test_one_clock_ticks_and_another_takes_over_and_without_the_lease_all_do(clocks) -> None:
    ann = clocks.worker("ann")
    assert clocks.says(ann, TICKS_HERE), clocks.site.outputs()
    ben, cleo = clocks.worker("ben"), clocks.worker("cleo")
    assert clocks.says(ben, WAITS), clocks.site.outputs()
    assert clocks.says(cleo, WAITS), clocks.site.outputs()
    assert set(clocks.several_ticks()) == {ann.pid}

    end(ann)
    assert clocks.says_one_of(ben, cleo, TICKS_HERE), clocks.site.outputs()
    heir, other = (ben, cleo) if clocks.last_said(ben) == TICKS_HERE else (cleo, ben)
    assert set(clocks.several_ticks()) == {heir.pid}

    # The control, and the reason why the lease is no guard: without it emails go all the same.
    clocks.site.sql("ALTER TABLE practice_lease RENAME TO practice_lease_lost")
    assert soon(lambda: "without its lease" in clocks.site.said_by(other), SECONDS), clocks.site.outputs()
    clocks.forget()
    assert soon(lambda: set(clocks.sent()) == {ben.pid, cleo.pid}, SECONDS), clocks.site.outputs()
    clocks.site.sql("ALTER TABLE practice_lease_lost RENAME TO practice_lease")
    assert clocks.says_one_of(ben, cleo, WAITS), clocks.site.outputs()

    heir, other = (ben, cleo) if clocks.last_said(cleo) == WAITS else (cleo, ben)
    assert clocks.says(heir, TICKS_HERE), clocks.site.outputs()
    heir.terminate()
    assert heir.wait() == 0
    assert clocks.says(other, TICKS_HERE), clocks.site.outputs()


def test_the_stated_seconds_until_another_takes_over_are_those_of_the_lease() -> None:
    assert HELD_FOR.total_seconds() + ASK_EVERY == 20
