"""A lesson whose recording is in a bucket is heard, jumped in and kept, and its link may end meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.own_server import OwnServer, own_server
from practice.tests.browser.page_checks import violations
from practice.tests.browser.test_lesson import LESSON, press, reached
from practice.tests.processes.up_runner import ROOT
from practice.tests.storage import s3

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

MAKE = "from practice.storage.bucket import storage; from django.conf import settings; "
MAKE += "storage(settings.S3.access, settings.S3.name).connection.create_bucket(Bucket=settings.S3.name)"
ASSIGN = """
from portal.models import Lesson
from portal.testing import assign
from practice.models import Practitioner, User
client = User.objects.get(name="Brit Lid")
assign(Lesson.objects.get(slug="a-window-on-each-side"), client, by=Practitioner.objects.first())
"""
KEPT = '[data-keep-is="kept"]'


@pytest.fixture(scope="module")
def server(practice_of_all: DemoSite) -> Iterator[OwnServer]:
    """A server of the practice whose recordings were copied into a bucket."""
    environ = practice_of_all.up.environ
    clock = {name: environ[name] for name in ("PYTHONPATH", "CLOCK_SHIFT")}
    settings = {**s3.keys(s3.started(clock)), "S3_BUCKET": "portal-files"}
    for command in (
        ["shell", "-c", MAKE],
        ["copy_media", "--from-folder", environ.get("MEDIA_ROOT") or f"{environ['VAR_DIR']}/media"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env={**environ, **settings}, check=True
        )
    with own_server(practice_of_all) as door:
        door.stop()
        door.start(**settings)
        door.bucket = settings["S3_ENDPOINT_URL"]  # type: ignore[attr-defined]
        yield door


@pytest.fixture
def asked(page: Page, server: OwnServer) -> list[str]:
    """What was asked of the bucket."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith(server.bucket):
            found.append(request.url)

    page.on("request", note)
    return found


def test_it_is_heard_from_the_bucket_and_jumped_in(demo_site, server, page, errors, asked):
    page.goto(server.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    page.evaluate("document.querySelector('audio').currentTime = 1000")
    reached(page, 1000.5)
    assert asked
    assert violations(page) == []


def test_when_its_link_has_ended_it_goes_on_with_a_new_one_from_the_same_place(
    demo_site, server, page, asked
):
    page.goto(server.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    first = asked[0]
    page.route(f"{server.bucket}/**", lambda route: refuse(route, first))
    page.evaluate("document.querySelector('audio').currentTime = 1000")
    page.wait_for_function("() => document.querySelector('audio').error")
    reached(page, 1000.5)
    assert asked[-1] != first
    expect(page.locator("[data-trouble]:visible")).to_have_count(0)


def refuse(route, link):
    """Answer as a bucket does for a link that has ended."""
    if route.request.url == link:
        route.fulfill(status=403, body="<Error><Code>AccessDenied</Code></Error>")
    else:
        route.continue_()


def test_it_is_kept_on_the_device_and_heard_from_the_bucket_beside_that(demo_site, server, signed_in_as):
    page = signed_in_as("Brit Lid")
    page.goto(server.url + LESSON)
    page.get_by_role("button", name="Keep this lesson on this device").click()
    expect(page.locator(KEPT)).to_be_visible()
    assert violations(page) == []
    demo_site.run(ASSIGN)
    page.goto(server.url + "/portal/lessons/a-window-on-each-side/")  # not kept: the worker passes it on
    press(page, "toggle")
    reached(page, 0.3)
    page.evaluate("document.querySelector('audio').currentTime = 200")
    reached(page, 200.5)
    server.stop()
    page.goto(server.url + LESSON)
    expect(page.locator('[data-copy-is="away"]')).to_be_visible()
    press(page, "toggle")
    reached(page, 0.3)
    assert violations(page) == []
