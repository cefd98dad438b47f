"""System checks: each speaks when something is wrong, and is silent otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from practice import checks
from practice.testing import make_practice


def ids(found) -> list[str]:
    return [one.id for one in found]


@pytest.mark.parametrize("check", checks.CHECKS)
def test_as_shipped_every_check_is_silent(check):
    assert check() == []


@pytest.mark.parametrize(
    ("check", "change", "expected"),
    [
        (checks.cookies_follow_scheme, {"SITE_URL": "https://x.example"}, ["practice.E001"] * 2),
        (checks.cookies_follow_scheme, {"SESSION_COOKIE_SECURE": True}, ["practice.E001"]),
        (
            checks.cache_is_shared,
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
            ["practice.E002"],
        ),
        (
            checks.policy_is_strict,
            {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'self'", "'unsafe-inline'"]}}},
            ["practice.E003"],
        ),
        (checks.closed_by_default, {"MIDDLEWARE": []}, ["practice.E004"] * 7),
        (checks.behind_a_proxy, {"SITE_URL": "https://x.example"}, ["practice.W001"]),
        (
            checks.limits_and_errors_are_for_the_web,
            {"SITE_URL": "https://x.example", "DEBUG": True, "RATE_LIMITS": False},
            ["practice.W004", "practice.W005"],
        ),
        (checks.emails_leave, {"SITE_URL": "https://x.example"}, ["practice.W012"]),
        (checks.demo_is_local, {"SITE_URL": "https://x.example", "DEMO": True}, ["practice.W002"]),
    ],
)
def test_each_check_speaks_with_its_id_and_a_hint(settings, check, change, expected):
    for name, value in change.items():
        setattr(settings, name, value)
    found = check()

    assert ids(found) == expected
    assert all(one.hint for one in found)


def test_keys_beside_the_database_are_named_with_the_way_to_move_them(settings, tmp_path):
    settings.VAR_DIR, settings.KEYS_DIR = tmp_path / "var", tmp_path / "keys"
    settings.VAR_DIR.mkdir()
    assert checks.keys_lie_apart() == []
    (settings.VAR_DIR / "field_keys").touch()
    found = checks.keys_lie_apart()

    assert ids(found) == ["practice.W003"]
    assert f"mv {tmp_path}/var/field_keys {tmp_path}/keys/" in found[0].hint


@pytest.mark.parametrize("inside", ["", "keys"])
def test_keys_that_are_to_lie_below_the_database_are_named(settings, tmp_path, inside):
    settings.VAR_DIR, settings.KEYS_DIR = tmp_path, tmp_path / inside

    assert ids(checks.keys_lie_apart()) == ["practice.W003"]


@pytest.mark.django_db
def test_a_practice_whose_emails_all_wait_for_an_address_is_named(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    assert ids(checks.emails_have_a_sender(databases=["default"])) == []  # not set up yet
    practice = make_practice(email="")
    assert ids(checks.emails_have_a_sender(databases=["default"])) == ["practice.W013"]
    practice.email = "hello@elm.example"
    practice.save()
    assert ids(checks.emails_have_a_sender(databases=["default"])) == []


def test_check_deploy_has_nothing_to_say_about_a_practice_on_the_web(tmp_path):
    said = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={
            **{name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"},
            "VAR_DIR": str(tmp_path),
            "SITE_URL": "https://portal.example",
            "TRUSTED_PROXY_COUNT": "1",
            "EMAIL_URL": "smtp+tls://portal:secret@mail.example:587",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert "no issues" in said.stdout, said.stderr
