"""Columns whose texts are read in the reader's language, and saved as they were written."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from practice.core.locales.shipped_pages import written
from practice.in_language import in_language


class InReadersLanguage(DeferredAttribute):
    """The attribute of such a column."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        found = super().__get__(instance, cls)
        if instance is None or not isinstance(found, str):
            return found
        field: Any = self.field
        place = (instance._meta.label_lower, instance.pk, field.name) if instance.pk else None
        return in_language(found, place, only_if_current=field.only_if_current)

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Keep it. Without this, Python would not ask `__get__` for what a row holds already."""
        instance.__dict__[self.field.attname] = value


class _Readers(models.Field):
    """What both kinds of column share. To migrations they are Django's own.

    `only_if_current`: a translation of an earlier wording is not shown, since clients agree to these words.
    """

    descriptor_class = InReadersLanguage

    def __init__(self, *args: Any, only_if_current: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_if_current = only_if_current

    def get_prep_value(self, value: Any) -> Any:
        """Return the text as it was written, for the database."""
        return super().get_prep_value(written(value) if isinstance(value, str) else value)

    def value_from_object(self, obj: models.Model) -> Any:
        """Return the text as it was written, for forms."""
        found = super().value_from_object(obj)
        return written(found) if isinstance(found, str) else found

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Return what migrations know of it."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs


class ReadersCharField(_Readers, models.CharField):
    """A short text."""

    def get_internal_type(self) -> str:
        """Return the kind of column."""
        return "CharField"


class ReadersTextField(_Readers, models.TextField):
    """A long text."""

    def get_internal_type(self) -> str:
        """Return the kind of column."""
        return "TextField"
