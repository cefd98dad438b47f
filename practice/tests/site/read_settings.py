"""Read the settings under one environment after the other, as a start does, in forks of one interpreter.

    python -m practice.tests.site.read_settings

For each line, a JSON object of the whole environment, it forks: the child reads the settings and ends as any
program does. The answer is a line too: its exit code, what it printed, and what it complained of.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib import import_module

# Whatever the settings import, which costs more than to read them; but never the settings themselves.
for name in (
    "environ",
    "structlog",
    "csp.constants",
    "structlog.dev",
    "practice.core.env",
    "practice.core.log_redaction",
):
    import_module(name)


def read_settings(environment: dict[str, str]) -> None:
    """Read them and print two; a wrong one ends the program."""
    os.environ.clear()
    os.environ.update(environment)
    settings = import_module("practice.settings")
    print(settings.SITE_URL, settings.SESSION_COOKIE_NAME)


def main() -> None:
    """Answer each line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complained:
            child = os.fork()
            if child == 0:
                os.dup2(printed.fileno(), 1)
                os.dup2(complained.fileno(), 2)
                read_settings(json.loads(line))
                return
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            texts = [os.pread(one.fileno(), 100_000, 0).decode() for one in (printed, complained)]
        answers.write(json.dumps([code, *texts]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
