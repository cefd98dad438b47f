"""Builders for tests about letters: a row as `post` would write it, with what matters changed."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from practice.mail.composing.headers import message_id
from practice.mail.kinds import KINDS
from practice.models import Letter

#: Never sent twice, and nobody judges it: the table knows no such kind.
ONCE = "newsletter"

NOON = dt.datetime(2027, 3, 9, 12, 0, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def make_letter(kind: str = "confirmation", **fields: Any) -> Letter:
    """A letter to Ann, due at NOON."""
    key = fields.setdefault("key", f"test:{kind}:{next(_numbers)}")
    return Letter.objects.create(
        **{
            "kind": kind,
            "category": KINDS[kind].category if kind in KINDS else Letter.Category.DIGEST,
            "to_name": "Ann Hale",
            "to_address": "ann@example.com",
            "from_name": "Tess Marlow",
            "reply_to": "hello@juniper.example",
            "subject": "A time for you",
            "text": "Tuesday at nine.\n",
            "html": "<p>Tuesday at nine.</p>",
            "message_id": message_id(key),
            "due_at": NOON,
            **fields,
        }
    )


def minutes(number: float) -> dt.timedelta:
    """So many minutes."""
    return dt.timedelta(minutes=number)
