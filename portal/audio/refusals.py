"""Why a recording is not published, in sentences for the person who sent it. Pure of Django."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from practice.storage.errors import StorageAway

FULL = {errno.ENOSPC, errno.EDQUOT}


def gettext_noop(sentence: str) -> str:
    """Return the sentence itself; the name marks it for translation where it is shown."""
    return sentence


class CannotPublish(Exception):
    """Raised when a recording will not be published; the message can be shown to the person who sent it.

    `sentence` is English, with a named gap for each of `values`, so that it can be translated where it is
    shown.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


class NotNow(CannotPublish):
    """Raised when the machine is in the way and not the recording: it can be tried again."""


class ToolMissing(NotNow):
    """Raised when ffmpeg, ffprobe or espeak-ng is not installed on this machine."""

    def __init__(self, tool: str) -> None:
        super().__init__(
            gettext_noop(
                "%(tool)s is not installed on the server; it is needed to prepare recordings. "
                "Please ask the person who runs your server to install it."
            ),
            tool=tool,
        )


class ToolStopped(NotNow):
    """Raised when a tool was killed from outside, for example because memory ran out."""

    def __init__(self, tool: str) -> None:
        super().__init__(gettext_noop("%(tool)s was stopped before the recording was ready."), tool=tool)


class DiskFull(NotNow):
    """Raised when there is no room left for what is prepared."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "The server's disk is full, so the recording could not be prepared. "
                "Please ask the person who runs your server to make room."
            )
        )


class BucketAway(NotNow):
    """Raised when the bucket in which recordings are kept does not take or give a file."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "The place where recordings are kept can’t be reached right now. "
                "If this lasts, please ask the person who runs your server."
            )
        )


@contextmanager
def full_disk_noticed() -> Iterator[None]:
    """Raise DiskFull for an error that says that there is no room left, BucketAway for one of the bucket."""
    try:
        yield
    except StorageAway as error:
        raise BucketAway from error
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise
