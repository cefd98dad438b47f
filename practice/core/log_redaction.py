"""PURE. Masks for logs: links that open something, addresses, values of rows, and what was searched for."""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from typing import Any

MASK = "…"
KEYS = ("token", "key")  # how a route names the part of its address that is one
#: What stands before a key in an address, as the URLconf says: "appointments/". A process that can make or
#: answer a link has loaded the URLconf, which fills this.
_before_keys: set[str] = set()
_behind: list[re.Pattern[str]] = []  # made of them, one or none
#: A signed name of a row, maybe with a mark of whom its link went to (`booking/links.py`): it opens an
#: appointment, an intake or an offer, wherever it stands.
SIGNED_NAME = re.compile(r"[0-9a-f]{32}(?:-[0-9a-f]{12})?\.[\w-]{20,}")
# Elsewhere any other key is long and mixes letters with digits.
KEYLIKE = re.compile(
    r"(?<![\w./-])(?=[\w:-]*\d)(?=[\w:-]*[A-Za-z])(?:[\w-]{8,}:[\w-]{4,}:|\w{32}\.)[\w-]{20,}"
)

#: What somebody looks for is a name, a number or an address: the values of these parameters.
SEARCHED_FOR = re.compile(r"((?:[?&]|%3F|%26)(?:q|name)(?:=|%3D))[^&\s\"'#]+")


#: An address of a person, or a password before a host. It begins where a word does, and is read once: tried
#: from each letter of a path of 4,000, it took a fifteenth of a second.
ADDRESS = re.compile(r"(?<![^\s@<>\"'(),;:/])[^\s@<>\"'(),;:/]++@[\w-]+(?:\.[\w-]+)+")
#: What PostgreSQL says of the row: its values, to the end of that error.
DETAIL = re.compile(r"(DETAIL: ).*?(?=\n\n(?:The above|During handling)|\Z)", re.DOTALL)
#: Ids that look like a key or an address, and are neither.
IDS = ("request_id", "message_id")


def keys_in(routes: Iterable[str]) -> set[str]:
    """Return the text directly before a key in these routes, such as "appointments/<str:token>/move/"."""
    argument = re.compile(r"(?:<|\(\?P<|\{)(?:\w+:)?(\w+)[>}]")
    found = set()
    for route in routes:
        for one in argument.finditer(route):
            before = re.split(r"[^\w/-]", route[: one.start()])[-1].strip("^/")
            if one[1] in KEYS and before:
                found.add(before.rpartition("/")[2])
    return found


def register_routes(routes: Iterable[str]) -> None:
    """Blank the keys of these routes from now on. Called by the URLconf with all it has."""
    _before_keys.update(keys_in(routes))
    words = "|".join(sorted(re.escape(word) for word in _before_keys))
    # A key has a digit or a colon: "/appointments/cancel-the-series/" is no key.
    _behind[:] = [re.compile(rf"((?:/|%2F)(?:{words})(?:/|%2F))(?=[^/\s?\"'%]*[\d:])[^/\s?\"'%]{{12,}}")]


def without_keys(text: str) -> str:
    """Return the text with keys of private links, addresses, and what was searched for, blanked."""
    text = _without_addresses(DETAIL.sub(rf"\1{MASK}", text))
    text = SEARCHED_FOR.sub(rf"\1{MASK}", text)
    for behind in _behind:
        text = behind.sub(rf"\1{MASK}", text)
    return KEYLIKE.sub(MASK, SIGNED_NAME.sub(MASK, text))


def _without_addresses(text: str) -> str:
    """Return the text with addresses blanked, also one that follows another in the same word."""
    found = text.count("@")
    while found:
        text, found = ADDRESS.subn(MASK, text)
    return text


def mask_keys(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask the keys of links in every text of a log line, as a structlog processor."""
    for key, value in event.items():
        if isinstance(value, str) and key not in IDS:
            event[key] = without_keys(value)
        elif key == "positional_args" and isinstance(value, tuple):
            event[key] = tuple(without_keys(part) if isinstance(part, str) else part for part in value)
    return event
