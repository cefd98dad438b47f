"""The texts of this app that can be written in the other language."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from practice.consents.queries import TEXT_LONGEST
from practice.models import Article, ConsentText, Practice, Practitioner
from practice.other_language.registry import TranslatedKind


def _practice() -> QuerySet[Practice]:
    return Practice.objects.all()


def _current_consents() -> QuerySet[ConsentText]:
    newest = ConsentText.objects.filter(kind=OuterRef("kind")).order_by("-version").values("version")[:1]
    return ConsentText.objects.filter(version=Subquery(newest))


def _to(route: str) -> Any:
    return lambda _thing: reverse(route)


def _to_row(route: str) -> Any:
    return lambda thing: reverse(route, args=[thing.pk])


KINDS = (
    TranslatedKind(
        key="words",
        label=_("Your words"),
        rows=_practice,
        fields={
            "headline": _("Headline"),
            "introduction": _("Introduction, below the headline"),
            "standfirst": _("About the practice, in two sentences"),
            "approach_title": _("Your philosophy: heading"),
            "approach": _("Your philosophy, step by step"),
        },
        page=_to("workspace_words"),
        title=lambda _practice: str(_("Your words")),
        markdown=frozenset({"approach"}),
    ),
    TranslatedKind(
        key="policies",
        label=_("Policies"),
        rows=_practice,
        fields={"treatment_consent": _("What clients agree to when booking")},
        page=_to("workspace_policies"),
        title=lambda _practice: str(_("Policies")),
    ),
    TranslatedKind(
        key="consents",
        label=_("Consent forms"),
        rows=_current_consents,
        fields={"text": _("Text for clients to sign")},
        page=_to("workspace_consent"),
        title=lambda text: capfirst(text.get_kind_display()),
        longest=TEXT_LONGEST,
    ),
    TranslatedKind(
        key="articles",
        label=_("Articles"),
        rows=Article.objects.all,
        fields={"title": _("Title"), "standfirst": _("Introduction"), "body": _("Text")},
        page=_to_row("workspace_article"),
        title=str,
        markdown=frozenset({"body"}),
    ),
    TranslatedKind(
        key="people",
        label=_("People"),
        rows=lambda: Practitioner.objects.select_related("user"),
        fields={"bio": _("Introduction, in their own words")},
        page=lambda _person: reverse("workspace_other_language"),
        title=lambda person: person.user.name,
    ),
)
