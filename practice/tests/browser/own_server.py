"""A door of the shared practice on a port of its own, which a test may shut and open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator

from practice.site.processes.programs import command_line, serves, web
from practice.tests.browser.demo_site import DemoSite
from practice.tests.processes.ports import reserved_port
from practice.tests.processes.up_runner import ROOT
from practice.tests.processes.waiting import wait_for


class OwnServer:
    """The same practice behind another door: what comes in is passed on, byte by byte.

    Shut, it refuses every connection, as a machine does on which no server runs; and the server behind it,
    which takes seconds of processor time to start, need not be started again for it.
    """

    def __init__(self, demo_site: DemoSite, port: int, behind: int) -> None:
        self.demo_site, self.port, self.behind = demo_site, port, behind
        self.leads_to = 0
        self.other: subprocess.Popen[bytes] | None = None
        self.open: set[asyncio.StreamWriter] = set()
        self.listens: asyncio.Server | None = None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """Where it is. A cookie of the practice holds here too: it knows no ports."""
        return f"http://localhost:{self.port}"

    def start(self, **settings: str) -> None:
        """Open it. With settings of its own, a server that has them is behind it; without, the shared one."""
        self.end_other()
        if settings:
            self.start_other(settings)
        asyncio.run_coroutine_threadsafe(self.listen(), self.loop).result(60)
        wait_for(lambda: serves(self.port), seconds=60)

    def start_other(self, settings: dict[str, str]) -> None:
        """Start a server of the same practice with these settings."""
        environ = {**self.demo_site.up.environ, "WEB_CONCURRENCY": "1", **settings}
        argv = command_line(web(port=self.behind, behind_proxy=False))
        self.other = subprocess.Popen(argv, cwd=ROOT, env=environ)
        wait_for(lambda: serves(self.behind), seconds=60)
        self.leads_to = self.behind

    def end_other(self) -> None:
        """Lead to the shared practice again."""
        self.leads_to = int(self.demo_site.up.environ["PORT"])
        if self.other:
            self.other.terminate()
            self.other.wait(60)
            self.other = None

    def stop(self) -> None:
        """Shut it: from now on nobody answers there, and who was being answered hears no more."""
        asyncio.run_coroutine_threadsafe(self.shut(), self.loop).result(60)

    def end(self) -> None:
        """Leave nothing behind."""
        self.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(60)
        self.loop.close()
        self.end_other()

    async def listen(self) -> None:
        """Listen, unless it does."""
        if self.listens is None:
            self.listens = await asyncio.start_server(
                self.answer, "127.0.0.1", self.port, reuse_address=True, family=socket.AF_INET
            )

    async def shut(self) -> None:
        """Listen no more, and break off every conversation."""
        if self.listens is not None:
            self.listens.close()
        self.listens = None
        for writer in list(self.open):
            writer.transport.abort()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on a conversation in both directions, until either side ends it."""
        self.open.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.leads_to)
            self.open.add(back)
            ways = {asyncio.ensure_future(pass_on(*way)) for way in ((reader, back), (there, writer))}
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            back.close()
            self.open.discard(back)
        except OSError:
            pass  # nobody behind it
        finally:
            writer.close()
            self.open.discard(writer)


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Write what is read, to its end."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()


@contextlib.contextmanager
def own_server(demo_site: DemoSite) -> Iterator[OwnServer]:
    """A server that is up, and gone at the end."""
    with reserved_port() as port, reserved_port() as behind:
        server = OwnServer(demo_site, port, behind)
        server.start()
        try:
            yield server
        finally:
            server.end()
