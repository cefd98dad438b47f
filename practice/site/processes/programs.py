"""The command lines of the programs: the web server, a worker for each queue, and the clock."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from pathlib import Path

from practice.site.processes.supervise import Program

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (gunicorn opens a file there that nobody else can name)


def web(*, port: int, behind_proxy: bool) -> Program:
    """Return the web server's program: gunicorn on 127.0.0.1, for a proxy with TLS in front."""
    argv = [sys.executable, "-m", "gunicorn", "practice.wsgi", "--bind", f"127.0.0.1:{port}"]
    argv += [
        "--worker-class",
        "gthread",
        "--workers",
        os.environ.get("WEB_CONCURRENCY", "2"),
        "--threads",
        "4",
    ]
    argv += ["--timeout", "60", "--graceful-timeout", "10", "--keep-alive", "5"]
    argv += ["--max-requests", "20000", "--max-requests-jitter", "2000"]
    argv += [
        "--limit-request-line",
        "4094",
        "--limit-request-fields",
        "60",
        "--limit-request-field_size",
        "8190",
    ]
    # Its control socket would lie in the home folder, and serve nobody.
    argv += ["--no-control-socket", "--log-level", "error"]
    argv += ["--forwarded-allow-ips", "127.0.0.1" if behind_proxy else ""]
    if os.access(SHARED_MEMORY, os.W_OK):
        argv += ["--worker-tmp-dir", str(SHARED_MEMORY)]  # a heartbeat must not wait for a slow disk
    return Program("web", argv, ready=lambda: serves(port))


def worker(queue: str) -> Program:
    """Return the program of a Celery worker that takes one task at a time from one queue."""
    argv = [*celery("worker"), "--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", "1"]
    argv += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(queue, argv)


def beat(folder: Path) -> Program:
    """Return the clock's program. Its state is in `folder`; a second clock would do no harm."""
    folder.mkdir(parents=True, exist_ok=True)
    return Program("beat", [*celery("beat"), "--schedule", str(folder / "schedule"), "--pidfile", ""])


def celery(command: str) -> list[str]:
    """Return the start of a Celery command line, which logs warnings and above.

    Without Django's checks, for which each program would load every page: `up` has made them when it began.
    """
    as_root = "ignore:You're running the worker with superuser"  # said once, and calmly, in deploy/README.md
    return [
        sys.executable,
        "-W",
        as_root,
        "-m",
        "celery",
        "-A",
        "practice.celery",
        "--quiet",
        "--skip-checks",
        command,
        "--loglevel",
        "WARNING",
    ]


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
