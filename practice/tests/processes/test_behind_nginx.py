"""Two servers behind nginx as shipped: what one does not take goes to the other, and no form goes twice."""

from __future__ import annotations

import http.client
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from practice.tests.processes.ports import reserved_port
from practice.tests.processes.real_nginx import nginx_before

pytestmark = pytest.mark.processes
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
REQUESTS = 4
ALLOWED = "proxy_next_upstream error timeout;"


class Server:
    """It notes each request that reached it whole, and answers, or hangs up instead (`cuts`)."""

    def __init__(self, port: int, *, cuts: bool) -> None:
        self.seen: list[str] = []
        self.cuts = cuts
        self.listener = socket.create_server(("127.0.0.1", port))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        """Take one after the other until the door is shut."""
        with suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                with line, line.makefile("rb") as request:
                    first = request.readline().decode().rpartition(" ")[0]
                    length = 0
                    while (header := request.readline()).strip():
                        name, _, value = header.decode().partition(":")
                        length = int(value) if name.lower() == "content-length" else length
                    request.read(length)
                    self.seen.append(first)
                    if not self.cuts:
                        line.sendall(ANSWER)

    def shut(self) -> None:
        """Refuse whoever comes from now on."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(60)


@contextmanager
def two(
    folder: Path, *, first: str, instead: tuple[str, str] = ("", "")
) -> Iterator[tuple[int, list[Server]]]:
    """nginx before two servers: the first refuses connections, or cuts them; the second answers."""
    with reserved_port() as one, reserved_port() as other:
        servers = [Server(other, cuts=False)]
        if first == "cuts":
            servers.append(Server(one, cuts=True))
        try:
            with nginx_before(folder, [one, other], instead=instead) as port:
                yield port, servers
        finally:
            for server in servers:
                server.shut()


def ask(port: int, method: str) -> list[int]:
    """Statuses of a few requests, each at an address of its own."""
    statuses = []
    for number in range(REQUESTS):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request(method, f"/{number}", b"a=1" if method == "POST" else None, {"Host": "portal.example"})
        statuses.append(line.getresponse().status)
        line.close()
    return statuses


def times_seen(servers: list[Server]) -> Counter[str]:
    return Counter(one for server in servers for one in server.seen)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_a_stopped_server_does_not_take_goes_to_the_other(tmp_path: Path, method: str) -> None:
    with two(tmp_path / "nginx", first="refuses") as (port, servers):
        assert ask(port, method) == [200] * REQUESTS
        assert times_seen(servers) == Counter(f"{method} /{number}" for number in range(REQUESTS))


def test_a_form_that_a_server_broke_off_over_is_not_sent_again(tmp_path: Path) -> None:
    with two(tmp_path / "nginx", first="cuts") as (port, (answering, cutting)):
        assert Counter(ask(port, "POST")) == {200: len(answering.seen), 502: len(cutting.seen)}
        assert cutting.seen
        assert set(times_seen([answering, cutting]).values()) == {1}


def test_a_page_that_a_server_broke_off_over_comes_from_the_other(tmp_path: Path) -> None:
    with two(tmp_path / "nginx", first="cuts") as (port, (answering, cutting)):
        assert ask(port, "GET") == [200] * REQUESTS
        assert cutting.seen
        assert set(cutting.seen) <= set(answering.seen)


def test_with_the_word_that_must_not_stand_there_a_form_goes_twice(tmp_path: Path) -> None:
    """The control."""
    allowed = (ALLOWED, ALLOWED.replace(";", " non_idempotent;"))
    with two(tmp_path / "nginx", first="cuts", instead=allowed) as (port, (answering, cutting)):
        assert ask(port, "POST") == [200] * REQUESTS
        assert cutting.seen
        assert set(cutting.seen) <= set(answering.seen)
