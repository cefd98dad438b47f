"""Steps that several stories share: pressing, following, signing in by a code from a letter."""

from __future__ import annotations

import hmac
import re
import struct
import time
from base64 import b32decode

from playwright.sync_api import Locator, Page, expect

from practice.tests.browser.town import Town, code_in

SIGNS = ("saddle", "bladder", "fever", "fall", "weight", "night")
LIKE_A_PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def press(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    """Follow the link of that name."""
    page.get_by_role("link", name=name).first.click()


def onward(target: Locator) -> None:
    """Press what leads to another page, and wait until that page is there: it may look like this one."""
    with target.page.expect_navigation():
        target.click()


def press_on(page: Page, name: str) -> None:
    """Press the button whose words begin like this, and wait until the next page is there."""
    onward(page.get_by_role("button", name=re.compile(f"^{name}")).first)


def comes_in(page: Page, town: Town, address: str) -> None:
    """From now on this browser is signed in, for whoever has this address; staff by both factors."""
    holds(page, town, town.call("enter", address))


def holds(page: Page, town: Town, session: str) -> None:
    """From now on this browser holds a session."""
    page.context.add_cookies([{"name": "session", "value": session, "url": town.url}])


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
    press(page, "Continue")
    letter = town.letter(address, "code", known=known)
    page.get_by_label(re.compile("code", re.I)).fill(code_in(letter))
    press_on(page, "Continue")  # whoever goes on at once would call the signing in off


def proves_it_is_her(page: Page, town: Town) -> None:
    """The workspace stays shut until a second factor was used in this session."""
    page.goto(f"{town.url}/workspace/")
    expect(page.get_by_role("heading", name="Two-step sign-in")).to_be_visible()
    page.goto(f"{town.url}/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label(re.compile("code", re.I)).fill(six_digits(secret))
    press_on(page, "Turn on")


def has_a_phones_keys(page: Page) -> None:
    """Give the browser an authenticator like a phone's."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": LIKE_A_PHONE})
