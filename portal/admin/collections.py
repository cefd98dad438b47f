"""Admin pages of collections: which lessons belong together, and in which order."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db import models

from portal.models import Collection, CollectionLesson
from practice.admin.shared import LabeledListAdmin


class PlaceInline(admin.TabularInline):
    """The lessons of a collection, each with its place."""

    model = CollectionLesson
    extra = 3
    fields = ("lesson", "order")


@admin.register(Collection)
class CollectionAdmin(LabeledListAdmin):
    """The admin of collections. Deleting one leaves its lessons."""

    list_display = ("name", "is_published", "order")
    list_editable = ("is_published", "order")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "text", "is_published", "order")
    formfield_overrides = {
        **LabeledListAdmin.formfield_overrides,
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 90})},
    }
    inlines = (PlaceInline,)
