"""A practice's interpreter, started once: it runs what tests send it. Each `manage.py` would cost a second.

    python -m practice.tests.processes.shell

Reads one line of JSON for each piece of code, and answers with one: what it printed, and its traceback or "".
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback

import django


def run(code: str) -> tuple[str, str]:
    """Run the code in a namespace of its own; return what it printed, and its traceback or ""."""
    from django.db import connections

    printed, failed = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "<test>", "exec"), {"__name__": "a_test"})
    except Exception:  # noqa: BLE001  (the test that sent the code has to hear of all)
        failed = traceback.format_exc()
    connections.close_all()  # nothing is held between two pieces
    return printed.getvalue(), failed


def main() -> None:
    """Answer until there is no more to read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # only answers go where answers are read
    django.setup()
    for line in sys.stdin:
        answers.write(json.dumps(run(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
