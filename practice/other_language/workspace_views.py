"""The pages of texts in the other language: what is missing, and the texts of one thing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practice.access import rows
from practice.access.pages import require_owner, require_staff, staff_only
from practice.articles.markdown import render as markdown
from practice.models import User
from practice.other_language import actions, wording
from practice.other_language.forms import TranslationsForm
from practice.other_language.queries import (
    changed_by,
    incomplete,
    things_of,
    translatable,
    writes_in,
)
from practice.other_language.registry import TranslatedKind, kind_named
from practice.queries import the_practice


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def other_language(request: HttpRequest) -> HttpResponse:
    """List what is not in the other language yet; the owner begins and stops writing in it here."""
    user = _translator(request)
    if request.method == "POST":
        require_owner(request)
        if request.POST.get("do") == "begin":
            actions.begin_other_language()
        elif request.POST.get("do") == "stop":
            actions.stop_other_language()
        return redirect("workspace_other_language")
    practice = the_practice()
    language = writes_in(practice)
    found = things_of(user, language) if practice.translations else []
    groups: dict[str, list[Any]] = {}
    for one in incomplete(found):
        groups.setdefault(str(one.kind.label), []).append(one)
    complete = [one for one in found if not (one.missing or one.changed)]
    page = {"groups": groups.items(), "complete": complete, "is_on": bool(practice.translations)}
    return render(request, "workspace/other_language.html", {**page, **_words(language)})


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def other_texts(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Show the texts of one thing beside their originals, preview them, or save them."""
    user, kind = _translator(request), kind_named(key)
    thing = changed_by(user, kind).filter(pk=pk).first() if kind else None
    if kind is None or thing is None:
        raise Http404
    if not the_practice().translations:
        return redirect("workspace_other_language")
    language = writes_in(the_practice())
    sent = request.POST if request.method == "POST" else None
    form = TranslationsForm(sent, translatable(kind, thing, language), language)
    if form.is_bound and form.is_valid() and request.POST.get("do") != "preview":
        if _save(kind, pk, form):
            messages.success(request, _("Saved."))
            return redirect("workspace_other_texts", key, pk)
        form.add_error(
            None,
            _(
                "Someone else changed these texts while this page was open. What you typed is below. "
                "Save again to replace their change, or reload the page to see it."
            ),
        )
    shown = [
        (one, field, of, markdown(str(field.value() or "")) if form.is_bound and one.is_markdown else "")
        for one, field, of in form.pairs
    ]
    page = {"form": form, "shown": shown, "found": form.found, "back": kind.page(thing)}
    status = 422 if form.errors else 200
    return render(request, "workspace/other_texts.html", {**page, **_words(language)}, status=status)


def _save(kind: TranslatedKind, pk: int, form: TranslationsForm) -> bool:
    """Return whether the texts were saved, and not changed by someone else. Raises Http404."""
    seen, language = form.cleaned_data["seen"], form.language
    try:
        actions.save_translations(kind, pk, form.sent, language=language, seen=seen, now=timezone.now())
    except actions.ChangedSince as error:
        form.show_again(error.now)
        return False
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return True


def _translator(request: HttpRequest) -> User:
    """Return the person if their role writes texts for clients. Raises Http404 for all others."""
    user = require_staff(request)
    if not rows.may(user, "teaching", "change"):
        raise Http404
    return user


def _words(language: str) -> dict[str, Any]:
    """Return what the pages say about this language."""
    return {
        "other": language,
        "heading": wording.HEADINGS[language],
        "why": wording.WHY[language],
        "begin": wording.BEGIN[language],
        "stop": wording.STOP[language],
        "missing": wording.MISSING[language],
        "none_missing": wording.NONE_MISSING[language],
        "empty": wording.EMPTY[language],
        "original": wording.ORIGINALS[language],
        "everything": wording.EVERYTHING[language],
    }
