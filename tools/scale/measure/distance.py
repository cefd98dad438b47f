"""A network between a program and its PostgreSQL that takes its time: a proxy of Unix sockets.

`with distance(folder, seconds) as other:` has `other` in place of the server's folder: each byte takes
`seconds` in each direction, however many are on their way at once.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
#: Kept: a network that is gone says nothing to anybody, and so its connections are not closed.
NETWORKS: list[asyncio.AbstractEventLoop] = []


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Carry what is read to the writer, each piece `seconds` after it came."""
    loop = asyncio.get_running_loop()
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            at, piece = await on_the_way.get()
            if (left := at - loop.time()) > 0:
                await asyncio.sleep(left)
            if not piece:
                writer.close()
                return
            writer.write(piece)
            await writer.drain()

    delivering = asyncio.create_task(deliver())
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            on_the_way.put_nowait((loop.time() + seconds, piece))
    on_the_way.put_nowait((loop.time() + seconds, b""))
    with suppress(ConnectionError):
        await delivering


async def carry_no_more() -> None:
    """End what carries. The connections stay open, as those of a network that is cut."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def distance(folder: Path, seconds: float) -> Iterator[Path]:
    """Yield a folder with a socket that leads to the server's, so many seconds away in each direction."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    NETWORKS.append(loop)
    with tempfile.TemporaryDirectory(prefix="far-") as name:

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            near, far = await asyncio.open_unix_connection(folder / SOCKET)
            with suppress(asyncio.CancelledError):
                await asyncio.gather(carry(reader, far, seconds), carry(near, writer, seconds))

        async def serve() -> None:
            await asyncio.start_unix_server(connected, Path(name) / SOCKET)
            (Path(name) / SOCKET).chmod(0o777)  # who may enter the folder may connect
            ready.set()

        def run() -> None:
            asyncio.set_event_loop(loop)
            loop.create_task(serve())
            loop.run_forever()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        ready.wait()
        try:
            yield Path(name)
        finally:
            asyncio.run_coroutine_threadsafe(carry_no_more(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
