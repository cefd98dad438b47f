"""A practitioner writes an exercise, with a figure, a photo and a video; a client sees and plays it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import PATIENT, DemoSite
from practice.tests.browser.page_checks import violations
from practice.tests.browser.steps import press_on
from practice.tests.pictures.samples import encoded, halves
from practice.tests.processes.waiting import soon

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]  # it has a video prepared


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A video of two seconds, as a phone might send it."""
    made = tmp_path / "knee.mov"
    source = ["-f", "lavfi", "-i", "testsrc=duration=2:size=160x120:rate=5"]
    subprocess.run(["ffmpeg", "-v", "error", *source, "-c:v", "mpeg4", str(made)], check=True)
    return made


def test_a_new_exercise_from_the_first_word_to_the_clients_screen(
    signed_in: Callable[..., Page], demo_site: DemoSite, film: Path
) -> None:
    desk = signed_in("tess@juniper.example")
    desk.goto(f"{demo_site.url}/workspace/practice/exercises/")
    assert violations(desk) == []
    desk.get_by_role("link", name="Write an exercise").click()
    press_on(desk, "Save")
    expect(desk.get_by_role("link", name="Title:")).to_be_visible()  # what is missing, with links
    for label, words in (
        ("Title", "The hanging knee"),
        ("Position", "lying on the back"),
        ("The movement in words", "A knee hangs in both hands."),
        ("What to do", "1. Let the knee hang."),
        ("Times", "3"),
        ("Seconds each time", "2"),
    ):
        desk.get_by_label(label, exact=True).fill(words)
    desk.get_by_label("Knee to chest").check()
    desk.get_by_label("Clients can see it").check()
    press_on(desk, "Save")
    expect(desk.get_by_text("Saved. Clients can see it now.")).to_be_visible()
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": encoded(halves(size=(640, 400)), "JPEG")}
    desk.get_by_label("Photo", exact=True).set_input_files([photo])
    desk.locator("#photos").get_by_label("What it shows").fill("The knee from the side.")
    press_on(desk, "Add photo")
    desk.get_by_label("Video", exact=True).set_input_files(film)
    desk.locator("#video").get_by_label("What it shows").fill("The knee from above.")
    press_on(desk, "Upload video")
    expect(desk.locator("#video .notice")).to_contain_text("being prepared")
    assert violations(desk) == []

    def is_ready() -> bool:
        desk.reload()
        return desk.locator("#video video").count() == 1

    assert soon(is_ready, 2 * PATIENT / 1000)
    seen_by_a_client(signed_in("ann@example.com"), demo_site)


def seen_by_a_client(phone: Page, demo_site: DemoSite) -> None:
    """Figure, photo and timer are there, and the video plays."""
    phone.goto(f"{demo_site.url}/portal/exercises/the-hanging-knee/")
    phone.get_by_alt_text("The knee from the side.").scroll_into_view_if_needed()
    phone.wait_for_function("() => document.querySelector('.photos img').naturalWidth === 640")
    phone.evaluate("() => document.querySelector('video').play()")
    phone.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    expect(phone.get_by_role("heading", name="With a timer")).to_be_visible()
    assert violations(phone) == []
