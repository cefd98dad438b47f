"""A real nginx with the very lines of `deploy/nginx.conf`, without TLS, before servers of a test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from practice.tests.processes.ports import reserved_port
from practice.tests.processes.waiting import soon

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
AROUND = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ worker_connections 256; }}
http {{
client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
{shipped}
}}
"""


def shipped_conf(folder: Path, *, port: int, servers: Sequence[int]) -> str:
    """The shipped file with our port, our servers and our folders."""
    http_only = re.compile(r"^server \{\n    listen 80;.*?^\}\n", re.DOTALL | re.MULTILINE)
    text, found = http_only.subn("", SHIPPED)
    assert found == 1
    line = re.search(r"^    server 127\.0\.0\.1:8000 (.*);$", text, re.MULTILINE)
    assert line
    ours = "\n".join(f"    server 127.0.0.1:{one} {line[1]};" for one in servers)
    text = text.replace(line[0], ours)
    text, found = re.subn(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", text)
    assert found == 1
    text = re.sub(r"^    ssl_.*$", "", text, flags=re.MULTILINE)
    text = text.replace("/var/log/nginx/", f"{folder}/").replace("/srv/portal-media/", f"{folder}/media/")
    user = "user root;" if os.getuid() == 0 else ""
    return AROUND.format(folder=folder, shipped=text, user=user)


@contextmanager
def nginx_before(
    folder: Path, servers: Sequence[int], *, instead: tuple[str, str] = ("", "")
) -> Iterator[int]:
    """Yield the port of an nginx before these ports. `instead`: words of its file, and others for them."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if program is None:
        pytest.fail("nginx is not installed: run tools/debian")
    folder.mkdir(exist_ok=True)
    with reserved_port() as port:
        written = shipped_conf(folder, port=port, servers=servers)
        if instead[0]:
            assert written.count(instead[0]) == 1
            written = written.replace(*instead)
        (folder / "nginx.conf").write_text(written, encoding="utf-8")
        command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
        with (folder / "output").open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            pid = folder / "nginx.pid"  # written once it listens
            assert soon(lambda: pid.exists() or process.poll() is not None, 60)
            assert process.poll() is None, (folder / "output").read_text()
            yield port
        finally:
            process.terminate()
            process.wait(60)
