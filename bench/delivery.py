"""A measurement of delivery: emails per second beside Django's plain `send_messages`, in one run.

Starts a mail server in a process of its own, and runs `delivery_times.py` with Django set up: on SQLite in
a temporary folder, or on the PostgreSQL that DATABASE_URL names (`tools/with_postgres`). One round is with a
mail server that answers at once, which no server on the internet does: so all that an email costs us is seen.
The other is with one that takes 5 ms for each answer, as the nearest do.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).resolve().parent.parent
PAUSES = (0.0, 0.005)  # seconds before each answer of the mail server
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


def main() -> None:
    """Measure with either server, and with a folder for what the programs write."""
    servers = []
    for pause in PAUSES:
        here, there = multiprocessing.Pipe()
        multiprocessing.Process(target=mail_server, args=(there, pause), daemon=True).start()
        servers.append(f"{here.recv()}={pause}")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        mine = {
            "VAR_DIR": f"{folder}/var",
            "KEYS_DIR": f"{folder}/keys",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "practice.settings",
            "DEFAULT_FROM_EMAIL": "hello@juniper.example",
        }
        words = [sys.executable, "-c", SET_UP, str(ROOT / "bench" / "delivery_times.py"), *servers]
        # What is logged of each email goes to a file, as it would under systemd.
        with Path(f"{folder}/log").open("w") as log:
            subprocess.run(words, cwd=ROOT, env={**os.environ, **mine}, check=True, stderr=log)


if __name__ == "__main__":
    main()
