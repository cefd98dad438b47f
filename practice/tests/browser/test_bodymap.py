"""The body map in a real browser: by mouse, by keyboard alone, without scripts, and as axe sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import QueryDict
from django.template import Context, Template
from playwright.sync_api import Locator, Page, Route

from practice.core.body_map import PARTS, read_marks
from practice.tests.browser.page_checks import PageChecker

pytestmark = [pytest.mark.browser]

HOME = "http://map.test"
# The site's own frame and policy; only the page between them is ours.
POLICY = "; ".join(
    f"{name} {' '.join(values)}"
    for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    if values is not True
)
PAGE = """{% extends "base.html" %}{% load body_map static %}
{% block title %}Body map{% endblock %}
{% block styles %}<link rel="stylesheet" href="{% static "css/bodymap.css" %}">{% endblock %}
{% block main %}<div class="wrap"><h1>Body map</h1>
<form method="get">{% body_map now %}<button class="button">Keep this</button></form>
<h2>Last time</h2>{% body_map_small then words="touched" %}
<form method="get">{% body_map then prefix="then" legend="Then" words="touched" %}</form></div>{% endblock %}
{% block scripts %}<script src="{% static "js/bodymap.js" %}" defer></script>{% endblock %}"""
CHECKS_ALL = (
    "all => { for (const box of all.querySelectorAll('[name=region]')) if (!box.checked) box.click(); }"
)
SMALLER_SIDE = (
    "all => all.map(one => one.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
)
WHAT_IT_SENDS = "form => new URLSearchParams(new FormData(form)).toString()"


def answer(route: Route) -> None:
    """The page, or a file of the site that it asks for."""
    path = urlsplit(route.request.url).path
    if path == "/":
        page = Template(PAGE).render(Context({"now": {"neck": 3}, "then": {"low-back": 3, "hip-left": 1}}))
        headers = {"content-type": "text/html", "content-security-policy": POLICY}
        route.fulfill(body=page, headers=headers)
        return
    file = Path(staticfiles_storage.path(path.removeprefix(settings.STATIC_URL)))
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404)


@pytest.fixture
def opened(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """The page, in a tab with the wishes given."""

    def tab(**wishes: Any) -> Page:
        page = new_page(viewport={"width": 1280, "height": 900}, **wishes)
        page.route("**/*", answer)
        page.goto(f"{HOME}/")
        return page

    return tab


def drawn(page: Page, part: str, form: int = 0) -> Locator:
    """A part in the front view of the large drawing."""
    return page.locator("form").nth(form).locator(f'[data-part="{part}"] .bm-part').first


def fill(page: Page, part: str) -> str:
    """How a part is painted."""
    return str(drawn(page, part).evaluate("shape => getComputedStyle(shape).fill"))


def sent(page: Page, form: int = 0) -> dict[str, int]:
    """What the form would send, as the portal reads it."""
    return read_marks(QueryDict(page.locator("form").nth(form).evaluate(WHAT_IT_SENDS)))


def test_a_click_on_the_knee_checks_its_box_and_another_takes_it_back(opened):
    page = opened()
    drawn(page, "knee-left").click()
    assert page.locator("#bm-knee-left").is_checked()
    assert sent(page) == {"knee-left": 2, "neck": 3}
    assert "#bm-2" in fill(page, "knee-left")
    drawn(page, "knee-left").click()
    assert sent(page) == {"neck": 3}
    assert "#bm-" not in fill(page, "knee-left")


def test_the_left_knee_is_the_persons_own_left(opened):
    page = opened()
    left, right = (drawn(page, f"knee-{side}").bounding_box() for side in ("left", "right"))
    assert left["x"] > right["x"]


def test_a_click_in_the_second_map_marks_nothing_in_the_first(opened):
    page = opened()
    drawn(page, "head", form=1).click()
    assert sent(page) == {"neck": 3}
    assert sent(page, form=1) == {"low-back": 3, "hip-left": 1, "head": 2}


def test_the_keyboard_alone_marks_a_place_and_says_how_much(opened):
    page = opened()
    page.locator("#bm-hip-left").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    assert sent(page) == {"hip-right": 1, "neck": 3}
    assert "#bm-1" in fill(page, "hip-right")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert sent(page) == {"neck": 3}


def test_who_tabs_through_never_meets_the_drawing_or_a_strength_of_nothing(opened):
    page = opened()
    after_neck = PARTS.index("neck") + 1
    page.locator("#bm-pelvis").focus()
    met = []
    for _ in (*PARTS, "3"):
        met.append(page.evaluate("document.activeElement.value"))
        page.keyboard.press("Tab")
    assert met == [*PARTS[:after_neck], "3", *PARTS[after_neck:]]


def test_without_scripts_the_form_still_paints_the_drawing(opened):
    page = opened(java_script_enabled=False)
    picture = page.locator("form .bm").first
    before = picture.screenshot()
    page.locator("#bm-knee-left").check()
    page.mouse.move(0, 0)
    assert picture.screenshot() != before


@pytest.mark.parametrize("width", [390, 1280])
def test_everything_to_press_is_a_finger_wide(opened, width):
    page = opened()
    page.set_viewport_size({"width": width, "height": 844})
    page.locator("form").first.evaluate(CHECKS_ALL)
    sizes = page.locator("form").first.locator("label").evaluate_all(SMALLER_SIDE)
    assert len(sizes) == 4 * len(PARTS)
    assert min(sizes) >= 44


def test_nothing_is_wrong_with_it_marked_or_not(opened):
    page = opened()
    checker = PageChecker(page, HOME)
    page.reload()
    checker.look("bodymap")
    page.locator("body").evaluate(CHECKS_ALL)
    checker.look("bodymap-full")
    assert checker.wrong == []


def test_anyone_who_chose_their_own_colors_sees_what_is_marked(opened):
    page = opened(forced_colors="active")
    ink, ground = (
        page.locator("form .bm-outline").first.evaluate("shape => getComputedStyle(shape).stroke"),
        page.evaluate("getComputedStyle(document.body).backgroundColor"),
    )
    dot = page.locator(".bm-dot").first.evaluate("dot => getComputedStyle(dot).fill")
    assert dot == ink != ground


def test_paper_shows_only_what_is_marked(opened):
    page = opened()
    page.emulate_media(media="print")
    assert page.locator("form").first.locator(".bm-place:visible").count() == 1
