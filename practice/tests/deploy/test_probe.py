"""What a container's health check asks, and how nginx's file is made for a container."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from practice.site.processes import leaving, probe
from practice.tests.processes.ports import reserved_port

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch):
    """What a web server answers, without one."""

    class Answer:
        def __init__(self, status: int, body: bytes) -> None:
            self.status, self.read = status, lambda: body

    def given(status: int, body: bytes) -> list[dict[str, str]]:
        asked: list[dict[str, str]] = []
        monkeypatch.setattr(
            probe.http.client.HTTPConnection,
            "request",
            lambda _self, _method, _path, headers: asked.append(headers),
        )
        monkeypatch.setattr(
            probe.http.client.HTTPConnection, "getresponse", lambda _self: Answer(status, body)
        )
        return asked

    return given


@pytest.mark.parametrize(
    ("part", "status", "body", "why"),
    [
        ("livez", 200, b'{"ok": true}', ""),
        ("livez", 503, b'{"ok": false, "says": "about to stop"}', "about to stop"),
        ("beat", 503, b'{"parts": {"beat": {"ok": true, "says": "ticks"}}}', ""),
        ("beat", 503, b'{"parts": {"beat": {"ok": false, "says": "no tick"}}}', "no tick"),
        ("beat", 200, b'{"parts": {}}', "nothing is said of beat"),
    ],
)
def test_the_probe_says_why_something_is_not_well(
    answers, part: str, status: int, body: bytes, why: str
) -> None:
    answers(status, body)
    assert probe.why_not(part, "http://127.0.0.1:8000") == why


def test_no_answer_is_not_well() -> None:
    with reserved_port() as port:
        address = f"http://127.0.0.1:{port}"
        asked = subprocess.run(
            [sys.executable, str(ROOT / "practice/site/processes/probe.py"), "livez", address],
            capture_output=True,
            text=True,
        )
    assert asked.returncode == 1
    assert "no answer" in asked.stderr


@pytest.mark.django_db
def test_the_probe_asks_by_the_name_of_the_site(answers, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setenv("SITE_URL", "https://portal.example")
    asked = answers(200, b"{}")
    probe.why_not("livez", "http://127.0.0.1:8000")
    client = Client(headers=asked[-1])
    assert client.get("/livez").status_code == 200
    assert "beat" in client.get("/healthz").json()["parts"]
    assert Client(headers={"host": "127.0.0.1:8000"}).get("/livez").status_code == 400  # the control


def test_a_process_that_was_told_to_stop_says_so(client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "is_leaving", lambda: True)
    answer = client.get("/livez")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)


@pytest.mark.processes
def test_nginx_understands_the_file_that_is_made_for_its_container(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if nginx is None:
        pytest.fail("nginx is not installed: run tools/debian")
    (tmp_path / "tls").mkdir()
    (tmp_path / "written").mkdir()
    key = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    key += ["-subj", "/CN=portal.test", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run(key, cwd=tmp_path / "tls", check=True, capture_output=True)
    shutil.copy(ROOT / "deploy" / "nginx.conf", tmp_path)
    (tmp_path / "mime.types").write_text("types { text/html html; }")
    environ = {
        "PATH": f"{Path(nginx).parent}:{os.environ['PATH']}",
        "FOLDER": str(tmp_path),
        "WRITTEN": str(tmp_path / "written"),
        "TYPES": str(tmp_path / "mime.types"),
        "NAME": "portal.test",
        "SERVERS": "127.0.0.1:8001 127.0.0.1:8002",
    }
    made = subprocess.run(
        ["sh", str(ROOT / "deploy" / "compose-nginx"), "-t"], env=environ, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "written" / "nginx.conf").read_text()
    assert "portal.example" not in text
    assert "/var/log" not in text
    assert [line.strip() for line in text.splitlines() if line.strip().startswith("server 127")] == [
        *("server 127.0.0.1:8001 max_fails=0;", "server 127.0.0.1:8002 max_fails=0;")
    ]
