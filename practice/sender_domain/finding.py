"""PURE. What was found about a domain's records, and how the records are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Return the TXT records of a name, each as one text; none for a name without any. Raises DnsSilent.
Lookup = Callable[[str], list[str]]


class DnsSilent(Exception):
    """Raised when the DNS gives no answer: nothing can be said then."""


#: As it should be; could be better; emails may be refused because of it.
FINE, NOTE, LACKS = "ok", "note", "lacks"


@dataclass(frozen=True)
class Finding:
    """One thing about a domain: a code of `wording.py` and its parameters, and how much it matters.

    `name` and `record`: the DNS record to add or to have instead.
    """

    code: str
    params: dict[str, Any]
    level: str = LACKS
    name: str = ""
    record: str = ""


def fine(code: str, **params: Any) -> Finding:
    """Return something that is as it should be."""
    return Finding(code, params, FINE)


def tags_of(record: str) -> dict[str, str]:
    """Return the tags of a DKIM or DMARC record, `tag=value; …`; the first of two with one name."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        tag, _, value = part.partition("=")
        if tag.strip():
            found.setdefault(tag.strip().lower(), "".join(value.split()))
    return found
