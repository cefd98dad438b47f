"""Take the four pictures of the README: `make screenshots` writes them into docs/screenshots/.

Starts the demo practice in a folder of its own, by a clock that says Tuesday, March 2, 2027, half past noon
in Denver, so that the same code gives the same pictures. Needs what `tools/debian` installs. Exits with 1
when a picture would not show what it should: a page not found, a font missing, or a file too large.
"""

from __future__ import annotations

import datetime as dt
import email
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN, Shift, shift_to
from practice.tests.processes.up_runner import ROOT, Up, running

FOLDER = ROOT / "docs" / "screenshots"
#: The pixels of a picture. A phone's are twice as sharp, so that all are equally wide in the README's table.
WIDTH, HEIGHT = 780, 1680
PHONE, MAIL, TABLET = 2, 1.5, 1
LARGEST = 250_000  # bytes
BROWSERS = ("chromium-headless-shell", "chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars")
THE_CLIENT = "ben@example.com"
FLOOR = "/lessons/let-the-floor-hold-you/floor/"
MOMENT = TUESDAY_AT_TEN + dt.timedelta(hours=2, minutes=30)
PATIENT = 60_000  # milliseconds
#: Hides what the lower edge would cut through.
WITHOUT_A_CUT = """() => {
    const cut = [...document.body.querySelectorAll('*')].filter(one => {
        const {top, bottom} = one.getBoundingClientRect();
        const own = [...one.childNodes].some(part => part.nodeType === 3 && part.data.trim());
        return top < innerHeight && bottom > innerHeight - 8 && (own || one.matches('svg, button'));
    });
    cut.forEach(one => { one.style.visibility = 'hidden'; });
}"""


class NotTaken(Exception):
    """Raised when a picture would not show what it should; `str(error)` says why."""


def main() -> None:
    """Take all pictures and print their names and sizes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    clock = shift_to(MOMENT)
    with (
        tempfile.TemporaryDirectory(prefix="screenshots-") as folder,
        demo(Path(folder), clock) as up,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS]) as browser,
    ):
        tess, ann = ways_in(up.said)
        with tab(browser, clock, TABLET) as page:
            enter(page, tess)
            open_page(page, up.url + "/workspace/")
            take(page, "today")
        with tab(browser, clock, PHONE) as page:
            enter(page, ann)
            lie_down(page, up.url + FLOOR)
            take(page, "floor")
        with tab(browser, clock, MAIL) as page:
            page.set_content(follow_up(Path(up.environ["VAR_DIR"], "outbox")))
            take(page, "email")
        with tab(browser, clock, PHONE) as page:
            open_page(page, up.url + "/book/first-session/")
            take(page, "booking")


@contextmanager
def demo(folder: Path, clock: Shift) -> Iterator[Up]:
    """Start the demo practice while the block runs; an `.env` of another practice is left out."""
    with running(
        folder,
        PYTHONPATH=clock.environ["PYTHONPATH"],
        CLOCK_SHIFT=clock.environ["CLOCK_SHIFT"],
        DEMO="1",
        DATABASE_URL="",
        EMAIL_URL="",
        KEYS_DIR="",
        MEDIA_ROOT="",
        REDIS_URL="",
        SITE_URL="",
        X_ACCEL="",
    ) as up:
        yield up.start().ready()


def chromium() -> str:
    """Return the browser to use. Raises NotTaken when there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NotTaken("Chromium is not installed: run tools/debian.")
    return found


def ways_in(said: str) -> tuple[str, str]:
    """Return the sign-in links of the practitioner and the client, from what `up` printed."""
    tess, ann = re.findall(r"http\S+/enter/\S+", said)
    return tess, ann


@contextmanager
def tab(browser: Browser, clock: Shift, scale: float) -> Iterator[Page]:
    """Open a tab of this scale in Denver, on the practice's clock, in light colors and without motion."""
    context: BrowserContext = browser.new_context(
        viewport={"width": round(WIDTH / scale), "height": round(HEIGHT / scale)},
        device_scale_factor=scale,
        locale="en-US",
        timezone_id="America/Denver",
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENT)
    context.add_init_script(clock.in_pages)
    yield context.new_page()
    context.close()


def enter(page: Page, link: str) -> None:
    """Sign in with a link from the terminal."""
    page.goto(link)
    page.locator("main button").click()
    page.wait_for_url(re.compile(r"/(workspace|portal)/"))


def open_page(page: Page, address: str) -> None:
    """Open a page and wait until all of it is there. Raises NotTaken when it is not found."""
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise NotTaken(f"{address} answered {answer.status if answer else 'nothing'}.")


def lie_down(page: Page, address: str) -> None:
    """Open floor mode and continue where the client stopped; stop at once, so that the time is the same."""
    open_page(page, address)
    page.get_by_role("button", name=re.compile("^Continue at")).click()
    page.get_by_role("button", name="Pause").click()


def follow_up(outbox: Path) -> str:
    """Return the HTML of the client's longest email between sessions: the one that quotes the most."""
    emails = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in outbox.iterdir()]
    found = [
        body.get_content()
        for one in emails
        if isinstance(one, EmailMessage) and "List-Unsubscribe" in one and THE_CLIENT in one["To"]
        if (body := one.get_body(("html",)))
    ]
    if not found:
        raise NotTaken(f"There is no follow-up email to {THE_CLIENT} in the demo.")
    return str(max(found, key=len))


def take(page: Page, name: str) -> None:
    """Take a picture of the page. Raises NotTaken when a font is missing or the file is too large."""
    page.evaluate("document.activeElement instanceof HTMLElement && document.activeElement.blur()")
    fonts = page.evaluate("document.fonts.ready.then(all => [...all].map(font => font.status))")
    if "error" in fonts:
        raise NotTaken(f"A font of {name} did not load.")
    page.evaluate(WITHOUT_A_CUT)
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    size = file.stat().st_size
    if size > LARGEST:
        raise NotTaken(f"{file.name} has {size:,} bytes, and {LARGEST:,} is the limit.")
    print(f"{file.relative_to(ROOT)}  {size // 1000} kB")


if __name__ == "__main__":
    try:
        main()
    except NotTaken as error:
        sys.exit(str(error))
