"""gunicorn's worker with threads, which loses no request when it is told to stop.

gunicorn's own stops taking connections and keeps its door open until it ends: who knocks meanwhile is let in
by the kernel, sends a request, and is cut off at the end. A proxy may send such a GET elsewhere, but not a
POST: nobody can tell whether it was carried out. This worker takes everybody who stands at the door and shuts
it at once, so that whoever comes later is refused before anything is sent, and nginx goes to the next server
with whatever it holds.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from practice.site.processes import leaving, web_settings


class DrainingWorker(ThreadWorker):
    """A worker that answers as usual for DRAIN_SECONDS after SIGTERM, then finishes what it has."""

    leaves_at: float | None = None

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to leave. A second SIGTERM ends the wait."""
        leaving.begin()
        if self.leaves_at is None and web_settings.DRAIN_SECONDS:
            self.leaves_at = time.monotonic() + web_settings.DRAIN_SECONDS
        else:
            super().handle_exit(sig, frame)

    def notify(self) -> None:
        """Tell the parent that this one lives, as every second; stop when it is time."""
        super().notify()
        if self.leaves_at is not None and time.monotonic() >= self.leaves_at:
            self.alive = False

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take connections, or none for now; at the end take those that wait, and shut the door."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            with suppress(OSError):
                before = -1
                while self.nr_conns != before:
                    before = self.nr_conns
                    self.accept(listener)
            listener.close()
