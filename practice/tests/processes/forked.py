"""A program forked from the practice's own interpreter: a process as any other, that starts at once."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from practice.tests.processes.waiting import soon

if TYPE_CHECKING:
    from practice.tests.processes.practice_site import PracticeSite

FORK = """
import os, sys, traceback
pid = os.fork()
if not pid:
    try:
        os.setpgid(0, 0)
        said = os.open({output!r}, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.closerange(3, 256)
        sys.stdout = sys.__stdout__
        {runs}
    except SystemExit as ended:
        os._exit(ended.code or 0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
os.setpgid(pid, pid)
print(pid)
"""
DELIVER = "from django.core.management import call_command; call_command('deliver', '--loop')"
#: What `python -m celery` does with these words.
CELERY = "from celery.__main__ import main; sys.argv = {argv!r}; main()"
WAIT = """
import os
pid, status = os.waitpid({pid}, os.WNOHANG)
print(os.waitstatus_to_exitcode(status) if pid else "")
"""


class Forked:
    """What these tests ask of a process, as `subprocess.Popen` answers it. It leads a group of its own."""

    stdin = stdout = None

    def __init__(self, practice_site: PracticeSite, runs: str, *, output: str) -> None:
        self.practice_site = practice_site
        self.pid = int(practice_site.inside(FORK.format(runs=runs, output=output)))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return its exit code; None while it runs."""
        if self.returncode is None and (code := self.practice_site.inside(WAIT.format(pid=self.pid)).strip()):
            self.returncode = int(code)
        return self.returncode

    def terminate(self) -> None:
        """Tell it to stop."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float = 60) -> int:
        """Return its exit code, once it has ended."""
        assert soon(lambda: self.poll() is not None, timeout), self.practice_site.outputs()
        assert self.returncode is not None
        return self.returncode
