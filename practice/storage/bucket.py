"""Files kept in a bucket, through django-storages. Loaded only where S3_… is set (late_modules.py).

Of a file that arrives in parts, each part is an object below the file's name: the next part may come to
another machine.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from practice.storage import storage_settings
from practice.storage.errors import NotTheEnd, StorageAway
from practice.storage.folder import ROOM, clear
from practice.storage.store import Kept

BLOCK = 1024 * 1024
#: Seconds: a page that only asks whether a recording is there must not hang for long.
CONNECT, READ, TRIES = 3, 20, 2
#: This process, once it has asked a provider.
_asked: set[int] = set()
GONE = {"404", "NoSuchKey", "NotFound"}
#: What waiting does not mend → what does.
REMEDIES = {
    "NoSuchBucket": "Create it, or correct {setting}.",
    "InvalidAccessKeyId": "Correct the key.",
    "SignatureDoesNotMatch": "Correct the secret key, and the region.",
    "AuthorizationHeaderMalformed": "Correct the region.",
    "PermanentRedirect": "Correct the region or the endpoint.",
    "AccessDenied": "Let the key list, read, write and delete there (docs/storage.md).",
    "403": "Check both keys, and let them list, read, write and delete there (docs/storage.md).",
    "404": "Create it, or correct {setting}.",
}


class OneConnection(S3Storage):
    """The storage of django-storages, with one connection for all threads.

    Its own makes one for each thread, some megabytes each; what is shared here, a client, may be.
    """

    _made: Any = None
    _making = threading.Lock()

    @property
    def connection(self) -> Any:
        """Return the connection, made with the first use."""
        with self._making:
            if self._made is None:
                self._made = super().connection
            return self._made


@lru_cache(maxsize=8)
def storage(access: storage_settings.Access, bucket: str) -> OneConnection:
    """Return the storage of a bucket, one for a process. It asks nobody yet."""
    # Newer checksums come after the content, in a way that few providers but Amazon read.
    checksums: Any = "when_required" if access.by_path else "when_supported"
    return OneConnection(
        bucket_name=bucket,
        access_key=access.key_id,
        secret_key=access.secret,
        security_token=None,
        session_profile=None,
        endpoint_url=access.endpoint,
        region_name=access.region,
        default_acl=None,
        file_overwrite=True,
        client_config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if access.by_path else "virtual"},
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            request_checksum_calculation=checksums,
            response_checksum_validation=checksums,
        ),
        transfer_config=TransferConfig(use_threads=False),
    )


@contextlib.contextmanager
def asking(place: object, *, setting: str = "S3_BUCKET") -> Iterator[None]:
    """Turn what the provider answers into FileNotFoundError or StorageAway, which names the `place`."""
    _asked.add(os.getpid())
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in GONE and "Bucket" not in error.operation_name:
            raise FileNotFoundError(f"{place} has no such file") from error
        remedy = REMEDIES.get(code, "").format(setting=setting)
        says = f"{place} answered “{_what(error, code)}”."
        raise StorageAway(f"{says} {remedy}".strip(), lasting=bool(remedy)) from error
    except (BotoCoreError, Boto3Error, HTTPError) as error:
        raise StorageAway(f"{place} cannot be reached ({type(error).__name__}).") from error


def _what(error: ClientError, code: str) -> str:
    """Return the answer in words: for a HEAD there is only a number."""
    words = {"404": "it does not exist", "403": "forbidden"}
    return words.get(code) or code or str(error.response["ResponseMetadata"]["HTTPStatusCode"])


class InBlocks(contextlib.AbstractContextManager["InBlocks"]):
    """The body of an answer as a file to read, whose errors are ours."""

    def __init__(self, body: Any, place: object) -> None:
        self.body, self.place = body, place

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        with asking(self.place):
            return bytes(self.body.read(size if size >= 0 else None))

    def close(self) -> None:
        """Let go of the connection, even in the middle."""
        self.body.close()

    def __exit__(self, *_: object) -> None:
        self.close()


class Bucket:
    """The bucket S3_BUCKET."""

    def __init__(self, bucket: storage_settings.Bucket, *, work: Path) -> None:
        self.bucket, self.work = bucket, work
        self.storage = storage(bucket.access, bucket.name)

    def __str__(self) -> str:
        return f"The bucket {self.bucket.name} at {self.bucket.access.endpoint}"

    @property
    def client(self) -> Any:
        """Return the client of the storage."""
        return self.storage.connection.meta.client

    def size(self, name: str) -> int | None:
        """Return the bytes of a file; None when it is not there."""
        try:
            with asking(self):
                return int(self.storage.size(name))
        except FileNotFoundError:
            self.ask()  # of a bucket that is gone, the answer is the same
            return None

    def ask(self) -> None:
        """Raise StorageAway unless the bucket is there, and these keys may read it."""
        with asking(self):
            self.client.list_objects_v2(Bucket=self.bucket.name, MaxKeys=1)

    def open(self, name: str, *, first: int = 0, length: int | None = None) -> BinaryIO:
        """Return the bytes of a file as they come. Raises FileNotFoundError."""
        asked: dict[str, str] = {}
        if first or length is not None:
            asked["Range"] = f"bytes={first}-{'' if length is None else first + length - 1}"
        with asking(self):
            answer = self.client.get_object(Bucket=self.bucket.name, Key=name, **asked)
        found: Any = InBlocks(answer["Body"], self)
        return found

    def write(self, name: str, content: bytes) -> None:
        """Keep a small file, in place of an older one of this name."""
        with asking(self):
            self.storage.save(name, ContentFile(content))

    def keep(self, file: Path, name: str) -> None:
        """Copy a file there."""
        with file.open("rb") as content, asking(self):
            self.storage.save(name, File(content))

    def take(self, pieces: Iterable[bytes], name: str) -> None:
        """Keep what comes in pieces; it is collected here first."""
        with self.room(name) as room:
            with (room / "taken").open("xb") as taken:
                for piece in pieces:
                    taken.write(piece)
            self.keep(room / "taken", name)

    def remove(self, *names: str) -> None:
        """Remove files, and what has arrived of them."""
        with asking(self):
            for name in names:
                self.storage.delete(name)
                for part in self._listed(f"{name}/"):
                    self.storage.delete(part.name)

    @contextlib.contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Yield a copy, which is gone afterward; of what arrived in parts, all of them put together."""
        with self.room(name) as room:
            copy = room / "copy"
            with copy.open("xb") as file:
                for content in self._contents(name):
                    while block := content.read(BLOCK):
                        file.write(block)
                    content.close()
            yield copy

    def _contents(self, name: str) -> Iterator[BinaryIO]:
        try:
            yield self.open(name)
        except FileNotFoundError:
            parts, _end = self._parts(name)
            for part, first in parts:
                yield self.open(part, first=first)

    @contextlib.contextmanager
    def room(self, name: str) -> Iterator[Path]:
        """Yield an empty folder of this machine; gone afterward."""
        self.work.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.work, prefix=ROOM) as room:
            yield Path(room)

    def clear_rooms(self, until: float) -> None:
        """Remove rooms of processes of this machine that were killed."""
        clear(self.work.glob(f"{ROOM}*"), until)

    def names(self) -> Iterator[Kept]:
        """Yield every file, by its name."""
        yield from self._listed("")

    def _listed(self, under: str) -> Iterator[Kept]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket.name, Prefix=under)
        with asking(self):
            for page in pages:
                for one in page.get("Contents", ()):
                    changed = int(one["LastModified"].timestamp()) * 1_000_000_000
                    yield Kept(one["Key"], int(one["Size"]), changed)

    def free(self) -> int | None:
        """Return None: a bucket is never full."""
        return None

    def link(self, name: str, *, content_type: str, caching: str, seconds: int) -> str:
        """Return an address that is signed for so long; "" where the portal itself shall send recordings."""
        if not self.bucket.gives_links:
            return ""
        said = {"ResponseContentType": content_type, "ResponseCacheControl": caching}
        with asking(self):
            return str(
                self.storage.url(name, {**said, "ResponseContentDisposition": "inline"}, expire=seconds)
            )

    # --- Files that arrive in parts

    def begin(self, name: str) -> None:
        """Note that a file begins, by an empty part."""
        self.write(f"{name}/{0:015d}-begun", b"")

    def arrived(self, name: str) -> int:
        """Return how many bytes have arrived without a gap. Raises FileNotFoundError."""
        return self._parts(name)[1]

    def append(self, part: BinaryIO, name: str, *, offset: int) -> int:
        """Keep a part as an object of its own. Raises NotTheEnd.

        Of two at the same place both may be kept: they are of one file, and `_parts` takes each byte once.
        """
        if offset != (end := self.arrived(name)):
            raise NotTheEnd(end)
        part.seek(0, os.SEEK_END)
        if part.tell():
            part.seek(0)
            with asking(self):
                self.storage.save(f"{name}/{offset:015d}-{secrets.token_hex(8)}", File(part))
        return self.arrived(name)

    def _parts(self, name: str) -> tuple[list[tuple[str, int]], int]:
        """Return the parts that make up what has arrived, each with its first byte to read, and the end."""
        found = sorted(self._listed(f"{name}/"), key=lambda one: one.name)
        if not found:
            raise FileNotFoundError(name)
        used, end = [], 0
        for one in found:  # by their names, which begin with the offset
            offset = int(one.name.rpartition("/")[2].partition("-")[0])
            if offset <= end < offset + one.size:
                used.append((one.name, end - offset))
                end = offset + one.size
        return used, end


def the_bucket(bucket: storage_settings.Bucket, *, work: Path) -> Bucket:
    """Return the bucket."""
    return Bucket(bucket, work=work)


def _let_go() -> None:
    """Make connections anew, if this process's parent had some: two must not talk over one."""
    if _asked:
        storage.cache_clear()
        _asked.clear()


os.register_at_fork(after_in_child=_let_go)
