"""A web server as the units start it, forked from a practice's interpreter that has loaded the pages."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

from practice.site.processes.programs import GUNICORN
from practice.tests.processes.forked import Forked
from practice.tests.processes.practice_site import PracticeSite
from practice.tests.processes.waiting import soon

#: What every fork has loaded already. Not our worker, which reads its settings when it is loaded.
LOAD = """
import practice.wsgi, gunicorn.app.wsgiapp, gunicorn.workers.gthread
from django.urls import get_resolver
assert get_resolver().url_patterns
"""
#: `name`: what the database calls its connections, where it calls them anything.
RUN = (
    "from django.conf import settings; "
    "settings.SQLITE or settings.DATABASES['default']['OPTIONS'].update(application_name={name!r}); "
    "os.environ.update({env!r}); sys.argv = {argv!r}; from gunicorn.app.wsgiapp import run; run()"
)
PATIENCE = 60  # seconds, on a machine that is busy with other tests


class ForkedWeb:
    """One web server with one process, on a port. `more`: words of its command line."""

    def __init__(self, site: PracticeSite, port: int, *more: str, name: str = "web", **env: str) -> None:
        self.site, self.port, self.name, self.more = site, port, name, more
        self.env = {"WEB_CONCURRENCY": "1", **env}
        self.process = self.start()

    def start(self) -> Forked:
        """Start it, once more after it ended; it answers on return."""
        argv = [*GUNICORN, "--bind", f"127.0.0.1:{self.port}", *self.more]
        self.site.inside(LOAD)
        self.process = self.site.fork(RUN.format(name=self.name, env=self.env, argv=argv))
        assert soon(lambda: self.get("/livez")[0] == 200, PATIENCE), self.site.outputs()
        return self.process

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page; 0 when nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()

    def refuses(self) -> bool:
        """Whether a connection is refused, so that a proxy can go elsewhere with what it has."""
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", self.port)) != 0

    def worker(self) -> int:
        """The process that answers."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as children:
            return int(children.read().split()[0])


def post(port: int, path: str, body: Any, *, key: str = "") -> tuple[int, Any]:
    """Send JSON: status and answer; (0, None) when the connection broke."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
    try:
        line.request("POST", path, json.dumps(body), headers)
        answer = line.getresponse()
        text = answer.read()
        is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
        return answer.status, json.loads(text) if is_json else text
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        line.close()
