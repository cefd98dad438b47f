"""Backups in a bucket: the same names as in a folder, below a prefix.

A name is there whole or not at all: that is how S3 stores. So that there is one backup at a time, locks are
objects that are written anew while it runs, and count for nothing when they are old.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import shutil
import socket
import threading
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from practice.backup.places import BLOCK, ContentDiffers, Trouble, new_file
from practice.storage import bucket
from practice.storage.storage_settings import Access

LOCKS = "locks"
#: A lock is written anew so often, and counts for nothing when it is so old.
RENEWED, DEAD = timedelta(minutes=1), timedelta(minutes=10)


class Hashing(io.RawIOBase):
    """A file that is read once from its beginning, and its digest."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return False: what was read is counted."""
        return False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        found = self.file.read(size)
        self.digest.update(found)
        return found


class InBucket:
    """A place for backups in a bucket."""

    def __init__(self, access: Access, name: str, prefix: str, *, var: Path) -> None:
        self.access, self.bucket, self.prefix, self.var = access, name, prefix, var

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def client(self) -> Any:
        """Return the client of the bucket's provider, of which there is one for a process."""
        return bucket.storage(self.access, self.bucket).connection.meta.client

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def _asking(self) -> contextlib.AbstractContextManager[None]:
        return bucket.asking(f"{self} at {self.access.endpoint}", setting="BACKUP_TO")

    def _listed(self, under: str) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("list_objects_v2")
        with self._asking():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._key(f"{under}/")):
                yield from page.get("Contents", ())

    def names(self, under: str) -> list[str]:
        """Return the names of all files below this folder."""
        start = len(self._key(""))
        return sorted(one["Key"][start:] for one in self._listed(under))

    def size(self, name: str) -> int | None:
        """Return the bytes of a file; None when it is not there."""
        with contextlib.suppress(FileNotFoundError), self._asking():
            return int(self.client.head_object(Bucket=self.bucket, Key=self._key(name))["ContentLength"])
        return None

    def read(self, name: str) -> bytes:
        """Return the content of a small file. Raises FileNotFoundError."""
        with self._asking():
            return bytes(self.client.get_object(Bucket=self.bucket, Key=self._key(name))["Body"].read())

    def write(self, name: str, content: bytes) -> None:
        """Store a small file, in place of an older one of this name."""
        with self._asking():
            self.client.put_object(Bucket=self.bucket, Key=self._key(name), Body=content)

    def put(self, file: Path, name: str, *, sha256: str) -> None:
        """Store a copy of a local file. Raises ContentDiffers, and stores nothing, for another content."""
        store = bucket.storage(self.access, self.bucket)
        with file.open("rb") as opened, self._asking():
            hashing = Hashing(opened)
            self.client.upload_fileobj(hashing, self.bucket, self._key(name), Config=store.transfer_config)
        if hashing.digest.hexdigest() != sha256:
            self.remove([name])
            raise ContentDiffers(f"{file} is damaged: its content does not match its checksum")

    def fetch(self, name: str, file: Path, *, sha256: str) -> None:
        """Copy what is stored to a local file. Raises ContentDiffers."""
        with new_file(file) as written:
            self._read_through(name, sha256=sha256, each=written.write)

    def check(self, name: str, *, sha256: str) -> None:
        """Read all of what is stored. Raises ContentDiffers, or FileNotFoundError."""
        self._read_through(name, sha256=sha256, each=len)

    def _read_through(self, name: str, *, sha256: str, each: Any) -> None:
        digest = hashlib.sha256()
        with self._asking():
            body = self.client.get_object(Bucket=self.bucket, Key=self._key(name))["Body"]
            with contextlib.closing(body):
                while block := body.read(BLOCK):
                    digest.update(block)
                    each(block)
        if digest.hexdigest() != sha256:
            raise ContentDiffers(f"{self}/{name} is damaged: its content does not match its checksum")

    def remove(self, names: Iterable[str]) -> None:
        """Remove files. What is not there does no harm.

        One by one: since boto3 1.36, a request for many has no Content-MD5, which MinIO and others ask for.
        """
        for name in names:
            with self._asking():
                self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def free(self) -> int | None:
        """Return None: a bucket is never full."""
        return None

    # --- One at a time

    @contextlib.contextmanager
    def alone(self) -> Iterator[Path]:
        """Keep other backups away, of this machine and of others, and yield an empty folder to work in."""
        work = self.var / "backup-work"
        with (self.var / "backup.lock").open("w") as own:
            try:
                fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Trouble("Another backup is being made here. Wait until it has finished.") from error
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(mode=0o700)
            try:
                with self._locked():
                    yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold a lock that other machines see, and write it anew meanwhile."""
        lock, done = self._take_lock(), threading.Event()
        renewing = threading.Thread(target=self._renew, args=[lock, done], daemon=True)
        renewing.start()
        try:
            yield
        finally:
            done.set()
            renewing.join()
            with contextlib.suppress(OSError):
                self.remove([lock])

    def _renew(self, lock: str, done: threading.Event) -> None:
        while not done.wait(RENEWED.total_seconds()):
            with contextlib.suppress(OSError):
                self.write(lock, b"")

    def _take_lock(self) -> str:
        """Write a lock of ours and return its name; give it up when another machine has one that is not old.

        Of two that begin at once both may give up; never do both go on. Times are the provider's.
        """
        mine = f"{LOCKS}/{_machine(self.var)}-"
        lock = f"{mine}{uuid.uuid4().hex[:8]}"
        self.write(lock, b"")
        start = len(self._key(""))
        found = {one["Key"][start:]: one["LastModified"] for one in self._listed(LOCKS)}
        old = {name for name, at in found.items() if found[lock] - at > DEAD or name.startswith(mine)}
        if others := set(found) - old:
            self.remove([lock])
            at = max(found[name] for name in others)
            raise Trouble(
                f"Another machine is making a backup in {self}, or was until {at:%H:%M} UTC. Wait until it "
                f"has finished; if it was killed, {int(DEAD.total_seconds() // 60)} minutes from then."
            )
        self.remove(old - {lock})
        return lock


def _machine(var: Path) -> str:
    """Return a name for the practice on this machine: a lock it left when it was killed is its own."""
    return hashlib.sha256(f"{socket.gethostname()}:{uuid.getnode()}:{var.resolve()}".encode()).hexdigest()[
        :16
    ]
