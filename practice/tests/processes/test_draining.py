"""A web server that is told to stop finishes what it has, takes who stands at the door, and shuts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from practice.tests.processes.forked_web import PATIENCE, ForkedWeb
from practice.tests.processes.ports import reserved_port
from practice.tests.processes.practice_site import ROOT, PracticeSite, practice_site_in
from practice.tests.processes.waiting import soon

pytestmark = pytest.mark.processes
GUNICORNS_OWN = ("--worker-class", "gthread")
LATER, REST = b"POST /api/v1/holds HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n", b'"}'
LATER += b'Content-Length: 4\r\n\r\n{"'
AT_THE_DOOR = 6
LIVEZ = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeSite]:
    """A practice in which nobody is asked for anything."""
    nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0", "RATE_LIMITS": "off"}
    with practice_site_in(tmp_path_factory.mktemp("site"), **nowhere) as it:
        yield it


@pytest.fixture
def port() -> Iterator[int]:
    with reserved_port() as number:
        yield number


def connected(port: int, sent: bytes) -> socket.socket:
    """A connection on which this was sent."""
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    line.sendall(sent)
    return line


def answer_on(line: socket.socket) -> bytes:
    """The first line that came back, until the other end hung up; b"" for nothing."""
    try:
        with line, line.makefile("rb") as said:
            return said.readline().strip()
    except ConnectionResetError:
        return b""


def in_hand(web: ForkedWeb) -> socket.socket:
    """A request that the server has begun to answer, and of which the rest is still to come."""
    line = connected(web.port, LATER)
    assert web.get("/livez")[0] == 200  # came later, and is answered: the other has a thread
    return line


def test_it_shuts_its_door_at_once_and_finishes_what_it_has_in_hand(site: PracticeSite, port: int) -> None:
    web = ForkedWeb(site, port)
    line = in_hand(web)
    web.process.terminate()
    assert soon(web.refuses, PATIENCE)
    assert web.process.poll() is None
    line.sendall(REST)
    assert answer_on(line).startswith(b"HTTP/1.1 4")  # our own answer: this is no wish for a hold
    assert web.process.wait() == 0


def test_gunicorns_own_worker_leaves_its_door_open_and_cuts_people_off(site: PracticeSite, port: int) -> None:
    """The control, and why there is a worker of ours."""
    web = ForkedWeb(site, port, *GUNICORNS_OWN)
    line = in_hand(web)
    web.process.terminate()
    unanswered: list[socket.socket] = []
    assert soon(lambda: knocks_in_vain(port, unanswered), PATIENCE)
    line.sendall(REST)
    assert answer_on(line).startswith(b"HTTP/1.1 4")
    assert web.process.wait() == 0
    assert b"" in [answer_on(one) for one in unanswered]


def knocks_in_vain(port: int, unanswered: list[socket.socket]) -> bool:
    """Ask once more; whether a few got no answer so far. With one of them it may only be slow."""
    line = connected(port, LIVEZ)
    line.settimeout(0.5)
    try:
        line.recv(1, socket.MSG_PEEK)
        line.close()
    except TimeoutError:
        line.settimeout(PATIENCE)
        unanswered.append(line)
    return len(unanswered) >= 3


@pytest.mark.parametrize("ours", [True, False], ids=["our worker", "control: gunicorn's own"])
def test_who_stands_at_the_door_is_answered(site: PracticeSite, port: int, ours: bool) -> None:
    web = ForkedWeb(site, port, *(() if ours else GUNICORNS_OWN))
    worker = web.worker()
    os.kill(worker, signal.SIGSTOP)
    assert soon(
        lambda: status_of(worker)["State"] == "T (stopped)", PATIENCE
    )  # or it hears of the next first
    queue = [connected(port, LIVEZ) for _ in range(AT_THE_DOOR)]
    web.process.terminate()
    assert soon(lambda: int(status_of(worker)["ShdPnd"], 16) >> (signal.SIGTERM - 1) & 1, PATIENCE)
    os.kill(worker, signal.SIGCONT)  # it hears of the signal before it looks at its door
    answered = [bool(answer_on(line)) for line in queue]
    assert web.process.wait() == 0
    assert all(answered) is ours


def status_of(pid: int) -> dict[str, str]:
    """What the kernel says of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_for_a_while_it_still_answers_and_tells_load_balancers_to_go_elsewhere(
    site: PracticeSite, port: int
) -> None:
    web = ForkedWeb(site, port, DRAIN_SECONDS="15")
    worker = web.worker()
    web.process.terminate()
    assert soon(lambda: web.get("/livez")[0] == 503, PATIENCE)
    assert web.get("/healthz")[0] in (200, 503)
    assert "stop" in web.get("/livez")[1]
    assert web.process.poll() is None
    os.kill(worker, signal.SIGTERM)  # rather than wait for all of it
    assert web.process.wait() == 0
    assert web.refuses()


@pytest.mark.parametrize("wrong", ["16", "-1", "soon"])
def test_a_wrong_number_of_seconds_is_refused_by_name(wrong: str) -> None:
    environ = {"PATH": os.environ["PATH"], "DRAIN_SECONDS": wrong}
    command = [sys.executable, "-c", "import practice.site.processes.web_settings"]
    asked = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert asked.returncode == 1
    assert "DRAIN_SECONDS" in asked.stderr
    assert "a whole number from 0 to 15" in asked.stderr
