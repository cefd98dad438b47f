"""A plan of emails is changed with its effect in sight, for everyone and for one client, with axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.page_checks import PageChecker
from practice.tests.browser.steps import onward, press_on, sign_in_at_once

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]  # one walk over seven pages
NOOR = "from practice.models import User\nprint(User.objects.get(email='noor@example.com').pk)"
PLANS = "/workspace/practice/email-plans/"


@pytest.fixture
def tess(checker: PageChecker, demo_site: DemoSite) -> Page:
    """The practitioner's page, on a phone; axe looks at it."""
    sign_in_at_once(checker.page, demo_site, "tess@juniper.example")
    return checker.page


def test_what_a_plan_changes_is_seen_before_it_is_saved(tess: Page, checker: PageChecker) -> None:
    checker.go(PLANS, "plans")
    add = tess.get_by_role("button", name="Add these plans")
    if add.count():
        press_on(tess, "Add these plans")
    onward(tess.get_by_role("link", name="Standard", exact=True))
    checker.look("plan")
    tess.get_by_label("Part of the day").first.select_option("exact")
    tess.locator("[name=steps-5-days]").fill("25")
    press_on(tess, "Continue")
    expect(tess.get_by_text("Two emails are on day 25.").first).to_be_visible()
    expect(tess.locator("[name=steps-5-days]")).to_have_value("25")
    checker.look("plan-wrong")
    tess.get_by_label("Part of the day").first.select_option("")
    tess.locator("[name=steps-5-days]").fill("33")
    press_on(tess, "Continue")
    expect(tess.get_by_role("heading", name="What this changes")).to_be_visible()
    checker.look("plan-effect")
    press_on(tess, "Keep editing")
    expect(tess.locator("[name=steps-5-days]")).to_have_value("33")
    press_on(tess, "Continue")
    press_on(tess, "Save and change")
    expect(tess.get_by_text("waiting emails changed.")).to_be_visible()
    onward(tess.get_by_role("link", name="Delete this plan"))
    checker.look("plan-delete")


def test_the_emails_of_one_client_are_changed_from_their_page(
    tess: Page, checker: PageChecker, demo_site: DemoSite
) -> None:
    checker.go(f"/workspace/clients/{demo_site.run(NOOR)}/", "client")
    onward(tess.get_by_role("link", name="Change on which days they come"))
    checker.look("client-emails")
    expect(tess.get_by_text("Waits until").first).to_be_visible()
    remove = tess.get_by_label("Remove this email")
    remove.nth(remove.count() - 1).check()
    press_on(tess, "Continue")
    expect(tess.get_by_text("1 is canceled")).to_be_visible()
    press_on(tess, "Save and change 1 waiting email")
    onward(tess.get_by_role("link", name="Change their own plan of emails"))
    press_on(tess, "Go back to the plan")
    expect(tess.get_by_role("heading", name="What this changes")).to_be_visible()
