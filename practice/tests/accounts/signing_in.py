"""For tests: signing in by code, an authenticator app, and showing once more that it is you."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from practice.models import Letter, User

OURS = {"origin": "http://localhost:8000"}
SIGN_IN, CONFIRM = "/accounts/login/", "/accounts/login/code/confirm/"
APP_PAGE = "/accounts/2fa/totp/activate/"
ASK_AGAIN, CONFIRM_AGAIN = "/accounts/reauthenticate/code/", "/accounts/reauthenticate/code/confirm/"


def ask(client: Client, email: str = "ann@example.com"):
    return client.post(SIGN_IN, {"login": email})


def newest_code(email: str = "ann@example.com") -> str:
    letter = Letter.objects.filter(kind="sign_in_code", to_address=email).latest("id")
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", letter.text, re.M)[1]


def sign_in(client: Client, email: str = "ann@example.com"):
    ask(client, email)
    return client.post(CONFIRM, {"code": newest_code(email)})


def set_up_app(client: Client) -> None:
    secret = client.get(APP_PAGE).context["form"].secret
    client.post(APP_PAGE, {"code": digits(secret)})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def authenticator_app(user: User) -> str:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    return secret


def digits(secret: str, *, steps_ago: int = 0) -> str:
    """What the app shows now, or showed so many half-minutes ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - steps_ago))


def half_an_hour_later(client: Client) -> None:
    session = client.session
    session["signed_in_at"] -= 1800
    session.save()


def signed_in_long_ago(client: Client, user: User) -> None:
    sign_in(client, user.email)
    half_an_hour_later(client)


def next_of(answer) -> str:
    return parse_qs(urlsplit(answer.url).query)["next"][0]


def show_a_code(client: Client, user: User, wanted: str):
    """Ask for the code and write it, as the pages lead; the answer to the code."""
    asked = client.post(ASK_AGAIN, {"recipient": user.email, "next": wanted})
    assert (urlsplit(asked.url).path, next_of(asked)) == (CONFIRM_AGAIN, wanted)
    assert user.email in client.get(asked.url).content.decode()
    return client.post(CONFIRM_AGAIN, {"code": newest_code(user.email), "next": wanted})


def path_of(url: str) -> str:
    return url.removeprefix("http://localhost:8000")
