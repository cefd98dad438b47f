"""Back office of articles: written in Markdown, shown once their day has come."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import DateTimeField, Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from practice.admin.shared import (
    LabeledListAdmin,
    MonthFilter,
    OwnRowsAdmin,
    RegionsField,
    SplitDateTimeWidget,
)
from practice.models import Article


class ArticleForm(forms.ModelForm):
    """The form of an article: regions as checkboxes, room to write."""

    regions = RegionsField(label=_("Body regions"))

    class Meta:
        model = Article
        fields = (
            *("title", "slug", "standfirst", "body", "regions", "author", "art", "published_at", "order"),
            "is_doctors_page",
        )
        widgets = {"body": forms.Textarea(attrs={"rows": 28, "cols": 90})}


@admin.register(Article)
class ArticleAdmin(LabeledListAdmin):
    """The admin of articles."""

    form = ArticleForm
    list_display = ("title", "author", "published_at", "order")
    list_editable = ("order",)
    formfield_overrides = {
        **OwnRowsAdmin.formfield_overrides,
        DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": SplitDateTimeWidget},
    }
    list_filter = ("author", ("published_at", MonthFilter))
    whose = ("author",)
    search_fields = ("title", "standfirst", "body")
    prepopulated_fields = {"slug": ("title",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the doctor's page's mark for those who change only their own articles."""
        return () if self.changes_all(request) else ("is_doctors_page",)
