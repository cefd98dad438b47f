"""Become another program that does not outlive the one that started it: `python tether.py PARENT program …`.

On Linux the kernel sends SIGTERM when the parent is gone, even after SIGKILL. Elsewhere the next start finds
what was left (`claim.py`). A program of its own, because code between fork and exec may not trust threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tether(parent: int) -> None:
    """Ask the kernel for SIGTERM when the parent dies; end here when it is dead already."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    tether(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606  (our own fixed command lines)
