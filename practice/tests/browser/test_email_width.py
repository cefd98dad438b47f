"""A long link in an email, such as that of a video call, makes it no wider than a narrow phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from practice.tests.every_email.composed import compose_all
from practice.tests.every_email.content_checks import read

pytestmark = pytest.mark.browser
NARROW, LONG = 320, 40


def test_no_email_is_wider_than_a_narrow_phone(module_db: None, browser: Browser) -> None:
    with_long_words = [
        one for one in compose_all() if max(len(word) for word in read(one.html).words.split()) > LONG
    ]
    assert {one.language for one in with_long_words} == {"en", "es"}
    page = browser.new_page(viewport={"width": NARROW, "height": 600})
    for one in with_long_words:
        page.set_content(one.html)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW, str(one)
    page.close()
