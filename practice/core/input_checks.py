"""PURE. Checks for text that cannot be kept: NUL (PostgreSQL) and half characters (UTF-8)."""

from __future__ import annotations

import json
from collections.abc import Iterable

NUL = "\x00"


class InvalidInput(Exception):
    """Raised when a part of a request cannot be kept or understood: "sign", "json", "depth" or "number"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def has_invalid_characters(text: str) -> bool:
    """Return whether a text has NUL or a lone surrogate."""
    return NUL in text or any("\ud800" <= sign <= "\udfff" for sign in text)


def check_texts(texts: Iterable[str]) -> None:
    """Raise Broken when one of the texts cannot be kept."""
    if any(has_invalid_characters(text) for text in texts):
        raise InvalidInput("sign")


def check_json(body: bytes) -> None:
    """Raise Broken for a body that is not JSON, is nested too deep, or holds NaN or an unwritable text."""
    try:
        value = json.loads(body, parse_constant=_refuse)
    except RecursionError as error:
        raise InvalidInput("depth") from error
    except ValueError as error:
        raise InvalidInput("json") from error
    check_texts(_texts(value))


def _refuse(name: str) -> None:
    raise InvalidInput("number")


def _texts(value: object) -> Iterable[str]:
    """Yield every text in a JSON value, keys included; without recursion."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += one.keys()
            left += one.values()
        elif isinstance(one, list):
            left += one
