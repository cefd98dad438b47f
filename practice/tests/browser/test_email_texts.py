"""The owner edits the text of an email, and the preview follows what is typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.page_checks import violations

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_the_preview_follows_the_text_and_a_word_goes_where_the_cursor_was(
    signed_in: Callable[..., Page], demo_site: DemoSite
) -> None:
    desk = signed_in("tess@juniper.example")
    broken: list[str] = []
    desk.on("pageerror", lambda error: broken.append(str(error)))
    desk.goto(f"{demo_site.url}/workspace/settings/email-texts/")
    assert violations(desk) == []
    desk.get_by_role("link", name="A session is booked").click()
    opening = desk.get_by_label("Before the details")
    expect(opening).to_have_value("You’re booked. I’m looking forward to it.")
    opening.fill("Dear ")
    with desk.expect_response(lambda one: "first_name" in (one.request.post_data or "")) as shown:
        desk.get_by_role("button", name="{{ first_name }}").click()
    expect(opening).to_have_value("Dear {{ first_name }}")
    assert "Dear Alex" in shown.value.text()
    assert violations(desk) == []
    desk.get_by_role("button", name="Send it to me").click()
    expect(desk.get_by_text("Nothing was saved.")).to_be_visible()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Emails that leave from now on have this text.")).to_be_visible()
    desk.get_by_role("button", name="Put the shipped text back").click()
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()
    assert broken == []
