"""Fetch a calendar from an address somebody typed: never from inside our own network, never for long.

Every hop of a redirect is checked, and the connection goes to the very address that was checked, so a name
that answers otherwise a moment later (DNS rebinding) leads nowhere. Time and size are limited as a whole.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

LIMIT = 5_000_000  # bytes, also unpacked
SECONDS = 30.0  # for all of it
CONNECT_SECONDS = 10.0
HOPS = 5
GZIP = b"\x1f\x8b"
#: What `zlib` calls each packing; some servers send a deflate stream without its head.
PACKINGS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
PORTS = {80, 443, 8080, 8443}
REDIRECTS = {301, 302, 303, 307, 308}
NETWORKS_IN_DISGUISE = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "2002::/16", "2001::/32")]
# What some versions of Python call global and is not: protocols, 6to4's relay, old private nets, examples.
NOT_GLOBAL = [
    ipaddress.ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20")
]
AGENT = "myopractic-portal (calendar reader)"

Allowed = Callable[[str, int], bool]


class NotFetched(Exception):
    """Raised when nothing was read.

    `code`: "address", "private", "unreachable", "slow", "large", "redirects", "packing", "part" (it broke off
    before its end), or the answer's status as digits.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """An answer. `body` is None when nothing has changed (304)."""

    body: bytes | None
    etag: str = ""
    last_modified: str = ""


def is_public(address: str, port: int) -> bool:
    """Return whether an IP address is on the open internet, and the port one of the web's."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif any(ip in network for network in NETWORKS_IN_DISGUISE):
            return False
    if any(ip in network for network in NOT_GLOBAL if network.version == ip.version):
        return False
    return port in PORTS and ip.is_global and not ip.is_multicast and not ip.is_reserved


def normalized_url(url: str) -> str:
    """Return the address as it is fetched: webcal is https. Raises NotFetched("address")."""
    text = url.strip()
    if text.lower().startswith("webcal://"):
        text = f"https://{text[9:]}"
    _parts(text)
    return text


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    allowed: Allowed = is_public,
    seconds: float = SECONDS,
) -> Fetched:
    """Fetch what is at the address now. `allowed(ip, port)` limits connections. Raises NotFetched."""
    headers = {"User-Agent": AGENT, "Accept": "text/calendar, */*;q=0.5", "Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified and not etag else {}
    with DeadlineTimer(seconds) as watch:
        try:
            return _follow(normalized_url(url), headers, allowed, watch)
        except (OSError, http.client.HTTPException, ValueError) as error:
            slow = watch.over or isinstance(error, TimeoutError)
            raise NotFetched("slow" if slow else "unreachable") from error


class DeadlineTimer:
    """A timer that closes the open connection when the total time is over, also for a slow trickle."""

    def __init__(self, seconds: float) -> None:
        self.over, self.connection = False, None  # type: bool, PinnedHTTPConnection | None
        self.timer = threading.Timer(seconds, self._end)
        self.timer.daemon = True

    def __enter__(self) -> DeadlineTimer:
        self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()
        if self.connection is not None:
            self.connection.close()

    def hold(self, connection: PinnedHTTPConnection) -> None:
        """Watch this connection from now on; the one before is closed."""
        if self.connection is not None:
            self.connection.close()
        self.connection = connection

    def _end(self) -> None:
        self.over = True
        if self.connection is not None and self.connection.opened is not None:
            with suppress(OSError):
                self.connection.opened.shutdown(socket.SHUT_RDWR)


def _follow(where: str, headers: dict[str, str], allowed: Allowed, watch: DeadlineTimer) -> Fetched:
    for _hop in range(HOPS + 1):
        parts = _parts(where)
        connection = _connection(parts, allowed)
        watch.hold(connection)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        if answer.status not in REDIRECTS:
            return _read(answer, watch)
        where = normalized_url(urljoin(where, answer.getheader("Location") or ""))
    raise NotFetched("redirects")


def _parts(url: str) -> SplitResult:
    """Return the parts of an http(s) address with a host and without a password. Raises NotFetched."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 80) > 0
    except ValueError as error:
        raise NotFetched("address") from error
    if not fine or parts.username or parts.password or len(url) > 2000 or not url.isascii():
        raise NotFetched("address")
    if any(ord(sign) <= 32 for sign in url):
        raise NotFetched("address")
    return parts


def _connection(parts: SplitResult, allowed: Allowed) -> PinnedHTTPConnection:
    """Return a connection to the host's first address, if all its addresses are allowed."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("unreachable") from error
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(allowed(address, port) for address in addresses):
        raise NotFetched("private")
    secure = parts.scheme == "https"
    connection = (PinnedHTTPSConnection if secure else PinnedHTTPConnection)(
        host, port, timeout=CONNECT_SECONDS
    )
    connection.address = addresses[0]
    return connection


class PinnedHTTPConnection(http.client.HTTPConnection):
    """An HTTP connection for a host, to the one IP address that was checked."""

    address = ""
    #: The connection, also when http.client has handed it on to the answer.
    opened: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the checked address, not by name, which could resolve otherwise now."""
        self.sock = self.opened = socket.create_connection((self.address, self.port), self.timeout)


class PinnedHTTPSConnection(PinnedHTTPConnection):
    """The same with TLS, whose certificate must match the host name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """Connect to the checked address, then do the TLS handshake."""
        super().connect()
        context = ssl.create_default_context()
        self.sock = self.opened = context.wrap_socket(self.sock, server_hostname=self.host)


def _read(answer: http.client.HTTPResponse, watch: DeadlineTimer) -> Fetched:
    etag = (answer.getheader("ETag") or "")[:200]
    modified = (answer.getheader("Last-Modified") or "")[:100]
    if answer.status == http.client.NOT_MODIFIED:
        return Fetched(None, etag, modified)
    if answer.status != http.client.OK:
        raise NotFetched(str(answer.status))
    body = _to_its_end(answer, watch)
    packing = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if packing in PACKINGS:
        body = _unpacked(body, PACKINGS[packing])
    elif packing != "identity":
        raise NotFetched("packing")
    if len(body) > LIMIT:
        raise NotFetched("large")
    return Fetched(body, etag, modified)


def _to_its_end(answer: http.client.HTTPResponse, watch: DeadlineTimer) -> bytes:
    """Return the body if all promised bytes came. Without a length, only the file itself can tell.

    `read` with an amount does not report a length that was not reached: `length` holds what is missing.
    """
    try:
        body = answer.read(LIMIT + 1)
    except http.client.IncompleteRead as error:
        raise NotFetched("slow" if watch.over else "part") from error
    if watch.over:
        raise NotFetched("slow")
    if answer.length and len(body) <= LIMIT:
        raise NotFetched("part")
    return body


def _unpacked(body: bytes, kinds: tuple[int, ...]) -> bytes:
    """Return the unpacked body, cut just above the limit: a small file may unpack to a large one."""
    if not body:
        raise NotFetched("part")
    for kind in kinds:
        with suppress(zlib.error):
            return _unfolded(body, kind)
    raise NotFetched("packing")


def _unfolded(body: bytes, kind: int) -> bytes:
    """Return all compressed streams in the body, unpacked: gzip may consist of several."""
    pieces: list[bytes] = []
    room = LIMIT + 1
    while room and (not pieces or body.startswith(GZIP)):
        stream = zlib.decompressobj(wbits=kind)
        pieces.append(stream.decompress(body, room))
        room -= len(pieces[-1])
        if room and not stream.eof:
            raise NotFetched("part")
        body = stream.unused_data
    return b"".join(pieces)
