"""Error answers in our words: a page for people; JSON for programs, under /api/ and on request."""

from __future__ import annotations

import errno
import sys

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from practice.models import User
from practice.storage.errors import StorageAway

log = structlog.get_logger(__name__)
CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    413: "large",
    429: "too_many",
    500: "our_mistake",
    503: "away",
}
JSON = "application/json"
CLIENTS_PAGES = "/portal/"


def _sentence(status: int) -> str:
    return {
        400: _("We couldn’t read this request."),
        403: _("You don’t have permission to do this."),
        404: _("There is nothing at this address."),
        413: _("This is too large. Nothing was saved."),
        429: _("Too many tries in a short time. Please wait a little."),
        500: _("Something went wrong on our side. The error has been logged so we can fix it."),
        503: _("We’re having trouble right now. Please try again in a minute or two."),
    }[status]


def refuse(request: HttpRequest, status: int, *, message: str = "", template: str = "") -> HttpResponse:
    """Return the answer of this status: `templates/<status>.html`, or JSON for a program.

    The page is made without the request where the request itself is what is wrong (its Host, its session).
    """
    if wants_json(request):
        error = {"code": CODES[status], "message": message or _sentence(status)}
        return JsonResponse({"error": error}, status=status)
    sound = request if hasattr(request, "user") and status < 500 else None
    page = render_to_string(template or f"{status}.html", {"message": message}, request=sound)
    return HttpResponse(page, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Return whether a program asks: under /api/, by what it accepts, or by what it sends."""
    accepts = request.headers.get("accept", "")
    return (
        request.path_info.startswith("/api/")
        or (JSON in accepts and "text/html" not in accepts)
        or request.content_type == JSON
    )


def said(exception: Exception | None, kind: type[Exception]) -> str:
    """Return the message of an exception of ours; none of others, which may tell too much."""
    return str(exception) if type(exception) is kind else ""


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400; 413 for a body larger than any form of ours."""
    if isinstance(exception, RequestDataTooBig):
        return refuse(request, 413, template="400.html", message=_sentence(413))
    return refuse(request, 400, message=said(exception, BadRequest))


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return refuse(request, 403, message=said(exception, PermissionDenied))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form whose token was missing or stale."""
    # Behind the dash stands what the request said of itself.
    log.info("form refused", why=reason.partition(" - ")[0].rstrip("."))
    return refuse(request, 403, template="403_csrf.html")


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404; to signed-in clients on their pages, that it may be for somebody else.

    The same whether the page exists or not, and whosever it is.
    """
    user = getattr(request, "user", None)
    if request.path_info.startswith(CLIENTS_PAGES) and isinstance(user, User) and not user.is_staff:
        return refuse(request, 404, template="404_signed_in.html")
    return refuse(request, 404)


def too_many(
    request: HttpRequest, exception: Exception | None = None, message: str = "", wait: int = 300
) -> HttpResponse:
    """Answer 429, for allauth's limits too. `wait`: seconds until it may be tried again."""
    response = refuse(request, 429, message=message)
    response.headers["Retry-After"] = str(wait)
    return response


def is_passing(error: BaseException | None) -> bool:
    """Return whether an error is of the machine and passes: no database, room or bucket, nothing writable."""
    if isinstance(error, StorageAway):
        return True
    if isinstance(error, InternalError):  # what PostgreSQL's read-only transactions raise
        return "read-only" in str(error)
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return isinstance(error, OperationalError | InterfaceError)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 while database or disk take nothing; ask neither database nor session."""
    status = 503 if is_passing(sys.exc_info()[1]) else 500
    try:
        response = refuse(request, status)
    except Exception:  # noqa: BLE001  the last words must not fail
        response = HttpResponse(_sentence(status), status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response
