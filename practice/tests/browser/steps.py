"""Steps that several stories share: pressing, following, signing in by a code from a letter."""

from __future__ import annotations

import hmac
import re
import struct
import time
from base64 import b32decode

from playwright.sync_api import Locator, Page, expect

from practice.tests.browser.demo_site import DemoSite, code_in

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


def sign_in_at_once(page: Page, demo_site: DemoSite, address: str) -> None:
    """From now on this browser is signed in, for whoever has this address; staff by both factors."""
    use_session(page, demo_site, demo_site.call("enter", address))


def use_session(page: Page, demo_site: DemoSite, session: str) -> None:
    """From now on this browser holds a session."""
    page.context.add_cookies([{"name": "session", "value": session, "url": demo_site.url}])


def six_digits(secret: str) -> str:
    """What an authenticator app shows for a secret just now (RFC 6238)."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sign_in_by_code(page: Page, demo_site: DemoSite, address: str) -> None:
    """An address, a code from a letter, in."""
    page.goto(f"{demo_site.url}/accounts/login/")
    sign_in_from_page(page, demo_site, address)


def sign_in_from_page(page: Page, demo_site: DemoSite, address: str) -> None:
    """From the sign-in page on, wherever that leads."""
    known = len(demo_site.letters(address, "code"))
    page.get_by_label("Your email address").fill(address)
    press(page, "Continue")
    letter = demo_site.letter(address, "code", known=known)
    page.get_by_label(re.compile("code", re.I)).fill(code_in(letter))
    press_on(page, "Continue")  # whoever goes on at once would call the signing in off


def use_second_factor(page: Page, demo_site: DemoSite) -> None:
    """The workspace stays shut until a second factor was used in this session."""
    page.goto(f"{demo_site.url}/workspace/")
    expect(page.get_by_role("heading", name="Two-step sign-in")).to_be_visible()
    page.goto(f"{demo_site.url}/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label(re.compile("code", re.I)).fill(six_digits(secret))
    press_on(page, "Turn on")


def add_authenticator(page: Page) -> None:
    """Give the browser an authenticator like a phone's."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": LIKE_A_PHONE})
