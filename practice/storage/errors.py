"""PURE. What goes wrong with the place where files are kept."""

from __future__ import annotations


class StorageAway(OSError):
    """Raised when the bucket did not take or give a file; nothing changed there. Its text is the operator's.

    `lasting`: waiting does not help, such as for a wrong key or a bucket that does not exist.
    """

    def __init__(self, says: str, *, lasting: bool = False) -> None:
        super().__init__(says)
        self.lasting = lasting


class NotTheEnd(Exception):
    """Raised for a part that does not begin where the file ends; `end`: where it ends."""

    def __init__(self, end: int) -> None:
        super().__init__(end)
        self.end = end
