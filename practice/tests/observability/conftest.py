"""Log lines as they are written, with what is bound around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture


@contextmanager
def _lines() -> Iterator[list[Any]]:
    heard = LogCapture()
    processors = structlog.get_config()["processors"]
    before = list(processors)
    processors[:] = [structlog.contextvars.merge_contextvars, heard]  # in place: loggers are cached
    structlog.configure(processors=processors)
    try:
        yield heard.entries
    finally:
        processors[:] = before
        structlog.configure(processors=processors)


@pytest.fixture
def lines_of() -> Callable[[], AbstractContextManager[list[Any]]]:
    """A context in which each line is kept with its request's id."""
    return _lines
