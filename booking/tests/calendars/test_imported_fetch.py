"""A calendar is fetched with care: nowhere inside, not for long, not too much; by a real small server."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from booking.calendars.importing import fetch as fetching
from booking.calendars.importing.fetch import NotFetched, fetch, is_public, normalized_url
from practice.tests.processes.ports import reserved_port

BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Server:
    """Answers each path with a function."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: dict[str, Callable[[Any], None]] = {}
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers)))
                server.answers[self.path](self)

            def log_message(self, *_words: Any) -> None:
                """Quietly."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, path: str, status: int = 200, body: bytes = BODY, **headers: str) -> str:
        def give(handler: Any) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = give
        return self.url(path)

    def here(self, address: str, port: int) -> bool:
        """What a test allows beside the open internet: this one server."""
        return (address, port) == ("127.0.0.1", self.port)


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.over.set()
    one.http.shutdown()
    one.http.server_close()


def code_of(url: str, **options: Any) -> str:
    with pytest.raises(NotFetched) as refusal:
        fetch(url, **options)
    return refusal.value.code


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1"),
        *(
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1"),
        *("192.0.0.8", "192.88.99.1", "::ffff:192.88.99.1", "fec0::1", "3fff::1"),
    ],
)
def test_nothing_inside_is_public(address):
    assert not is_public(address, 443)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_the_open_internet_is_on_the_ports_of_the_web_only(address):
    assert is_public(address, 443)
    assert not is_public(address, 22)
    assert not is_public(address, 6379)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0/", "http://2130706433/"),
        *("http://0x7f.1/", "http://127.1/", "http://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest/"),
    ],
)
def test_every_way_to_write_this_machine_is_refused(url):
    assert code_of(url) in ("private", "unreachable")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "calendar",
            "ftp://example.com/a.ics",
            "file:///etc/passwd",
            "https://",
            "http://user:word@x.example/",
        ),
        *(
            "https://example.com:99999/",
            "https://exa mple.com/",
            "https://example.com/\r\nHost: x",
            "gopher://x/",
        ),
        "https://" + "a" * 3000,
    ],
)
def test_what_is_no_address_is_said_to_be_none(url):
    with pytest.raises(NotFetched, match="address"):
        normalized_url(url)


def test_webcal_is_https():
    assert normalized_url("webcal://example.com/a.ics") == "https://example.com/a.ics"


def test_what_is_there_comes_with_its_marks(server):
    came = fetch(server.answer("/a.ics", ETag='"1"'), allowed=server.here)
    assert (came.body, came.etag) == (BODY, '"1"')


def test_as_it_was_brings_nothing(server):
    came = fetch(server.answer("/a.ics", 304, b""), etag='"1"', allowed=server.here)
    assert came.body is None
    assert server.asked[0][1]["If-None-Match"] == '"1"'


def test_a_redirect_into_our_own_network_is_refused(server):
    secret = server.answer("/secret")
    other = Server()
    try:
        there = server.answer("/moved", 302, b"", Location=other.answer("/inside"))
        assert code_of(there, allowed=server.here) == "private"
        assert other.asked == []
    finally:
        other.http.shutdown()
        other.http.server_close()
    assert secret


def test_a_redirect_to_another_scheme_is_refused(server):
    there = server.answer("/moved", 302, b"", Location="file:///etc/passwd")
    assert code_of(there, allowed=server.here) == "address"


def test_it_follows_five_hops_and_no_sixth(server):
    for hop in range(7):
        server.answer(f"/{hop}", 302, b"", Location=f"/{hop + 1}")
    server.answer("/7")
    assert code_of(server.url("/0"), allowed=server.here) == "redirects"
    assert fetch(server.url("/2"), allowed=server.here).body == BODY


def test_a_name_that_changes_its_address_leads_where_it_was_checked(server, monkeypatch):
    """DNS rebinding: asked a second time, the name would say something else."""
    says = iter(["127.0.0.1", "10.0.0.1"])
    really = socket.getaddrinfo

    def asked(host: str, port: int, *more: Any, **options: Any) -> Any:
        return really(next(says) if host == "calendar.example" else host, port, *more, **options)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", asked)
    server.answer("/a.ics")
    assert fetch(server.url("/a.ics", "calendar.example"), allowed=server.here).body == BODY
    assert server.asked[0][1]["Host"] == f"calendar.example:{server.port}"


def test_a_name_with_one_inner_address_among_others_is_refused(monkeypatch):
    both = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: both)
    assert code_of("https://calendar.example/a.ics") == "private"


def test_fifty_megabytes_are_not_read_to_their_end(server):
    sent: list[int] = []

    def pour(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(800):
            try:
                handler.wfile.write(b"x" * 65_536)
            except OSError:
                return
            sent.append(65_536)

    server.answers["/huge"] = pour
    assert code_of(server.url("/huge"), allowed=server.here) == "large"
    assert sum(sent) < 40_000_000


def test_a_bomb_is_not_unpacked_to_its_end(server):
    bomb = gzip.compress(b"0" * 50_000_000)
    there = server.answer("/bomb", body=bomb, Content_Encoding="gzip")
    assert code_of(there, allowed=server.here) == "large"


def test_what_was_packed_is_unpacked(server):
    there = server.answer("/a.ics", body=gzip.compress(BODY), Content_Encoding="gzip")
    assert fetch(there, allowed=server.here).body == BODY


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_slow_drip_is_ended(server, where):
    """No drop is late; it is all of it together that takes too long."""
    given_up = threading.Event()

    def drip(handler: Any) -> None:
        try:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"" if where == "head" else b"\r\n"))
            while not server.over.wait(0.05):
                handler.wfile.write(b"X-Drop: 1\r\n" if where == "head" else b"x")
                handler.wfile.flush()
        except OSError:
            given_up.set()

    server.answers["/drip"] = drip
    assert code_of(server.url("/drip"), allowed=server.here, seconds=0.5) == "slow"
    assert given_up.wait(60)  # it hung up on a server that would drip for ever


@pytest.mark.parametrize("status", [401, 404, 500])
def test_an_error_is_told_by_its_number(server, status):
    assert code_of(server.answer("/a.ics", status), allowed=server.here) == str(status)


def test_nobody_there_is_unreachable(server):
    with reserved_port() as port:
        assert code_of(f"http://127.0.0.1:{port}/", allowed=lambda *_: True) == "unreachable"
