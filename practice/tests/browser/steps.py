"""Steps that several stories share: pressing, following, signing in by a code from a letter."""

from __future__ import annotations

import hmac
import re
import struct
import time
from base64 import b32decode

from playwright.sync_api import Page, expect

from practice.tests.browser.conftest import Town, manage, text_of
from practice.tests.processes.up_runner import Up

WAY_IN = """
from django.utils import timezone
from practice.links import enter_url
from practice.models import User
print(enter_url(User.objects.get(email="{email}"), now=timezone.now()))
"""


def press(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    """Follow the link of that name."""
    page.get_by_role("link", name=name).first.click()


def six_digits(secret: str) -> str:
    """What an authenticator app shows for a secret just now (RFC 6238)."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def signs_in(page: Page, town: Town, address: str) -> None:
    """An address, a code from a letter, in."""
    page.goto(f"{town.url}/accounts/login/")
    enters(page, town, address)


def enters(page: Page, town: Town, address: str) -> None:
    """From the sign-in page on, wherever that leads."""
    known = len(town.letters(address, "code"))
    page.get_by_label("Your email address").fill(address)
    press(page, "Go on")
    letter = town.letter(address, "code", known=known)
    code = re.search(r"^\s*([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})\s*$", text_of(letter), re.M)[1]
    page.get_by_label(re.compile("code", re.I)).fill(code)
    press(page, "Go on")


def proves_it_is_her(page: Page, town: Town) -> None:
    """The workspace stays shut until a second factor was used in this session."""
    page.goto(f"{town.url}/workspace/")
    expect(page.get_by_role("heading", name="A second step when signing in")).to_be_visible()
    page.goto(f"{town.url}/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label(re.compile("code", re.I)).fill(six_digits(secret))
    press(page, "Switch it on")


def way_in(up: Up, email: str) -> str:
    """A link, which opens once, for whoever has this address."""
    return manage(up, "shell", "-v", "0", "-c", WAY_IN.format(email=email)).split()[-1]
