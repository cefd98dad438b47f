"""Do something in a process of its own and kill it before a certain statement.

A commit lies between two statements, and so does the moment in which a mail server has taken an email that is
not noted yet. The number of the statement is drawn, so that a run can be repeated.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any

from django.db import connection

KILLED = -signal.SIGKILL


def dies_at(number: int, do: Callable[[], object]) -> bool:
    """Return whether a child that did this was killed, before the statement of this number.

    The child's connection is its own; ours is closed before it, and opened again by whoever needs it.
    """
    connection.close()
    pid = os.fork()
    if not pid:
        try:
            connection.execute_wrappers.append(killer(number))
            do()
        except BaseException:  # noqa: BLE001  (its answer reaches nobody, as if the line had dropped)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == KILLED


def killer(number: int) -> Callable[..., Any]:
    """Return a wrapper of statements that ends the process before the one with this number."""
    seen = count(1)

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    return wrapper
