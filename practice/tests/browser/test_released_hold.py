"""Whoever steps back lets the kept time go; a reload does not."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from practice.tests.browser.demo_site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.processes]

KEPT = """
import json
from booking.models import Appointment
print(json.dumps(list(Appointment.objects.filter(state="held").values_list("pk", flat=True))))
"""
TIMES = "/book/session/?with=tess&tz=America/Denver"


def kept(demo_site: DemoSite) -> set[int]:
    """The times that are kept just now, by their rows; those of other tests may run out meanwhile."""
    return set(json.loads(demo_site.run(KEPT)))


def test_stepping_back_lets_the_kept_time_go_and_a_reload_does_not(signed_in, demo_site):
    page = signed_in("owen@example.com")
    before = kept(demo_site)
    page.goto(demo_site.url + TIMES)
    page.locator("button.time").last.click()
    expect(page.get_by_text("Held for you")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Held for you")).to_be_visible()
    (hers,) = kept(demo_site) - before
    with page.expect_response(re.compile("/let-go/$")):
        page.go_back()
    assert hers not in kept(demo_site)


def test_without_scripts_the_button_lets_it_go(signed_in, demo_site):
    page = signed_in("owen@example.com", java_script_enabled=False)
    before = kept(demo_site)
    page.goto(demo_site.url + TIMES)
    page.locator("button.time").last.click()
    expect(page.get_by_text("Held for you")).to_be_visible()
    (hers,) = kept(demo_site) - before
    page.get_by_role("button", name="Choose another time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("When would you like to come?")
    assert hers not in kept(demo_site)
