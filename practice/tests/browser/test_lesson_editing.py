"""A lesson from its first word to its withdrawal, as its practitioner and a client see it, with axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.page_checks import PageChecker
from practice.tests.browser.steps import onward, press, press_on, sign_in_at_once

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]  # one walk over twelve pages
EDIT = "/workspace/practice/lessons/a-door-in-the-back/"
READ = "/portal/lessons/a-door-in-the-back/"
# A recording for the new lesson, its rests as the worker finds them, and a client who has it.
RECORDED = """
from pathlib import Path
from portal.lesson_editing.actions.silences import find_next_silences
from portal.lessons.actions.recordings import install_recording
from portal.models import Lesson
from portal.starting_content.content_files import lesson_folders
from portal.testing import assign
from practice.models import Practitioner, User
lesson = Lesson.objects.get(slug="a-door-in-the-back")
folder = next(one for one in lesson_folders() if "window" in one.name)
made = install_recording(lesson, file=folder / "audio.m4a", cues=[], chapters=[])
while find_next_silences():
    pass
assign(lesson, User.objects.get(name="Edda Door"), by=Practitioner.objects.get(slug="tess"))
print(made.silences is None)
"""
# What Chromium's own reader makes of the file.
CUES = """
async (address) => {
  const audio = document.querySelector("audio");
  const track = Object.assign(document.createElement("track"), { kind: "chapters", src: address });
  audio.append(track);
  track.track.mode = "hidden";
  await new Promise((done, wrong) => { track.onload = done; track.onerror = wrong; });
  return [...track.track.cues].map((one) => [one.startTime, one.endTime, one.text]);
}
"""


@pytest.fixture
def tess(checker: PageChecker, demo_site: DemoSite) -> Page:
    """The practitioner's page, on a phone; axe looks at it."""
    sign_in_at_once(checker.page, demo_site, "tess@juniper.example")
    return checker.page


def write(tess: Page, checker: PageChecker) -> None:
    """Begin the lesson and write it: shown while it is typed, saved by itself."""
    checker.go("/workspace/practice/lessons/", "lessons")
    onward(tess.get_by_role("link", name="Begin a lesson"))
    tess.get_by_label("Title").fill("A door in the back")
    tess.get_by_label("Position").fill("lying on the side")
    checker.look("lesson-new")
    press_on(tess, "Continue")
    tess.get_by_label(re.compile("^Guidelines")).fill("## Less than you can\n\nHalf is **plenty**.")
    expect(tess.locator("#seen .rules h3")).to_have_text("Less than you can")
    expect(tess.locator("#seen strong")).to_have_text("plenty")
    expect(tess.locator("[data-saved]")).to_contain_text("Saved")
    tess.reload()
    expect(tess.get_by_label(re.compile("^Guidelines"))).to_have_value(re.compile("Half is"))
    checker.look("lesson-texts")
    press_on(tess, "Publish")
    expect(tess.locator("main")).to_contain_text("clients also need a recording")


def mark(tess: Page, checker: PageChecker, site: str) -> None:
    """Set chapters by the player and take one that is proposed; the file is read by the browser itself."""
    tess.goto(f"{site}{EDIT}chapters/")
    tess.evaluate("document.querySelector('audio').currentTime = 60.5")
    expect(tess.locator("[data-now]")).to_have_text("1:00.5")
    press(tess, "Add a chapter at this time")
    tess.keyboard.type("The ribs")
    tess.evaluate("document.querySelector('audio').currentTime = 2")
    press(tess, "Add a chapter at this time")
    tess.keyboard.type("How you lie")
    last = tess.locator("[data-row]").last.locator("[data-time]")
    last.press("n")
    expect(last).to_have_value("0:02")
    proposed = tess.locator("[data-take]").last
    at = proposed.get_attribute("data-take")
    proposed.click()
    expect(tess.locator("[data-row]").last.locator("[data-time]")).to_have_value(at)
    tess.keyboard.type("The shoulder")
    checker.look("lesson-chapters")
    press_on(tess, "Save chapters")
    assert tess.locator("[name=text]").evaluate_all("all => all.map(one => one.value)")[:2] == [
        "How you lie",
        "The ribs",
    ]
    cues = tess.evaluate(CUES, f"{EDIT}chapters.vtt")
    assert cues[:1] == [[2, 60.5, "How you lie"]]
    assert len(cues) == 3


def order(tess: Page, checker: PageChecker) -> None:
    """Put the lesson into a collection, and drag it to the front."""
    checker.go("/workspace/practice/collections/", "collections")
    tess.get_by_label("Name", exact=True).fill("Doors and windows")
    press_on(tess, "Begin")
    for title in ("A window on each side", "A door in the back"):
        tess.get_by_label("Add a lesson").select_option(label=title)
        press_on(tess, "Add")
    checker.look("collection")
    tess.locator("[data-place]").first.evaluate("one => one.scrollIntoView({ block: 'start' })")
    grip = tess.locator("[data-grip]").last.bounding_box()
    first = tess.locator("[data-place]").first.bounding_box()
    tess.mouse.move(grip["x"] + 10, grip["y"] + 10)
    tess.mouse.down()
    tess.mouse.move(first["x"] + 10, first["y"] + 20, steps=5)
    with tess.expect_navigation():
        tess.mouse.move(first["x"] + 10, first["y"] + 2)
        tess.mouse.up()
    expect(tess.locator("[data-place]").first).to_contain_text("1. A door in the back")
    press_on(tess, "Move up")
    expect(tess.locator("[data-place]").first).to_contain_text("1. A window on each side")


def test_a_lesson_from_its_first_word_to_its_withdrawal(
    tess: Page, checker: PageChecker, signed_in_as: Callable[[str], Page], demo_site: DemoSite
) -> None:
    edda, site = signed_in_as("Edda Door"), demo_site.url
    write(tess, checker)
    assert demo_site.run(RECORDED)
    mark(tess, checker, site)
    checker.go(f"{EDIT}transcript/", "lesson-transcript")
    tess.goto(f"{site}{EDIT}preview/")
    press_on(tess, "Save")
    expect(tess.locator("main")).to_contain_text("nothing was saved")
    assert edda.goto(site + READ).status == 404
    tess.goto(site + EDIT)
    press_on(tess, "Publish")
    edda.goto(site + READ)
    expect(edda.get_by_role("heading", name="A door in the back", level=1)).to_be_visible()
    edda.get_by_text("Parts of the lesson").first.click()
    expect(edda.get_by_role("link", name="The ribs")).to_be_visible()
    order(tess, checker)
    tess.goto(site + EDIT)
    onward(tess.get_by_role("link", name="Withdraw"))
    expect(tess.locator("main")).to_contain_text("1 client has it")
    checker.look("lesson-withdraw")
    press_on(tess, "Withdraw")
    assert edda.goto(site + READ).status == 410
    expect(edda.locator("main")).to_contain_text("Tess has taken this lesson back for now")
