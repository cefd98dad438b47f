"""What several back office pages share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from practice.body import REGIONS


class ReadOnlyAdmin(admin.ModelAdmin):
    """A ledger: to be read and searched, never written by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RegionsField(forms.MultipleChoiceField):
    """Body regions as checkboxes, kept as a list of slugs in the order of work."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(choices=[(region.slug, _(region.label)) for region in REGIONS], **kwargs)
