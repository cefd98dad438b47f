"""An S3 server of this process's tests, and buckets in it. Started with the first use, once for a process."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from practice.storage.bucket import storage
from practice.storage.storage_settings import Access, Bucket
from practice.tests.processes.ports import reserve
from practice.tests.processes.waiting import soon

ROOT = Path(__file__).resolve().parents[3]
KEY, SECRET = "practice:portal", "a-secret-for-tests"
_reserved = []


@cache
def server() -> Access:
    """Return how the server is reached; started with the first use."""
    return started({})


def started(environ: dict[str, str]) -> Access:
    """Start a server, and return how it is reached. It ends with this process.

    `environ`: what sets its clock, which has to be the one of whoever signs.
    """
    folder = Path(tempfile.mkdtemp(prefix="s3-"))
    _reserved.append(reserve())  # for as long as this process lives
    port = int(_reserved[-1].getsockname()[1])
    log = (folder / "log").open("wb")
    command = [sys.executable, "-m", "practice.tests.storage.swift", str(folder), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=log)

    def end() -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    if not soon(lambda: process.poll() is not None or answers(port), 120) or process.poll() is not None:
        raise RuntimeError(f"Swift did not start:\n{(folder / 'log').read_text()[-3000:]}")
    return Access(f"http://127.0.0.1:{port}", "us-east-1", by_path=True, key_id=KEY, secret=SECRET)


def answers(port: int) -> bool:
    """Return whether it answers at all."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/")
        return line.getresponse().status == 404
    except OSError:
        return False
    finally:
        line.close()


def new_bucket(*, gives_links: bool = True) -> Bucket:
    """Create an empty bucket."""
    made = Bucket(f"tests-{secrets.token_hex(6)}", server(), gives_links)
    storage(made.access, made.name).connection.meta.client.create_bucket(Bucket=made.name)
    return made


def away(bucket: Bucket, how: str) -> Bucket:
    """Return the same bucket as it cannot be used: its server is down, a key is wrong, or it is gone."""
    access = bucket.access
    if how == "down":
        return replace(bucket, access=replace(access, endpoint=f"http://127.0.0.1:{closed_port()}"))
    if how == "wrong key":
        return replace(bucket, access=replace(access, secret="another secret"))
    assert how == "gone"
    return replace(bucket, name=f"{bucket.name}-gone")


@cache
def closed_port() -> int:
    """Return a port on which nobody listens."""
    _reserved.append(reserve())
    return int(_reserved[-1].getsockname()[1])


def ask(url: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask as a browser does that was led there: without cookies."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        line.request(method, f"{parts.path}?{parts.query}", headers=headers)
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        line.close()


@contextmanager
def later(seconds: float) -> Iterator[None]:
    """Let the signer's clock stand in the past, so that what it signs ends so much sooner."""
    import time_machine

    with time_machine.travel(time.time() - seconds):
        yield


def keys(access: Access) -> dict[str, str]:
    """Return the settings of a server for a program that is started."""
    return {
        "S3_ENDPOINT_URL": access.endpoint,
        "S3_ACCESS_KEY_ID": access.key_id,
        "S3_SECRET_ACCESS_KEY": access.secret,
    }


def own_environ() -> dict[str, str]:
    """Return the environment of a program that reads the settings anew."""
    names = ("PATH", "HOME", "VAR_DIR", "KEYS_DIR", "PYTHONPATH", "CLOCK_SHIFT")
    return {name: os.environ[name] for name in names if name in os.environ}


def printed(code: str, environ: dict[str, str]) -> Any:
    """Run code in a Python of its own, and return the JSON that it prints."""
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(asked.stdout)
