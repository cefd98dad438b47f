"""PURE. The id that ties together the log lines, the rows and the emails of one request or one task."""

from __future__ import annotations

import re
import uuid

LONGEST = 64
#: What proxies make: nginx 32 hexadecimal digits, others a UUID. Nothing that could break or forge a line.
WELL_FORMED = re.compile(rf"[A-Za-z0-9-]{{16,{LONGEST}}}")


def is_well_formed(text: str) -> bool:
    """Return whether a text can be taken as an id."""
    return WELL_FORMED.fullmatch(text) is not None


def new_id() -> str:
    """Return a new id."""
    return str(uuid.uuid4())
