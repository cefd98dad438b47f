"""One command starts everything, and everything ends with it."""

import os
import signal
import socket
from pathlib import Path

import pytest

from practice.core import zone_data
from practice.tests.processes.up_runner import READY, lives, running
from practice.tests.processes.waiting import wait_for
from practice.tests.sampling import proof_only

# long: three starts, each of three programs.
# On PostgreSQL, `up` starts for the browser's tests and for the follow-ups.
pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.sqlite]
PROGRAMS = ["broker", "worker", "web"]


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """One with an empty database, not started yet."""
    with running(tmp_path_factory.mktemp("up"), WEB_CONCURRENCY="1") as up:
        yield up


@pytest.fixture
def up(practice):
    """The practice, running: started by the first test, and again after one that ended it."""
    if practice.process is None or practice.process.poll() is not None:
        practice.start().ready()
    return practice


def all_gone(pids):
    return not any(lives(pid) for pid in pids.values())


def test_a_fresh_start_serves_the_site_and_prints_its_address(up):
    assert f"The practice is running:  {up.url}/" in up.said
    assert up.get("/livez") == 200
    assert list(up.pids) == PROGRAMS


def test_it_says_which_time_zone_data_it_reads(up):
    assert f"(time zone data {zone_data.version()})" in up.said


def test_a_tick_goes_from_beat_through_broker_and_worker(up):
    wait_for(lambda: up.get("/healthz") == 200, seconds=120)


def test_without_an_owner_it_prints_one_link_that_makes_one(up):
    links = [line.split()[-1] for line in up.said.splitlines() if "/set-up/" in line]
    assert len(links) == 1
    assert up.get(links[0].removeprefix(up.url)) == 200


def test_only_its_owner_may_connect_to_the_broker(up):
    command_line = Path(f"/proc/{up.pids['broker']}/cmdline").read_text()
    broker_socket = Path(command_line.rpartition("unixsocket:")[2].strip("\0 "))
    assert broker_socket.is_socket()
    assert (broker_socket.parent.stat().st_mode & 0o777, broker_socket.stat().st_mode & 0o777) == (
        0o700,
        0o700,
    )


def test_a_second_one_on_the_same_var_is_refused(up, tmp_path):
    with running(tmp_path, VAR_DIR=up.environ["VAR_DIR"]) as second:
        assert second.start().process.wait(60) == 1
        assert f"already running as process {up.process.pid}" in second.said
    assert up.get("/livez") == 200


def test_a_taken_port_is_named_before_anything_starts(tmp_path):
    with running(tmp_path) as up, socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(up.environ["PORT"])))
        other.listen()
        assert up.start().process.wait(60) == 1
        assert f"Port {up.environ['PORT']} is used by another program." in up.said
        assert READY not in up.said


@pytest.mark.parametrize("name", ["broker", pytest.param("worker", marks=proof_only)])
def test_when_one_program_dies_it_is_started_again_the_others_continue_and_healthz_says_so(up, name):
    pids = up.pids
    os.kill(pids[name], signal.SIGKILL)
    wait_for(lambda: up.pids.get(name, pids[name]) != pids[name], seconds=120)
    assert f"“{name}” was ended by SIGKILL. Restarting it in 1 s; the others keep running." in up.said
    assert {**up.pids, name: 0} == {**pids, name: 0}
    programs = up.ask("/healthz")["parts"]["programs"]
    assert (programs["ok"], f"“{name}” was ended by SIGKILL" in programs["says"]) == (False, True)
    wait_for(lambda: up.ask("/healthz")["parts"]["broker"]["ok"], seconds=120)


def test_killed_itself_it_leaves_nobody_behind_and_starts_again(up):
    pids = up.pids
    up.stop(signal.SIGKILL)
    wait_for(lambda: all_gone(pids), seconds=120)
    up.start().ready()
    assert list(up.pids) == PROGRAMS


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=proof_only)])
def test_a_signal_stops_everything_cleanly(up, number):
    pids = up.pids
    assert up.stop(number) == 0
    assert all_gone(pids)
    assert up.pids == {}
