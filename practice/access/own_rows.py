"""Filters that say which rows of `practice` are somebody's own, for `practice/access/rows.py`."""

from __future__ import annotations

from practice.access import rows
from practice.models import AddressChange, Article, Practitioner


def register() -> None:
    """Register the filters. Called once, when the app is ready."""
    rows.register(Practitioner, rows.owned_by("user"))
    rows.register(Article, rows.owned_by("author__user"))
    rows.register(AddressChange, rows.owned_by("user"))
