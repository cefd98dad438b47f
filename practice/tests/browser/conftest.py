"""A real browser, in front of a whole practice: broker, workers, clock, web server and a mail server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from practice.tests.browser.demo_site import PATIENT, DemoSite, open_demo_site
from practice.tests.browser.page_checks import PageChecker
from practice.tests.browser.steps import sign_in_at_once, use_session
from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN, Shift, shift_to

# The shell without windows, where it is installed: opening a page in a browser nobody used takes it a third.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=PATIENT / 2)


@pytest.fixture(scope="session")
def clock() -> Shift:
    """For the practice, its pages and these tests it is a Tuesday, ten in the morning, where it lies."""
    return shift_to(TUESDAY_AT_TEN)


@pytest.fixture(autouse=True)
def time_of_day(clock: Shift) -> Iterator[None]:
    """The clock of these tests goes with the practice's."""
    with clock.in_this_process():
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium as Debian has it, quiet and offline."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser(browser: Browser, clock: Shift) -> Browser:
    """The browser: each context stands in Denver, has the practice's clock, and waits long enough."""
    made = browser.new_context

    def new_context(**wishes: Any) -> BrowserContext:
        context = made(**{"locale": "en-US", "timezone_id": "America/Denver", **wishes})
        context.set_default_timeout(PATIENT)
        context.add_init_script(clock.in_pages)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]
    return browser


@pytest.fixture(scope="session")
def practice_of_all(tmp_path_factory: pytest.TempPathFactory, clock: Shift) -> Iterator[DemoSite]:
    """The practice that all tests of this process share; each brings people of its own."""
    with open_demo_site(tmp_path_factory.mktemp("town"), clock) as demo_site:
        yield demo_site


@pytest.fixture
def demo_site(request: pytest.FixtureRequest, practice_of_all: DemoSite) -> DemoSite:
    """The practice, in which nobody has asked for anything too often yet.

    Before a second try, whom the first one brought is set aside.
    """
    if first := getattr(request.node, "began_after", ""):
        practice_of_all.call("set_aside", first)
    request.node.began_after = practice_of_all.call("begin_anew")
    return practice_of_all


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page in a browser nobody used before, with the wishes its system has."""
    contexts = []

    def tab(**wishes: Any) -> Page:
        contexts.append(browser.new_context(**wishes))
        return contexts[-1].new_page()

    yield tab
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(new_page: Callable[..., Page], demo_site: DemoSite) -> Callable[..., Page]:
    """A page in a browser in which whoever has this address has signed in."""

    def enter(address: str, **wishes: Any) -> Page:
        page = new_page(**wishes)
        sign_in_at_once(page, demo_site, address)
        return page

    return enter


@pytest.fixture
def signed_in_as(new_page: Callable[..., Page], demo_site: DemoSite) -> Callable[[str], Page]:
    """A page in a browser in which the client of that name has signed in, who may be new to the house."""

    def enter(name: str) -> Page:
        page = new_page()
        use_session(page, demo_site, demo_site.call("enter_as", name))
        return page

    return enter


@pytest.fixture
def checker(new_page: Callable[..., Page], demo_site: DemoSite) -> Iterator[PageChecker]:
    """A tab of a browser nobody used before; at the end nothing may be wrong."""
    looking = PageChecker(
        new_page(reduced_motion="reduce", viewport={"width": 390, "height": 844}), demo_site.url
    )
    yield looking
    assert not looking.wrong, "\n".join(looking.wrong)


@pytest.fixture
def errors(page: Page) -> Iterator[list[str]]:
    """What the browser complains about: a broken policy, a failing script, a request to elsewhere."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    expected = [line for line in heard if "status of 4" not in line]  # an answer with 4xx is said twice
    assert expected == []


@pytest.fixture
def shot(page: Page) -> Callable[[str], None]:
    """Keep a picture when SHOTS names a folder."""
    folder = os.environ.get("SHOTS", "")

    def keep(name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    return keep
