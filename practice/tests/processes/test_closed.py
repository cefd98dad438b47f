"""While the practice is closed for an upgrade, visitors get a calm page, and `up` learns how it ended."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from practice.site.processes import closed
from practice.site.processes.programs import can_bind
from practice.tests.processes.ports import reserved_port

HOLD = """
import sys
from pathlib import Path
from practice.site.processes.closed import upgrading
with upgrading(Path(sys.argv[1])):
    print("holds", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def port() -> Iterator[int]:
    """A port on which the page is shown."""
    with reserved_port() as number, closed.page_shown(number):
        yield number


def ask(
    port: int, method: str, path: str, body: bytes | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/book/", "/portal/history/?a=1", "/api/v1/slots"])
def test_every_page_says_when_to_come_back(port: int, method: str, path: str) -> None:
    answer, body = ask(port, method, path, b"a=1" * 10_000 if method == "POST" else None)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    text = body.decode()
    assert "Back in a few minutes" in text
    assert "Volvemos en unos minutos" in text
    assert not [word for word in ("<script", "style=", "<style", "http:", "https:") if word in text]


def test_a_head_request_gets_no_body(port: int) -> None:
    answer, body = ask(port, "HEAD", "/")
    assert (answer.status, body) == (503, b"")


def test_its_style_and_the_probes_are_answered(port: int) -> None:
    assert ask(port, "GET", "/closed.css")[0].status == 200
    assert ask(port, "GET", "/livez")[0].status == 200
    answer, body = ask(port, "GET", "/healthz")
    assert (answer.status, json.loads(body)["ok"]) == (503, False)


def test_the_port_is_free_afterward() -> None:
    with reserved_port() as number:
        with closed.page_shown(number):
            assert ask(number, "GET", "/")[0].status == 503
        assert can_bind(number)


def test_a_second_upgrade_at_once_is_refused(tmp_path: Path) -> None:
    with closed.upgrading(tmp_path), pytest.raises(closed.AlreadyUpgrading):
        closed.upgrading(tmp_path).__enter__()


def test_up_opens_again_only_after_an_upgrade_that_ended_well(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wrong"), closed.upgrading(tmp_path):
        raise ValueError("wrong")
    assert not closed.wait_for_the_end(tmp_path)
    with closed.upgrading(tmp_path) as upgrade:
        upgrade.ended_with(closed.DONE)
    assert closed.wait_for_the_end(tmp_path)


@pytest.mark.processes
def test_up_waits_for_the_end_and_stays_closed_when_the_upgrade_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"holds\n"
        ended: list[bool] = []
        waits = threading.Thread(target=lambda: ended.append(closed.wait_for_the_end(tmp_path)))
        waits.start()
        assert ended == []
        holder.kill()
        waits.join(60)
    assert ended == [False]
