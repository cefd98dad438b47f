"""Who may open what. A stranger is told nothing: 404, as if the page were not there."""

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
    """The person at work, or Http404. (An anonymous visitor was sent to sign in before any view.)"""
    return _require(request.user, lambda user: user.is_staff)


def require_owner(request: HttpRequest) -> User:
    """The owner, or Http404."""
    return _require(request.user, lambda user: user.is_superuser)


def _require(user: User | AnonymousUser, may: Callable[[User], bool]) -> User:
    if not isinstance(user, User) or not may(user):
        raise Http404
    return user


def staff_only(view: View[P, Answer]) -> View[P, Answer]:
    """For pages of the workspace: owner, practitioners, front desk; 404 for everybody else."""
    return _guarded(view, require_staff)


def owner_only(view: View[P, Answer]) -> View[P, Answer]:
    """For pages of the owner; 404 for everybody else."""
    return _guarded(view, require_owner)


def _guarded(view: View[P, Answer], require: Callable[[HttpRequest], User]) -> View[P, Answer]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        require(request)
        return view(request, *args, **kwargs)

    return guarded


def proved(request: HttpRequest) -> bool:
    """Whether this session used a second factor (or a passkey, which is two in one) for its user."""
    return request.session.get(SECOND_FACTOR) == str(request.user.pk)


def prove(request: HttpRequest, user: User) -> None:
    """Note in the session that `user` used a second factor in it."""
    request.session[SECOND_FACTOR] = str(user.pk)


def unprove(request: HttpRequest) -> None:
    """Forget that a second factor was used."""
    request.session.pop(SECOND_FACTOR, None)


def origin_checked(view: View[P, Answer]) -> View[P, Answer]:
    """For public forms that set no cookie: a POST must come from a page of ours, by its Origin (or Referer).

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
    """Whether the browser says that a page of this site (SITE_URL, or the host asked) sent the request."""
    said = request.headers.get("origin") or request.headers.get("referer") or ""
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" in {
        settings.SITE_URL,
        f"{request.scheme}://{request.get_host()}",
    }
