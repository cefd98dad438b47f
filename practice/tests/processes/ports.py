"""A port that no other program gets while a test needs it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


def reserve() -> socket.socket:
    """Return a bound socket that does not listen: its port is reserved until it is closed.

    The system gives a bound port to nobody who asks for any port or connects to somewhere. A server that
    sets SO_REUSEADDR, as gunicorn, nginx, Valkey and asyncio do, can still listen on it by its number.
    """
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


@contextmanager
def reserved_port() -> Iterator[int]:
    """Reserve a port of 127.0.0.1 while the block runs. Nobody listens on it yet."""
    with reserve() as reserved:
        yield int(reserved.getsockname()[1])
