"""A PostgreSQL of its own that waits for the disk, a replica of it, and the end of a region. Linux only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg


def bin_folder() -> Path:
    """Return where PostgreSQL's programs are. Raises FileNotFoundError."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise FileNotFoundError("no PostgreSQL here: run tools/debian")
    return Path(found).resolve().parent


def program(name: str) -> str:
    """Return the path of a server's program; "" when it is not installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or ""


def as_server(folder: Path) -> list[str]:
    """Give this folder to the server's user; return the words that run a program as that user."""
    folder.chmod(0o755)
    if os.getuid() != 0:  # PostgreSQL and PgBouncer refuse to run as root
        return []
    user = pwd.getpwnam("postgres")
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


class Cluster:
    """One server in a folder. It listens there and nowhere else."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.server: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        self.wrapper = as_server(folder)

    def run(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs as the server's user."""
        command = [*self.wrapper, str(bin_folder() / program), *words]
        subprocess.run(
            command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def init(self) -> None:
        """Make an empty server."""
        self.run("initdb", f"--pgdata={self.data}", "--username=portal", "--auth=trust", "--no-sync")

    def follow(self, primary: Path) -> None:
        """Become a copy of the server that listens in that folder, and follow it from now on."""
        words = (f"--pgdata={self.data}", f"--host={primary}", "--username=portal", "--checkpoint=fast")
        self.run("pg_basebackup", *words, "--write-recovery-conf", "--no-sync")

    def start(self, *options: str) -> None:
        """Start it, and return once it answers."""
        words = ["-D", str(self.data), "-h", "", "-k", str(self.folder)]
        words += [word for one in ("wal_retrieve_retry_interval=100ms", *options) for word in ("-c", one)]
        self.server = subprocess.Popen(
            [*self.wrapper, str(bin_folder() / "postgres"), *words],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            with suppress(psycopg.OperationalError):
                self.connect().close()
                return
            time.sleep(0.1)
        raise TimeoutError("PostgreSQL does not answer")

    def connect(self) -> psycopg.Connection:
        """Return a connection that commits by itself."""
        return psycopg.connect(f"host={self.folder} user=portal dbname=postgres", autocommit=True)

    def end(self) -> None:
        """End it at once, as a region ends: nothing is finished."""
        if self.server is None:
            return
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait()
        self.server = None
