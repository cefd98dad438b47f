"""Checks of `manage.py check` about the settings, each with a stable id and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError
from django.utils import timezone

from practice.health import zone_data_age
from practice.mail.composing.headers import chosen_address
from practice.queries import the_practice
from practice.security.crypto import keys_beside_the_database

Found = list[CheckMessage]


def cookies_follow_scheme(app_configs: Any = None, **more: Any) -> Found:
    """Check (E001) that on https the cookies are Secure and bound to the host, and on http neither."""
    secure = settings.SITE_URL.startswith("https://")
    cookies = {
        "SESSION_COOKIE_NAME": (settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE),
        "CSRF_COOKIE_NAME": (settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE),
    }
    return [
        Error(
            f"{name} does not follow the scheme of SITE_URL ({settings.SITE_URL}).",
            hint="With https: a name that begins with __Host-, and Secure; with http: neither.",
            id="practice.E001",
        )
        for name, (value, flag) in cookies.items()
        if not (value.startswith("__Host-") == flag == secure)
    ]


def cache_is_shared(app_configs: Any = None, **more: Any) -> Found:
    """Check (E002) that the cache is shared: limits counted per process allow as many tries per process."""
    backend = str(settings.CACHES["default"]["BACKEND"])
    if backend.rsplit(".", 1)[-1] not in ("LocMemCache", "DummyCache"):
        return []
    return [
        Error(
            "The cache is not shared by the web processes: sign-in limits would count per process.",
            hint="Use DatabaseCache (as shipped) or RedisCache in CACHES['default'].",
            id="practice.E002",
        )
    ]


def policy_is_strict(app_configs: Any = None, **more: Any) -> Found:
    """Check (E003) that the Content Security Policy has no unsafe word, since one undoes it."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = sorted(
        name
        for name, sources in directives.items()
        if isinstance(sources, list | tuple) and {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(sources)
    )
    return [
        Error(
            f"The content security policy is unsafe in {name}.",
            hint="Move the script or style to a file of its own under static/.",
            id="practice.E003",
        )
        for name in loose
    ]


def closed_by_default(app_configs: Any = None, **more: Any) -> Found:
    """Check (E004) that the middlewares that keep strangers out are all installed."""
    needed = (
        "practice.web.middleware.SecurityHeadersMiddleware",
        "practice.web.middleware.InputCheckMiddleware",
        "practice.web.middleware.BodySizeMiddleware",
        "practice.web.middleware.SignInRequiredMiddleware",
        "practice.web.middleware.NoStoreMiddleware",
        "practice.web.middleware.StaffAccessMiddleware",
        "practice.accounts.session_ends.StaffSessionMiddleware",
    )
    return [
        Error(f"{name} is missing in MIDDLEWARE.", hint="Put it back in its place.", id="practice.E004")
        for name in needed
        if name not in settings.MIDDLEWARE
    ]


def behind_a_proxy(app_configs: Any = None, **more: Any) -> Found:
    """Check (W001) that https has a proxy that says so; else redirects never end."""
    if settings.SITE_URL.startswith("https://") and not settings.TRUSTED_PROXY_COUNT and not settings.DEBUG:
        return [
            Warning(
                "SITE_URL says https, but TRUSTED_PROXY_COUNT is 0, so no request counts as https.",
                hint="Set TRUSTED_PROXY_COUNT=1 behind one proxy that sets X-Forwarded-Proto and -For.",
                id="practice.W001",
            )
        ]
    return []


def limits_and_errors_are_for_the_web(app_configs: Any = None, **more: Any) -> Found:
    """Check (W004, W005) that debugging is off and limits are on at a public address."""
    if not settings.SITE_URL.startswith("https://"):
        return []
    found: Found = []
    if settings.DEBUG:
        found.append(
            Warning(
                "DEBUG is on at a public address: errors show code and settings to visitors.",
                hint="Unset DEBUG.",
                id="practice.W004",
            )
        )
    if not settings.RATE_LIMITS:
        found.append(
            Warning(
                "RATE_LIMITS is off at a public address: passwords and codes can be guessed without limit.",
                hint="Unset RATE_LIMITS; it is for measurements.",
                id="practice.W005",
            )
        )
    return found


def keys_lie_apart(app_configs: Any = None, **more: Any) -> Found:
    """Check (W003) that a copy of the folder with the database does not hold the keys too."""
    beside, keys = keys_beside_the_database(), settings.KEYS_DIR
    if not beside:
        return []
    apart = settings.VAR_DIR not in (keys, *keys.parents)
    return [
        Warning(
            f"The keys are in {settings.VAR_DIR}, with the database: a copy can be read.",
            hint=f"Stop the portal, then: mkdir -m 700 -p {keys} && mv {' '.join(beside)} {keys}/"
            if apart
            else "Set KEYS_DIR to a folder outside VAR_DIR.",
            id="practice.W003",
        )
    ]


def demo_is_local(app_configs: Any = None, **more: Any) -> Found:
    """Check (W002) that the demo, which asks for no second factor, is local."""
    if settings.DEMO and settings.SITE_URL.startswith("https://"):
        return [
            Warning(
                "DEMO is on at a public address: no one is asked for a second factor.",
                hint="Unset DEMO where real people are treated.",
                id="practice.W002",
            )
        ]
    return []


def zone_data_is_fresh(app_configs: Any = None, databases: Sequence[str] | None = None, **more: Any) -> Found:
    """Check (W011) that the pinned time zone data is neither old nor older than the system's.

    Registered for databases: it asks one, and `manage.py check` alone must not depend on the machine.
    """
    if not databases:
        return []
    return [
        Warning(words, hint="See docs/time-zones.md for how to update it.", id="practice.W011")
        for words in zone_data_age.warnings(timezone.now())
    ]


def emails_leave(app_configs: Any = None, **more: Any) -> Found:
    """Check (W012) that at a public address emails are sent, not only saved as files."""
    if settings.EMAIL_URL or not settings.SITE_URL.startswith("https://"):
        return []
    return [
        Warning(
            f"EMAIL_URL is not set: no email reaches anyone, but is saved in {settings.OUTBOX_DIR}.",
            hint="Set EMAIL_URL=smtp+tls://user:password@host:587",
            id="practice.W012",
        )
    ]


def emails_have_a_sender(
    app_configs: Any = None, databases: Sequence[str] | None = None, **more: Any
) -> Found:
    """Check (W013) that a practice has an address its emails come from: without one, all of them wait.

    Registered for databases: the address is in one. Before its tables are up to date there is nothing to say.
    """
    if not databases or not settings.EMAIL_URL:
        return []
    try:
        if not the_practice().pk or chosen_address():
            return []
    except DatabaseError:
        return []
    return [
        Warning(
            "The practice has no email address, so all emails wait.",
            hint="Enter one in the back office under “The practice”, or set DEFAULT_FROM_EMAIL.",
            id="practice.W013",
        )
    ]


CHECKS: Iterable[Callable[..., Found]] = (
    cookies_follow_scheme,
    cache_is_shared,
    policy_is_strict,
    closed_by_default,
    behind_a_proxy,
    demo_is_local,
    limits_and_errors_are_for_the_web,
    keys_lie_apart,
    emails_leave,
)
