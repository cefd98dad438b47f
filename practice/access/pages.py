"""Decorators and checks that decide who may open a page. A stranger gets 404, as if it were not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from practice.models import User

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], Answer]
SAFE = {"GET", "HEAD", "OPTIONS"}
SECOND_FACTOR = "second_factor"
SIGNED_IN_AT = "signed_in_at"  # in a session: seconds since 1970


def require_staff(request: HttpRequest) -> User:
    """Return the staff member who asks, or raise Http404 (anonymous visitors were sent to sign in before)."""
    return _require(request.user, lambda user: user.is_staff)


def require_owner(request: HttpRequest) -> User:
    """Return the signed-in owner, or raise Http404."""
    return _require(request.user, lambda user: user.is_superuser)


def _require(user: User | AnonymousUser, may: Callable[[User], bool]) -> User:
    if not isinstance(user, User) or not may(user):
        raise Http404
    return user


def staff_only(view: View[P, Answer]) -> View[P, Answer]:
    """Decorate a page of the workspace: for owner, practitioners and front desk; 404 for everybody else."""
    return _guarded(view, require_staff)


def owner_only(view: View[P, Answer]) -> View[P, Answer]:
    """Decorate a page of the owner; 404 for everybody else."""
    return _guarded(view, require_owner)


def _guarded(view: View[P, Answer], require: Callable[[HttpRequest], User]) -> View[P, Answer]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        require(request)
        return view(request, *args, **kwargs)

    return guarded


def has_second_factor(request: HttpRequest) -> bool:
    """Return whether this session used a second factor (or a passkey, which counts as two) for its user."""
    return request.session.get(SECOND_FACTOR) == str(request.user.pk)


def mark_second_factor(request: HttpRequest, user: User) -> None:
    """Note in the session that `user` used a second factor in it."""
    request.session[SECOND_FACTOR] = str(user.pk)


def clear_second_factor(request: HttpRequest) -> None:
    """Forget that a second factor was used."""
    request.session.pop(SECOND_FACTOR, None)


def origin_checked(view: View[P, Answer]) -> View[P, Answer]:
    """Decorate a public form without cookies: a POST must come from our own page, by its Origin or Referer.

    Browsers write both themselves; another site's page cannot. So no CSRF cookie is needed where nobody is
    signed in, and a page can be read without any. Others: 403.
    """

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        if request.method not in SAFE and not from_our_page(request):
            raise PermissionDenied(
                _("This form did not come from our site. Please reload the page and try again.")
            )
        return view(request, *args, **kwargs)

    return checked


def from_our_page(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this site (SITE_URL, or the requested host) sent it."""
    said = request.headers.get("origin") or request.headers.get("referer") or ""
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" in {
        settings.SITE_URL,
        f"{request.scheme}://{request.get_host()}",
    }
