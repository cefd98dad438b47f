"""The form of an article in the workspace, and who may open it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from practice.access import rows
from practice.core.body import REGIONS
from practice.models import Article, Practitioner, User

LONGEST_SLUG = 50


class ArticleForm(forms.ModelForm):
    """The form of an article: title, text, regions, drawing, and whether visitors can read it.

    Its web address is made from the first title and stays when the title changes: links to it keep working.
    """

    use_required_attribute = False
    regions = forms.MultipleChoiceField(
        label=_("Body regions"),
        required=False,
        choices=[(one.slug, _(one.label)) for one in REGIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    author = forms.ModelChoiceField(
        Practitioner.objects.select_related("user"),
        label=_("Written by"),
        required=False,
        empty_label=_("The practice"),
    )
    art = forms.ChoiceField(
        label=_("Drawing"),
        required=False,
        choices=[("", _("No drawing")), *((one, one.capitalize()) for one, _name in Article.ART)],
    )
    is_published = forms.BooleanField(label=_("Visitors can read it"), required=False)

    class Meta:
        model = Article
        fields = ("title", "standfirst", "body", "regions", "author", "art")
        widgets = {"standfirst": forms.Textarea({"rows": 3}), "body": forms.Textarea({"rows": 18})}
        labels = {
            "title": _("Title"),
            "standfirst": _("Introduction"),
            "body": _("Text"),
        }
        help_texts = {
            "body": _("A line like “## Rest” is a heading, and “[words](/book/)” is a link."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_published"].initial = self.instance.published_at is not None

    def clean(self) -> dict[str, Any]:
        """Give a new article its web address, so that it can be previewed too."""
        found = super().clean() or {}
        if not self.instance.slug:
            self.instance.slug = free_slug(found.get("title", ""))
        return found

    def save_at(self, now: dt.datetime) -> Article:
        """Save the article and return it. It keeps its first day of publication."""
        article: Article = self.instance
        if not self.cleaned_data["is_published"]:
            article.published_at = None
        elif article.published_at is None:
            article.published_at = now
        article.save()
        return article


def free_slug(title: str) -> str:
    """Return a web address made from a title that no article has yet."""
    base = slugify(title)[: LONGEST_SLUG - 5].strip("-") or "article"
    taken = set(Article.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(name for number in range(2, len(taken) + 3) if (name := f"{base}-{number}") not in taken)


def article_form(user: User, pk: int | None, data: Any = None) -> ArticleForm:
    """Return the form of a new or an old article, for those who may change it. Raises Http404 else.

    Those who change only their own articles write as themselves.
    """
    if not rows.may(user, "articles", "change"):
        raise Http404
    own = Practitioner.objects.filter(user=user).first()
    article = Article(author=own)
    if pk is not None:
        found = rows.for_person(user, Article.objects.all(), "change").filter(pk=pk).first()
        if found is None:
            raise Http404
        article = found
    form = ArticleForm(data, instance=article)
    if not rows.may_all(user, "articles", "change"):
        if own is None:
            raise Http404
        del form.fields["author"]
    return form
