"""Encrypt everything again under the newest of FIELD_KEYS, so that an old key can be retired.

Safe to break off, to repeat, and to run while the portal runs: what is under the newest key already is left
alone, and a text that somebody changed meanwhile is not written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, TextField, Value

from practice.append_only import guard
from practice.append_only.door import Why, open_door
from practice.models.encrypted import EncryptedTextField
from practice.security.crypto import Unreadable, rotate, under_newest_key
from practice.security.reencrypt import is_encrypted

AT_ONCE = 500


@dataclass
class RotationResult:
    """The result for one column: how many texts were encrypted again, were so already, or are lost."""

    column: str
    anew: int = 0
    already: int = 0
    lost: int = 0


def columns() -> list[tuple[type[models.Model], str]]:
    """Return every encrypted column, as (model, field's name)."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]


def rotate_all(say: Callable[[RotationResult], None]) -> list[RotationResult]:
    """Encrypt all columns and the secrets of authenticator apps again; call `say` after each."""
    found = []
    for model, name in columns():
        found.append(_rotate_column(model, name))
        say(found[-1])
    found.append(_rotate_authenticators())
    say(found[-1])
    return found


def _rotate_column(model: type[models.Model], name: str) -> RotationResult:
    done = RotationResult(f"{model._meta.label}.{name}")
    # As the text stands in the database: read through the field itself, it would be opened.
    rows = model._base_manager.annotate(as_it_rests=ExpressionWrapper(F(name), output_field=TextField()))
    rows = rows.exclude(as_it_rests__isnull=True).exclude(as_it_rests="").order_by("pk")
    for window in _windows(rows):
        anew = [(pk, sealed, again) for pk, sealed in window if (again := _again(sealed, done))]
        # Of rows that are only added, the words stay: only what locks them is another.
        with open_door(Why.KEYS) if anew and guard.is_guarded(model) else nullcontext():
            for pk, sealed, again in anew:
                unchanged = rows.order_by().filter(pk=pk, as_it_rests=sealed)
                done.anew += unchanged.update(**{name: Value(again, output_field=TextField())})
    return done


def _again(sealed: str, done: RotationResult) -> str:
    """Return the text under the newest key; "" where it is so already, or where no key opens it."""
    if under_newest_key(sealed):
        done.already += 1
        return ""
    try:
        return rotate(sealed)
    except Unreadable:
        done.lost += 1
        return ""


def _windows(rows: models.QuerySet[Any]) -> Iterator[list[tuple[Any, str]]]:
    window = rows
    while some := list(window.values_list("pk", "as_it_rests")[:AT_ONCE]):
        yield some
        window = rows.filter(pk__gt=some[-1][0])


def _rotate_authenticators() -> RotationResult:
    """Rotate the secrets inside `Authenticator.data`, which allauth keeps as JSON."""
    done = RotationResult("mfa.Authenticator.data")
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is not None:
                before, row.data = row.data, _inside(row.data, done)
                if row.data != before:
                    row.save(update_fields=["data"])
    return done


def _inside(value: Any, done: RotationResult) -> Any:
    if isinstance(value, dict):
        return {key: _inside(one, done) for key, one in value.items()}
    if isinstance(value, list):
        return [_inside(one, done) for one in value]
    if not isinstance(value, str) or not is_encrypted(value):
        return value
    if under_newest_key(value):
        done.already += 1
        return value
    done.anew += 1
    return rotate(value)
