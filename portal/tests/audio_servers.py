"""The ways a recording is answered, behind one face: in process, by gunicorn, nginx (X_ACCEL) and a bucket.

python -m portal.tests.audio_servers     lays out the cast in the database of the environment, prints it
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from practice.tests.processes.database_template import copy_file
from practice.tests.processes.ports import reserved_port
from practice.tests.processes.waiting import soon
from practice.tests.storage import s3

N = 300_000  # a few blocks
CONTENT = bytes(i * 7 % 251 for i in range(N))
ROOT = Path(__file__).resolve().parents[2]

# Around the very lines about recordings of deploy/nginx.conf. tcp_nopush would cost 36 ms per range.
NGINX = """
daemon off; error_log {folder}/error.log; pid {folder}/nginx.pid; user root;
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; tcp_nopush off; types {{ }} default_type application/octet-stream;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $host; }}
    {recordings}
  }}
}}
"""


@dataclass
class SamplePeople:
    """Addresses, and the session cookies of whoever asks for them."""

    free: str
    given: str
    hidden: str
    gone: str
    etag: str
    sessions: dict[str, str] = field(default_factory=dict)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def make_people() -> SamplePeople:
    """Ann has a lesson, Ben had it until today, Zoe never had; one lesson is free, one is not published."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from portal.testing import assign, make_lesson, make_recording
    from practice.access.pages import SIGNED_IN_AT
    from practice.storage.chosen import media
    from practice.testing import make_practitioner, make_user

    tess, ann, ben, zoe = make_practitioner(), make_user("Ann"), make_user("Ben"), make_user("Zoe")
    free, given, hidden = (
        make_lesson("free", is_free=True),
        make_lesson("given"),
        make_lesson("hidden", is_free=True, is_published=False),
    )
    assign(given, ann, by=tess)
    assign(given, ben, by=tess, ended_at=timezone.now())
    recordings = [make_recording(lesson, CONTENT) for lesson in (free, given, hidden)]
    lost = make_recording(make_lesson("lost", is_free=True), b"lost")
    media().remove(lost.file)
    sessions = {}
    for user in (tess.user, ann, ben, zoe):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[SIGNED_IN_AT] = time.time()  # staff without it are signed out
        session.create()
        sessions[user.first_name.lower()] = str(session.session_key)
    at = [f"/lessons/{one.lesson.slug}/audio/{one.sha256}.m4a" for one in [*recordings, lost]]
    return SamplePeople(*at, etag=f'"{recordings[0].sha256}"', sessions=sessions)


class Front:
    """Asks one server. `who` is a name of the cast, or nobody."""

    def __init__(self, cast: SamplePeople, port: int, *servers: int) -> None:
        self.cast, self.port, self.servers = cast, port, servers

    def cpu(self) -> float:
        """Seconds of processor time that the servers have taken so far."""
        return sum(cpu_of(server) for server in self.servers)

    def ask(self, path: str, *, method: str = "GET", who: str = "", **headers: str) -> Answer:
        """One request over a connection of its own. The first may meet a server that is still loading."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            sent["Cookie"] = f"session={self.cast.sessions[who]}"
        try:
            line.request(method, path, headers={"Host": "localhost", **sent})
            answer = line.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            line.close()


class InProcess(Front):
    """The same, through Django's test client."""

    def __init__(self, cast: SamplePeople) -> None:
        super().__init__(cast, 0)

    def cpu(self) -> float:
        return time.process_time()

    def ask(self, path: str, *, method: str = "GET", who: str = "", **headers: str) -> Answer:
        from django.test import Client

        client = Client(raise_request_exception=False)
        if who:
            client.cookies["session"] = self.cast.sessions[who]
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.generic(method, path, headers=sent)
        # Read to its end it closes itself; closing it once more would close the test's own connection.
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.items()}, body)


class Led(InProcess):
    """The same, and what a browser does then: it follows a link into the bucket, without the cookies."""

    def ask(self, path: str, *, method: str = "GET", who: str = "", **headers: str) -> Answer:
        answer = super().ask(path, method=method, who=who, **headers)
        if answer.status != 302:
            return answer
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(*s3.ask(answer.headers["location"], method=method, **sent))


def recordings_of_nginx(media: Path) -> str:
    """The location of recordings as deploy/nginx.conf has it, with our folder."""
    written = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    location = re.search(r"location /protected/ \{.*?\n    \}", written, re.DOTALL)
    return re.sub(r"alias [^;]+;", f"alias {media}/;", location[0]) if location else ""


@contextmanager
def running(command: list[str], *, port: int, env: dict[str, str], log: Path) -> Iterator[int]:
    """The process while its port answers: its id. Ended by it."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            soon(lambda: process.poll() is not None or listens(port), 120)
            if process.poll() is not None or not listens(port):
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()[-2000:]}")
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=60)


def listens(port: int) -> bool:
    """Whether somebody takes a connection there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def cpu_of(process: int) -> float:
    """Seconds of processor time that a process and its children have taken."""
    spent = 0.0
    for pid in [process, *Path(f"/proc/{process}/task/{process}/children").read_text().split()]:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


@contextmanager
def real_servers(folder: Path) -> Iterator[dict[str, Front]]:
    """gunicorn that answers itself, and nginx before a gunicorn with X_ACCEL; one database, one cast."""
    env = {
        **os.environ,
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": "practice.settings",
    }
    copy_file(folder / "portal.sqlite3")
    (folder / "static").symlink_to(Path(os.environ["PYTEST_VAR"], "static"))  # collected once for all tests
    made = subprocess.run(
        [sys.executable, "-m", "portal.tests.audio_servers"],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
    )
    cast = SamplePeople(**json.loads(made.stdout))
    gunicorn = [sys.executable, "-m", "gunicorn", "practice.wsgi", "--no-control-socket", "-k", "gthread"]
    with ExitStack() as stack:
        fronts, servers = {}, {}
        alone, behind, port = (stack.enter_context(reserved_port()) for _ in range(3))
        for name, at, accel in (("gunicorn", alone, "off"), ("behind", behind, "/protected/")):
            servers[name] = stack.enter_context(
                running(
                    [*gunicorn, "-b", f"127.0.0.1:{at}"],
                    port=at,
                    env={**env, "X_ACCEL": accel},
                    log=folder / f"{name}.log",
                )
            )
        fronts["gunicorn"] = Front(cast, alone, servers["gunicorn"])
        if nginx := shutil.which("nginx"):
            conf = folder / "nginx.conf"
            conf.write_text(
                NGINX.format(
                    folder=folder, port=port, behind=behind, recordings=recordings_of_nginx(folder / "media")
                )
            )
            command = [nginx, "-c", str(conf), "-p", str(folder)]
            server = stack.enter_context(running(command, port=port, env=env, log=folder / "nginx.log"))
            fronts["nginx"] = Front(cast, port, server, servers["behind"])
        yield fronts


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(asdict(make_people())))
