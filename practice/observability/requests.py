"""Middleware for the log: one id for each request, and one line for each refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django_structlog.middlewares import RequestMiddleware

from practice.observability import request_id
from practice.security.limits import visitor_key

log = structlog.get_logger(__name__)
Next = Callable[[HttpRequest], HttpResponseBase]
HEADER = "X-Request-ID"
IN_META = "HTTP_X_REQUEST_ID"  # where django-structlog looks for it


class RequestIdMiddleware:
    """A middleware that gives each request one id, for its log lines, the emails it causes, and its answer.

    An id that a request brings is taken only from a proxy of ours, which `deploy/nginx.conf` has write it
    anew: what a stranger chose could make lines of different people look like one.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        brought = request.META.get(IN_META, "") if settings.TRUSTED_PROXY_COUNT else ""
        known_as = brought if request_id.is_well_formed(brought) else request_id.new_id()
        request.META[IN_META] = known_as
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=known_as)
        response = self.get_response(request)
        # django-structlog has forgotten it, and Django has yet to write its line about a refusal or an error.
        structlog.contextvars.bind_contextvars(request_id=known_as)
        response.headers[HEADER] = known_as
        return response


@receiver(request_finished, dispatch_uid="practice.observability: forget")
def forget_request(**more: Any) -> None:
    """Forget the request once its answer has been sent."""
    structlog.contextvars.clear_contextvars()


class LoggedRequestMiddleware(RequestMiddleware):
    """A middleware that names the request in each line, and by its path alone in the line of an error."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the path: behind the path may stand what somebody typed."""
        return f"{request.method} {request.path}"


class RefusalLogMiddleware:
    """A middleware that logs each refusal: 403, 429, and 404 where a stranger must see nothing."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        structlog.contextvars.bind_contextvars(request_id=request.META.get(IN_META, ""))  # it was forgotten
        if response.status_code in (403, 429) or (response.status_code == 404 and is_guarded(request)):
            log_refusal(request, response.status_code)
        return response


def is_guarded(request: HttpRequest) -> bool:
    """Return whether a page is behind sign-in or opened by a link: a 404 there may be a stranger's try."""
    match = request.resolver_match
    if match is None:
        return False
    return bool({"token", "key"} & match.kwargs.keys()) or getattr(match.func, "login_required", True)


def log_refusal(request: HttpRequest, status: int) -> None:
    """Write one line: which page and which row by its number, who by their number, where from as a hash."""
    match = request.resolver_match
    arguments = match.kwargs.values() if match else ()
    log.info(
        "refused",
        status=status,
        method=request.method,
        route=match.view_name if match else None,
        row=" ".join(str(one) for one in arguments if isinstance(one, int | UUID)) or None,
        who=known_user(request),
        place=visitor_key(request),
    )


def known_user(request: HttpRequest) -> int | None:
    """Return the number of who is signed in, if that was asked: a refusal asks the database nothing more."""
    user: Any = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)
