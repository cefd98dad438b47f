"""Middleware for every answer: clean input, headers, sign-in, staff access, the second factor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponseBase, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from practice.access.pages import SAFE, has_second_factor
from practice.core.input_checks import InvalidInput, check_json, check_texts
from practice.queries import is_demo, one_practice, practice_zone, the_practice
from practice.web.frame_ancestors import framing_sites
from practice.web.language import language_in_frame
from practice.web.request_size import form_texts, is_large, may_upload, refuse_too_large

Next = Callable[[HttpRequest], HttpResponseBase]

# Nothing of the browser's that we do not use. Passkeys are made and asked for by our own pages only.
PERMISSIONS = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)
PROBED = ("/livez", "/healthz", "/metrics")
#: The one file that pages of other sites load: it fits the frame with our booking to its content.
FOR_OTHER_SITES = f"{settings.STATIC_URL}js/embed.js"
# Redirected, a program would go on sending what is private in the clear.
ONLY_HTTPS = _("Please use https for the API. Nothing was done.")
WORDS: dict[str, str | Promise] = {
    "sign": _("It contains a character that we can’t store."),
    "json": _("This is not JSON."),
    "depth": _("This is nested too deeply."),
    "number": _("NaN and Infinity are not valid numbers."),
    "cut": _("The request ended before all of it arrived."),
    "length": _("Please send a Content-Length header. Nothing was read."),
}


class SecurityHeadersMiddleware:
    """A middleware that sets security headers on every answer, except CSP, which django-csp sets."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "signed_out", False):
            response.headers["Clear-Site-Data"] = '"storage"'  # what pages kept in the browser meanwhile
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        elsewhere = request.path_info == FOR_OTHER_SITES
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if elsewhere else "same-origin"
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        return response


def allow_local_probe(request: HttpRequest) -> None:
    """Let a probe on the machine itself use 127.0.0.1 as Host, whatever the site is called."""
    asked = request.META.get("HTTP_HOST", "").rpartition(":")[0] or request.META.get("HTTP_HOST", "")
    if request.path_info in PROBED and asked in settings.LOOPBACK:
        request.META["HTTP_HOST"] = settings.SITE.netloc


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Turn input that no database can hold, and a body that broke off, into a BadRequest with words."""
    try:
        yield
    except InvalidInput as broken:
        raise BadRequest(WORDS[broken.code]) from broken
    except UnreadablePostError as error:
        raise BadRequest(WORDS["cut"]) from error


class InputCheckMiddleware:
    """A middleware that refuses, with 400, input that no database and no email could hold."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        allow_local_probe(request)
        request.get_host()  # an unknown Host is refused here, for static files too
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path_info.startswith("/api/"):
            raise PermissionDenied(ONLY_HTTPS)
        # Django takes a body that comes in chunks for none at all, and a form would blame its fields.
        if request.headers.get("Transfer-Encoding") and not request.META.get("CONTENT_LENGTH"):
            raise BadRequest(WORDS["length"])
        refuse_too_large(request)
        with refused_in_words():
            check_texts(self._texts(request))
            if self._is_json(request) and request.body:
                check_json(request.body)
        return self.get_response(request)

    @staticmethod
    def _is_json(request: HttpRequest) -> bool:
        if request.method in ("GET", "HEAD"):
            return False
        return (request.content_type or "").endswith("json") or request.path_info.startswith("/api/")

    def _texts(self, request: HttpRequest) -> Iterable[str]:
        yield request.path_info
        for name, values in request.GET.lists():
            yield from (name, *values)
        # A quoted cookie may carry NUL as "\000"; a session's key goes to the database.
        for name, value in request.COOKIES.items():
            yield from (name, value)
        yield from (value for name, value in request.META.items() if name.startswith("HTTP_"))
        if request.method == "POST" and not self._is_json(request) and not is_large(request):
            yield from form_texts(request)


class BodySizeMiddleware:
    """A middleware that lets only staff with a second factor send a recording; others are not read.

    After the middleware that knows who asks, before any that reads what was sent.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_large(request):
            if not may_upload(request):
                raise RequestDataTooBig("recordings are sent by staff")
            with refused_in_words():
                check_texts(form_texts(request))
        return self.get_response(request)


class EmbeddedBookingMiddleware:
    """A middleware for booking inside another site's frame: guests only, with addresses of their own.

    Nobody is signed in there, even with a session cookie: what somebody is tricked into clicking in a frame
    can never be done in their name. Only these answers may be framed, by the sites the owner names (by any,
    when none is named); everything else keeps `frame-ancestors 'none'`.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/embed/"):
            return self.get_response(request)
        language = language_in_frame(request.path_info)
        urls: Any = import_string(settings.EMBED_URLS_IN)[language] if language else settings.EMBED_URLCONF
        request.urlconf = urls
        request.embedded = True  # type: ignore[attr-defined]
        request.user = AnonymousUser()
        response = self.get_response(request)
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        sites = framing_sites(the_practice().embed_sites)
        response._csp_replace = {"frame-ancestors": sites}  # type: ignore[attr-defined]
        return response


class NoStoreMiddleware:
    """A middleware that forbids browsers and proxies to keep private pages."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not self._is_private(request):
            return response
        # Audio brings its own (private, no-cache: revalidated by ETag); a page never keeps anything weaker.
        if "Cache-Control" not in response or response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            response.headers["Cache-Control"] = "no-store, private"
        return response

    @staticmethod
    def _is_private(request: HttpRequest) -> bool:
        match = request.resolver_match
        if match and {"token", "key"} & match.kwargs.keys():
            return True
        # Not asking for the user where there is no session keeps public pages free of "Vary: Cookie".
        return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


class StaffAccessMiddleware:
    """A middleware for workspace and back office: signed in, staff (404 for clients), second factor.

    Staff who used no second factor in this session reach only the pages to set one up or to use it, and
    sign-out; all other pages behind sign-in are closed too. Not in the demo, which has no secrets.
    """

    ALWAYS = frozenset({"account_logout", "account_login", "account_reauthenticate"})
    SET_UP = frozenset(
        {
            *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"),
            # Before something is set up, a code by email shows that it is still the same person.
            *("account_request_reauthentication_code", "account_confirm_reauthentication_code"),
        }
    )
    USE = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Return a redirect before the view, or None to let it run."""
        inside = request.path_info.startswith(("/workspace/", f"/{settings.ADMIN_PATH}/"))
        if not inside and not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return self._to_sign_in(request) if inside else None
        if not request.user.is_staff:
            if inside:
                raise Http404
            return None
        return None if has_second_factor(request) or is_demo() else self._to_second_factor(request)

    @staticmethod
    def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
        at_login = request.path_info == f"/{settings.ADMIN_PATH}/login/"
        return redirect_to_login(f"/{settings.ADMIN_PATH}/" if at_login else request.get_full_path())

    def _to_second_factor(self, request: HttpRequest) -> HttpResponseBase | None:
        kinds = set(
            Authenticator.objects.filter(user=request.user)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .values_list("type", flat=True)
        )
        # A second factor that is set up must be used: a thief of the first factor could set up another.
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in self.ALWAYS | (self.USE if kinds else self.SET_UP):
            return None
        page = "mfa_index"
        if kinds:
            page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
        return redirect_to_login(request.get_full_path(), reverse(page))


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """A middleware that requires sign-in unless a view says otherwise; public views read no user.

    Django's own reads the user first, and so puts "Vary: Cookie" on every public answer, free audio too.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Return None to let the view run, or a redirect to sign in."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class PracticeCacheMiddleware:
    """A middleware that reads the practice once for a request that only reads."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE:
            return self.get_response(request)
        with one_practice():
            return self.get_response(request)


class PracticeZoneMiddleware:
    """A middleware that shows and reads times in the back office on the practice's own clock."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(f"/{settings.ADMIN_PATH}/"):
            return self.get_response(request)
        with timezone.override(practice_zone(the_practice())):
            return self.get_response(request)
