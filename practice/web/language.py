"""The language of an answer: chosen on the page, kept on the account, or asked for by the browser.

A visitor's browser says which languages it reads; a link at the foot of a page chooses another, and a
cookie keeps that choice. An account has a language, which its emails use too: it rules behind the sign-in,
and the cookie follows it. Booking inside another site's frame has no cookies:
there the site that shows it can name the language in the address (/embed/es/book/).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page

from practice.core.locales.readers import CODES, known_language
from practice.core.plain_text import with_one_period
from practice.in_language import note_facts
from practice.shipped_texts import as_written

CHOSEN = "lang"  # in an address
YEAR = 60 * 60 * 24 * 365
Next = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def language_in_frame(path: str) -> str:
    """Return the language that an address inside a frame names; "" for none."""
    parts = path.split("/", 3)
    return parts[2] if parts[1:2] == ["embed"] and len(parts) > 3 and parts[2] in CODES else ""


def framed_in(language: str, path: str) -> str:
    """Return the address inside a frame that names this language, in place of another or of none."""
    named = language_in_frame(path)
    return f"/embed/{language}/{path.removeprefix(f'/embed/{named}/' if named else '/embed/')}"


def remember(request: HttpRequest, language: str) -> None:
    """Have the answer keep the account's language in this browser, for the pages that read no account."""
    request.account_language = language  # type: ignore[attr-defined]


def end_sentences(response: HttpResponseBase) -> None:
    """Leave one period where a sentence of a page ends with a Spanish time ("4:22 p.m.").

    Not in what is sent in pieces, nor in what is compressed: see `compressed`.
    """
    if not isinstance(response, HttpResponse) or "Content-Encoding" in response.headers:
        return
    page = response.content.decode(response.charset)
    if (tidied := with_one_period(page)) != page:
        response.content = tidied
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))


def compressed(view: View) -> View:
    """Decorate a view whose page is compressed, and can be read no more once it has left the view."""

    @wraps(view)
    def tidied(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        end_sentences(response)
        return response

    return gzip_page(tidied)


class LanguageMiddleware:
    """A middleware that answers in the reader's language."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        note_facts(None)
        chosen = request.GET.get(CHOSEN, "")
        named = language_in_frame(request.path_info) or (chosen if chosen in CODES else "")
        usual = known_language(translation.get_language_from_request(request))
        language = named or usual
        original = self._is_work(request) or self._asks_no_language(request)
        with translation.override(language), as_written() if original else nullcontext():
            response = self.get_response(request)
        kept = getattr(request, "account_language", named)
        if kept and kept != usual and not self._framed(request):
            self._keep(response, kept)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Content-Language"] = getattr(request, "account_language", language)
            end_sentences(response)
            patch_vary_headers(response, ["Accept-Language", "Cookie"])  # a cookie may have chosen it
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Behind the sign-in the account's language rules; public pages read no user."""
        if (
            getattr(view, "login_required", True)
            and not self._framed(request)
            and request.user.is_authenticated
        ):
            language = known_language(request.user.language)
            remember(request, language)
            translation.activate(language)

    @staticmethod
    def _is_work(request: HttpRequest) -> bool:
        """Return whether the page is one of the workspace or the back office."""
        return request.path_info.startswith(("/workspace/", f"/{settings.ADMIN_PATH}/"))

    @staticmethod
    def _asks_no_language(request: HttpRequest) -> bool:
        """Return whether the API is asked without a language: it gives the texts as they were written."""
        asked = request.headers.get("Accept-Language") or CHOSEN in request.GET
        return request.path_info.startswith("/api/") and not asked

    @staticmethod
    def _framed(request: HttpRequest) -> bool:
        return request.path_info.startswith("/embed/")

    @staticmethod
    def _keep(response: HttpResponseBase, language: str) -> None:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
