"""Migrations of columns that begin or cease to be encrypted, for rows that exist already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.migrations import RunPython

from practice.security.crypto import Unreadable, decrypt, encrypt

AT_ONCE = 500


def encrypt_column(app: str, model: str, name: str) -> RunPython:
    """Return the migration operation that encrypts a column; its reverse decrypts it again.

    It must run where the model still has a plain text there: rows are read and written as they are. Empty and
    encrypted texts stay, so it may run twice. Only this one column is written: no overlap guard is touched.
    """

    def rewritten(change: Callable[[str], str]) -> Callable[[Any, Any], None]:
        def run(apps: Any, editor: Any) -> None:
            rows = apps.get_model(app, model)._base_manager.using(editor.connection.alias)
            rewrite(rows, name, change)

        return run

    return RunPython(rewritten(encrypted), rewritten(decrypted))


def rewrite(rows: models.Manager[Any], name: str, change: Callable[[str], str]) -> None:
    """Change each text of the column, a window of rows at a time."""
    worded = rows.exclude(**{name: ""}).exclude(**{f"{name}__isnull": True}).order_by("pk")
    last = 0
    while some := list(worded.filter(pk__gt=last).values_list("pk", name)[:AT_ONCE]):
        for pk, text in some:
            if (new := change(text)) != text:
                rows.filter(pk=pk).update(**{name: new})
            last = pk


def encrypted(text: str) -> str:
    """Return the text encrypted under the newest key, unless it is encrypted already."""
    return text if is_encrypted(text) else encrypt(text)


def decrypted(text: str) -> str:
    """Return the decrypted text; a text that nobody can open stays as it is."""
    return decrypt(text) if is_encrypted(text) else text


def is_encrypted(text: str) -> bool:
    """Return whether one of our keys opens the text."""
    try:
        decrypt(text)
    except Unreadable:
        return False
    return True
