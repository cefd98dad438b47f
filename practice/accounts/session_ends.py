"""Automatic sign-out of staff, since a front desk's computer is shared.

Staff sign in anew twelve hours after they signed in, and after an hour in which they opened no page; with the
session ends what their second factor proved. Clients stay signed in for SESSION_COOKIE_AGE (thirty days).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from practice.access.pages import SIGNED_IN_AT

LASTS = 12 * 3600  # seconds
IDLE = 3600  # seconds
NOTED_EVERY = 60  # seconds: not each page writes the session
SEEN_AT = "seen_at"
#: Sent by a page that asks by itself, with nobody at it: that is no use of the session.
UNATTENDED = "X-Unattended"


class StaffSessionMiddleware:
    """A middleware that ends staff sessions that are over, and notes that the others are in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_of_staff(request):
            if has_ended(request.session, now=time.time()):
                logout(request)
                messages.info(
                    request,
                    _("You were signed out after a while, to keep your account safe. Please sign in again."),
                )
            elif UNATTENDED not in request.headers:
                note_activity(request.session, now=time.time())
        return self.get_response(request)


def is_of_staff(request: HttpRequest) -> bool:
    """Return whether staff ask; reads no user where no session was sent, or in another site's frame."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path_info.startswith("/embed/"):
        return False
    return request.user.is_authenticated and request.user.is_staff


def has_ended(session: SessionBase, *, now: float) -> bool:
    """Return whether a session lasted or was idle too long, or does not say when it began."""
    began = session.get(SIGNED_IN_AT, 0)
    return now - began >= LASTS or now - session.get(SEEN_AT, began) >= IDLE


def note_activity(session: SessionBase, *, now: float) -> None:
    """Keep in the session that it is in use."""
    if now - session.get(SEEN_AT, session[SIGNED_IN_AT]) >= NOTED_EVERY:
        session[SEEN_AT] = now


def renew_key(request: HttpRequest) -> None:
    """Give the session another key, which ends access for anybody who knew the old one."""
    old = request.session.session_key
    request.session.cycle_key()
    # "Where you are signed in" knows sessions by their keys.
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)
