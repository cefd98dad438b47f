"""Template tags about languages, with {% load languages %}.

{% languages %}                       the choice of a language
<h1{% lang_of lesson.title %}>        lang="en" where the title is not in the language of the page
{{ lesson.title|in_its_language }}    the same within a sentence
{% only_in_language_of article.body %}   says once that a long text is only in English
"""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.context import Context
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from practice.core.locales.readers import LANGUAGES, known_language
from practice.in_language import language_of_text
from practice.web.language import CHOSEN, framed_in

register = template.Library()


@dataclass(frozen=True)
class LanguageLink:
    """A language by its own name, with the address of this page in it."""

    code: str
    name: str
    address: str
    is_current: bool


@register.inclusion_tag("includes/languages.html", takes_context=True)
def languages(context: Context) -> dict[str, object]:
    """Return this page in each language: as links, or as a form for people who are signed in.

    There is no choice on the answer to a form: it has no address, and what was typed would be lost.
    """
    request: HttpRequest | None = context.get("request")
    if request is None or request.method != "GET":
        return {"languages": []}
    user = context.get("user")
    current = known_language(translation.get_language() or "")
    links = [LanguageLink(code, name, _address(request, code), code == current) for code, name in LANGUAGES]
    is_account = bool(user and user.is_authenticated)
    return {
        "languages": links,
        "label": _("Language"),
        "here": request.get_full_path(),
        "is_account": is_account,
        "csrf_token": get_token(request) if is_account else "",
    }


def _address(request: HttpRequest, code: str) -> str:
    """Return the address of this page in a language; in a frame, which keeps no cookie, the path names it."""
    query = request.GET.copy()
    query.pop(CHOSEN, None)
    if request.path_info.startswith("/embed/"):
        return f"{framed_in(code, request.path_info)}{'?' if query else ''}{query.urlencode()}"
    query[CHOSEN] = code
    return f"?{query.urlencode()}"


@register.simple_tag
def lang_of(text: object) -> str:
    """Return ` lang="en"` for a text that is not in the language of its page, for screen readers; else ""."""
    return lang_code(_language(text))


@register.simple_tag
def lang_code(code: str) -> str:
    """Return ` lang="…"` unless the code is empty or the page's own language."""
    return format_html(' lang="{}"', code) if code and code != _of_page() else ""


@register.filter
def in_its_language(text: str) -> str:
    """Return a text within a sentence, marked if it is not in the language of its page."""
    mark = lang_of(text)
    return format_html("<span{}>{}</span>", mark, text) if mark else text


@register.simple_tag
def only_in(code: str) -> str:
    """Return a sentence that what follows is only in another language than its page; else ""."""
    if not code or code == _of_page():
        return ""
    said = {
        "en": _("This text is only available in English."),
        "es": _("This text is only available in Spanish."),
    }
    return format_html('<p class="soft small">{}</p>', said[code])


@register.simple_tag
def only_in_language_of(text: object) -> str:
    """Return a sentence that a long text is only in another language than its page; else ""."""
    return only_in(_language(text))


def _language(text: object) -> str:
    """Return the language of a text, or of the text that HTML was made from; "" for nothing."""
    found = getattr(text, "of", text)
    return language_of_text(found) if isinstance(found, str) and found else ""


def _of_page() -> str:
    return known_language(translation.get_language() or "")
