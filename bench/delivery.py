"""A measurement of delivery: emails per second beside Django's plain `send_messages`, in one run.

Starts three mail servers, each in a process of its own, and runs `delivery_times.py` with Django set up: on
SQLite in a temporary folder, and on a private PostgreSQL if there is one (or only on the database that
DATABASE_URL names). The servers: one that answers at once, which no server on the internet does, so that all
that an email costs us is seen; aiosmtpd as its own program, as it is installed; and one that takes 5 ms for
each answer, as the nearest do. A name (`at-once`, `aiosmtpd`, `5-ms`) takes only these.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from practice.tests.processes.ports import reserved_port

ROOT = Path(__file__).resolve().parent.parent
PAUSES = {"at-once": 0.0, "5-ms": 0.005}  # seconds before each answer of the mail server
PROGRAM = "aiosmtpd"
#: How many emails are sent in a round: fewer where each takes twenty times as long.
EACH = {"at-once": 300, PROGRAM: 300, "5-ms": 60}
#: Runs the file named first with Django set up.
SET_UP = "import django, runpy, sys; django.setup(); runpy.run_path(sys.argv.pop(1), run_name='__main__')"


class Sink:
    """What takes every email and keeps none. `pause`: seconds before each answer."""

    def __init__(self, pause: float) -> None:
        self.pause = pause

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Let an email begin."""
        await asyncio.sleep(self.pause)
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        await asyncio.sleep(self.pause)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take an email, whose beginning and end are answered."""
        await asyncio.sleep(2 * self.pause)
        return "250 taken"


async def answer(port_to: Connection, pause: float) -> None:
    """Answer until this process is stopped; send the port first."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(pause), loop=loop), host="127.0.0.1", port=0)
    port_to.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def mail_server(port_to: Connection, pause: float) -> None:
    """Run the mail server."""
    asyncio.run(answer(port_to, pause))


@contextmanager
def servers(names: list[str]) -> Iterator[list[str]]:
    """Yield `name=port=emails` of each server while it runs."""
    running = []
    with ExitStack() as until_then:
        for name in names:
            if name == PROGRAM:
                port = until_then.enter_context(reserved_port())
                words = ["-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
                program = subprocess.Popen([sys.executable, *words])
                until_then.callback(program.wait)
                until_then.callback(program.terminate)
                wait_for(port)
            else:
                here, there = multiprocessing.Pipe()
                multiprocessing.Process(target=mail_server, args=(there, PAUSES[name]), daemon=True).start()
                port = here.recv()
            running.append(f"{name}={port}={EACH[name]}")
        yield running


def wait_for(port: int) -> None:
    """Wait until somebody answers there."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("aiosmtpd does not answer")


def measure(names: list[str]) -> None:
    """Measure on the database that DATABASE_URL names, with a folder for what the programs write."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, servers(names) as running:
        mine = {
            "VAR_DIR": f"{folder}/var",
            "KEYS_DIR": f"{folder}/keys",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "practice.settings",
            "DEFAULT_FROM_EMAIL": "hello@juniper.example",
        }
        words = [sys.executable, "-c", SET_UP, str(ROOT / "bench" / "delivery_times.py"), *running]
        # What is logged of each email goes to a file, as it would under systemd.
        with Path(f"{folder}/log").open("w") as log:
            subprocess.run(words, cwd=ROOT, env={**os.environ, **mine}, check=True, stderr=log)


def main() -> None:
    """Measure on the database that is named, else on SQLite and then on PostgreSQL."""
    began, names = time.monotonic(), sys.argv[1:] or list(EACH)
    measure(names)
    if "DATABASE_URL" in os.environ:
        return
    private = str(ROOT / "tools" / "with_postgres")
    if subprocess.run([private, "true"], stderr=subprocess.DEVNULL).returncode:
        print("No PostgreSQL here: skipping that half of the table (tools/debian installs it).")
    else:
        subprocess.run([private, sys.executable, "-m", "bench.delivery", *names], cwd=ROOT, check=True)
    print(f"\nAll of it took {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
