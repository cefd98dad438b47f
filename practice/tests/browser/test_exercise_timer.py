"""An exercise in a real browser: its timer by sound and without it, marked on the list, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.page_checks import violations
from practice.tests.browser.steps import use_session

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]  # it plays real sound

PAGE = "/portal/exercises/cat-and-cow/"
PAST = "seconds => document.querySelector('[data-timer] audio').currentTime > seconds"
GIVEN = """
from portal.models import Assignment, Exercise
from portal.testing import assign
from practice.models import Practitioner, User
who = User.objects.get(email="{address}")
Assignment.objects.filter(client=who).delete()
for exercise in Exercise.objects.filter(is_published=True)[:{count}]:
    assign(exercise, who, by=Practitioner.objects.get(slug="tess"), word="Smaller than you think.")
"""
TIMES = """
from portal.models import PracticeEntry
print(PracticeEntry.objects.filter(client__email="{address}").count())
"""


@pytest.fixture
def phone(new_page: Callable[..., Page], demo_site: DemoSite, request: pytest.FixtureRequest) -> Page:
    """The phone of a client who is new to the house and has two exercises."""
    page = new_page(viewport={"width": 390, "height": 844})
    use_session(page, demo_site, demo_site.call("with_exercises", address(request)))
    return page


def address(request: pytest.FixtureRequest) -> str:
    return f"{request.function.__name__.replace('_', '.')[5:45]}@example.com"


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-timer-phase]")).to_have_text(words)


def test_the_timer_goes_by_its_sound_and_keeps_its_place(phone, demo_site):
    phone.goto(demo_site.url + PAGE)
    start = phone.locator("[data-timer-do=toggle]")
    start.focus()
    phone.keyboard.press("Enter")
    says(phone, "Get ready")
    phone.wait_for_function(PAST, arg=0.2)
    phone.get_by_role("button", name="Next").click()
    says(phone, "1 of 6")
    phone.get_by_role("button", name="Next").click()
    says(phone, "2 of 6")
    phone.get_by_role("button", name="Pause").click()
    assert violations(phone) == []
    phone.reload()
    says(phone, "2 of 6")
    phone.get_by_role("button", name="Continue").click()
    phone.wait_for_function(PAST, arg=13.2)
    expect(phone.get_by_role("timer")).to_have_text(re.compile("^[1-8]$"))
    phone.evaluate(
        "() => { const a = document.querySelector('[data-timer] audio'); a.currentTime = a.duration - 0.3; }"
    )
    says(phone, "That’s it. Rest a moment.")
    expect(start).to_have_text("Start")
    start.click()
    says(phone, "Get ready")
    phone.get_by_role("button", name="Stop").click()
    says(phone, "")


def test_without_sound_it_counts_and_says_so(phone, demo_site):
    phone.route("**/bells/*", lambda route: route.abort())
    phone.goto(demo_site.url + PAGE)
    phone.get_by_role("button", name="Start").click()
    expect(phone.get_by_text("The timer counts without it")).to_be_visible()
    phone.get_by_role("button", name="Next").click()
    says(phone, "1 of 6")
    expect(phone.get_by_role("timer")).to_have_text("7")


def test_two_taps_on_the_list_are_one_and_are_undone_there(phone, demo_site, request):
    phone.goto(f"{demo_site.url}/portal/exercises/")
    row = phone.locator("#cat-and-cow")
    row.get_by_role("button", name="Mark as done").dblclick()
    expect(row.get_by_text(re.compile("^Done at"))).to_be_visible()
    assert demo_site.run(TIMES.format(address=address(request))).split() == ["1"]
    row.get_by_role("button", name="Undo").click()
    expect(row.get_by_role("button", name="Mark as done")).to_be_visible()


def test_no_page_of_the_sheet_has_one_exercise_alone(phone, demo_site, request):
    for count in (1, 3, 10):
        demo_site.run(GIVEN.format(address=address(request), count=count))
        phone.goto(f"{demo_site.url}/portal/exercise-sheet/")
        on_each = phone.locator(".leaf").evaluate_all(
            "all => all.map(one => one.querySelectorAll('article').length)"
        )
        assert sum(on_each) == count
        assert count == 1 or min(on_each) > 1
        for paper in ("A4", "Letter"):
            pages = re.findall(rb"/Type\s*/Page\b(?!s)", phone.pdf(format=paper))
            assert len(pages) == len(on_each), paper  # each part of the sheet is one page of paper
    assert violations(phone) == []
