"""A real web server with several processes, whose broker and mail server are dead, and programs that post."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from practice.tests.processes.ports import reserved_port
from practice.tests.processes.practice_site import PracticeSite, practice_site_in
from practice.tests.processes.waiting import soon

NOWHERE = {"REDIS_URL": "redis://127.0.0.1:1/0", "EMAIL_URL": "smtp://192.0.2.1:25", "RATE_LIMITS": "off"}
CAST = """
from booking.testing import make_session_type, open_every_day
from practice.testing import make_practice, make_practitioner
make_practice()
tess = make_practitioner()
open_every_day(tess, "08:00", "20:00")
for minutes in (60, 90):
    make_session_type(tess, slug=f"of-{minutes}", name=f"{minutes} minutes", minutes=minutes, step=15)
"""


class Web:
    """gunicorn's master and its workers."""

    def __init__(self, practice_site: PracticeSite, port: int, workers: int) -> None:
        self.practice_site, self.port = practice_site, port
        self.master = practice_site.start(
            *(sys.executable, "-m", "gunicorn", "practice.wsgi", "--preload", "--no-control-socket"),
            *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--threads", "4"),
            *("--workers", str(workers), "--timeout", "60", "--worker-tmp-dir", "/dev/shm"),
        )
        assert soon(self.answers, 60), practice_site.outputs()

    def answers(self) -> bool:
        """Whether it can be asked."""
        try:
            return self.call("GET", "/livez")[0] == 200
        except OSError:
            return False

    def call(self, method: str, path: str, body: Any = None, *, key: str = "") -> tuple[int, Any]:
        """One request on a connection of its own: status and JSON. OSError when the process died over it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def press(self, path: str, fields: dict[str, str], *, session: str = "") -> tuple[int, str]:
        """POST a form as a browser does, signed in with a `session`: the status, and where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.port}",
            **({"Cookie": f"session={session}"} if session else {}),
        }
        connection.request("POST", path, urlencode(fields), headers)
        answer = connection.getresponse()
        connection.close()
        return answer.status, answer.getheader("Location", "")

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill_one(self, number: int) -> bool:
        """SIGKILL to a worker; whether there was one to kill."""
        try:
            found = self.workers()
            os.kill(found[number % len(found)], signal.SIGKILL)
        except (ProcessLookupError, ZeroDivisionError):
            return False
        return True


@contextmanager
def web(folder: Path, *, workers: int = 3) -> Iterator[Web]:
    """A practice with Tess in it, open to the network, on the engine under test."""
    with reserved_port() as port, practice_site_in(folder, **NOWHERE) as practice_site:
        practice_site.inside(CAST)
        yield Web(practice_site, port, workers)


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same moment; what came of each."""
    gate, answers = threading.Barrier(len(work)), [None] * len(work)

    def one(number: int) -> None:
        gate.wait(60)
        answers[number] = work[number]()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
