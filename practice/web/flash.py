"""The cookie that carries a sentence such as "You are signed out" to the next page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """Django's cookie storage, under a name that binds it to this host where the site is on https."""

    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Flash(FallbackStorage):
    """A message storage in a cookie, and in the session for messages too long for one."""

    storage_classes = (HostCookie, SessionStorage)
