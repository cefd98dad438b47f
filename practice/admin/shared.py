"""What several back office pages share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import Field, Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.body import REGIONS


class ReadOnlyAdmin(admin.ModelAdmin):
    """A ledger: to be read and searched, never written by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NamedInLists(admin.ModelAdmin):
    """What can be changed in the list itself says its name: a column's head is no label."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in self.list_editable:
            field.widget.attrs["aria-label"] = field.label
        return field


class DateAndTime(AdminSplitDateTime):
    """Two fields under one label; each says which it is."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (gettext_lazy("Date"), gettext_lazy("Time")), strict=True):
            widget.attrs["aria-label"] = name


class RegionsField(forms.MultipleChoiceField):
    """Body regions as checkboxes, kept as a list of slugs in the order of work."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(choices=[(region.slug, _(region.label)) for region in REGIONS], **kwargs)
