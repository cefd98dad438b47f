"""The script of the service worker, put together from the files in worker/, with its version."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("worker")
SERVES = ("ranges.js", "worker.js")
REMOVES = ("removal.js",)


@cache
def worker_script(*, is_on: bool) -> str:
    """Return the worker that serves kept lessons, or the one that removes them and itself.

    A browser takes up a new one when a single character differs: the first line says which it is.
    """
    names = SERVES if is_on else REMOVES
    text = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"// {version}\n{text}"
