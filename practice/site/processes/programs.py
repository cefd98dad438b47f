"""The programs of our own: the web server, and the worker with the clock in it.

Each is the words after `python -m`: `up` forks it, deploy/README.md names the same for several machines.
"""

from __future__ import annotations

import http.client
import socket
import sys
from pathlib import Path

from practice.site.processes.program import Program

GUNICORN = ("gunicorn", "practice.wsgi", "--config", "python:practice.site.processes.web_settings")


def web(*, port: int, behind_proxy: bool) -> Program:
    """Return the web server's program: gunicorn on 127.0.0.1, for a proxy with TLS in front."""
    words = [*GUNICORN, "--bind", f"127.0.0.1:{port}"]
    words += ["--forwarded-allow-ips", "127.0.0.1" if behind_proxy else ""]
    return Program("web", words, ready=lambda: serves(port), module=True)


def worker(*, clock: Path | None) -> Program:
    """Return the worker's program: both queues, a thread for each, and the clock, kept in `clock`."""
    words = [*celery("worker"), "--queues", "letters,media", "--hostname", "worker@%h"]
    words += ["--pool", "threads", "--concurrency", "2"]
    words += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    if clock:
        clock.mkdir(parents=True, exist_ok=True)
        words += ["--clock", str(clock / "schedule")]
    return Program("worker", words, module=True)


def celery(command: str) -> list[str]:
    """Return the start of a Celery command line, which logs warnings and above.

    Without Django's checks, for which each program would load every page: `up` has made them when it began.
    """
    return ["celery", "-A", "practice.celery", "--quiet", "--skip-checks", command, "--loglevel", "WARNING"]


def command_line(program: Program) -> list[str]:
    """Return the whole command line that starts a program by itself."""
    return [sys.executable, "-m", *program.argv] if program.module else list(program.argv)


def serves(port: int) -> bool:
    """Return whether a page is served: gunicorn accepts connections before it can answer them."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/livez")
        return asked.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def can_bind(port: int) -> bool:
    """Return whether the port is free for us."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
