"""A column that begins, or ceases, to rest encrypted: for the migrations of rows that stand already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.migrations import RunPython

from practice.security.crypto import Unreadable, decrypt, encrypt

AT_ONCE = 500


def seal(app: str, model: str, name: str) -> RunPython:
    """The operation that seals what stands in a column; its way back puts it in the clear again.

    It goes where the model still has a plain text there: rows are read and written as they stand. Empty and
    sealed texts stay, so it may run twice. Nothing but this one column is written: no guard is touched.
    """

    def rewritten(change: Callable[[str], str]) -> Callable[[Any, Any], None]:
        def run(apps: Any, editor: Any) -> None:
            rows = apps.get_model(app, model)._base_manager.using(editor.connection.alias)
            rewrite(rows, name, change)

        return run

    return RunPython(rewritten(sealed), rewritten(opened))


def rewrite(rows: models.Manager[Any], name: str, change: Callable[[str], str]) -> None:
    """Each text of the column anew, a window of rows at a time."""
    worded = rows.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True}).order_by("pk")
    last = 0
    while some := list(worded.filter(pk__gt=last).values_list("pk", name)[:AT_ONCE]):
        for pk, text in some:
            if (new := change(text)) != text:
                rows.filter(pk=pk).update(**{name: new})
            last = pk


def sealed(text: str) -> str:
    """Under the newest key, if it is not under one already."""
    return text if is_sealed(text) else encrypt(text)


def opened(text: str) -> str:
    """In the clear. What nobody can open stays as it is."""
    return decrypt(text) if is_sealed(text) else text


def is_sealed(text: str) -> bool:
    """Whether one of our keys opens it."""
    try:
        decrypt(text)
    except Unreadable:
        return False
    return True
