"""Moving in from another system, in a real browser: three files are matched, checked, imported and undone.

The practice's worker does the rows. At the end there is exactly as much as there was before.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.steps import onward, press_on

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MANY = 300  # rows enough for a bar to be seen
#: "Known as" is no heading that anybody could guess.
CLIENTS = "Known as;E-mail;Phone\n" + "".join(
    f"Mover {number};mover{number}@moved.example;(303) 555-{number:04}\n" for number in range(MANY)
)
SAME_AGAIN = "Mover 0;mover0@moved.example;(303) 555-0000\n;nobody@moved.example;\n"
PACKAGES = "Client,Email,Service,Sessions left\nMover 1,mover1@moved.example,Ten sessions,7\n"
TIMES = (
    "Client,Email,Date,Staff,Service\n"
    "Mover 1,mover1@moved.example,3/16/2028 2:30 PM,T. Marlow,Follow-up\n"
    "Mover 2,mover2@moved.example,3/16/2028 2:30 PM,T. Marlow,Follow-up\n"
)
COUNTS = """
from booking.models import Appointment, Package
from practice.models import Letter, User
print([
    User.objects.count(), Appointment.objects.count(), Package.objects.count(),
    Letter.objects.filter(to_address__endswith="moved.example").count(),
])
"""
MADE = """
from booking.models import Appointment, Package
from practice.core.clock import zone_named
for one in Appointment.objects.filter(client__email__endswith="moved.example"):
    start = one.starts_at.astimezone(zone_named("America/Denver"))
    print(one.client.name, f"{start:%Y-%m-%d %H:%M}", one.practitioner.slug, one.session_type.slug)
for one in Package.objects.filter(client__email__endswith="moved.example"):
    print(one.client.name, one.session_type.slug, one.sessions)
"""


@pytest.fixture
def desk(signed_in, demo_site: DemoSite) -> Page:
    page = signed_in("tess@juniper.example", viewport={"width": 1280, "height": 900})
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def upload(desk: Page, demo_site: DemoSite, kind: str, name: str, text: str) -> None:
    """A file is chosen, and its columns are shown."""
    desk.goto(f"{demo_site.url}/workspace/practice/import/")
    desk.get_by_label(kind, exact=True).check()
    desk.get_by_label("CSV file").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    )
    press_on(desk, "Upload and look at it")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Match the columns")


def match(desk: Page, label: str, choice: str) -> None:
    """A column, or a name in the file, is matched: the rows below follow at once."""
    field = desk.get_by_label(label, exact=True)
    option = field.locator("option").filter(has_text=re.compile(f"^{choice}\\b")).first
    with desk.expect_response(lambda answer: answer.request.method == "POST"):
        field.select_option(value=option.get_attribute("value"))


def check_rows(desk: Page) -> None:
    """The dry run: the worker looks at each row, and nothing is saved."""
    press_on(desk, "Check all rows")
    expect(desk.get_by_text("Nothing is imported yet.")).to_be_visible()
    expect(desk.get_by_role("heading", name="Row by row")).to_be_visible()


def run_import(desk: Page, button: str) -> None:
    """The import runs, and the page turns by itself when it is done."""
    press_on(desk, button)
    expect(desk.get_by_role("button", name="Undo this import")).to_be_visible()


def undo(desk: Page, address: str) -> None:
    """Everything that a file added is removed again."""
    desk.goto(address)
    press_on(desk, "Undo this import")
    expect(desk.get_by_text("Undone. Everything that it added is removed.")).to_be_visible()


def clients_move_in(desk: Page, demo_site: DemoSite, before: str) -> str:
    """A column is matched by hand; a dry run names what can't come; the bar is seen."""
    upload(desk, demo_site, "Clients", "clients.csv", CLIENTS + SAME_AGAIN)
    press_on(desk, "Check all rows")
    expect(desk.get_by_role("alert").first).to_contain_text("Please choose a column for")
    match(desk, "Full name", "Known as")
    expect(desk.locator(".sample")).to_contain_text("Mover 3")
    check_rows(desk)
    expect(desk.get_by_text(f"{MANY} clients would be added.")).to_be_visible()
    expect(desk.locator(".rowlist")).to_contain_text("Mover 1")
    onward(desk.get_by_role("link", name=re.compile("^Can’t be imported: 1")))
    expect(desk.locator(".rowlist li")).to_have_count(1)
    assert demo_site.run(COUNTS) == before
    press_on(desk, f"Import {MANY} clients")
    expect(desk.get_by_role("progressbar")).to_be_visible()
    expect(desk.get_by_role("heading", name=re.compile(rf"\d+ of {MANY + 2} rows"))).to_be_visible()
    expect(desk.get_by_text(f"Imported: {MANY} clients.")).to_be_visible()
    return desk.url


def packages_move_in(desk: Page, demo_site: DemoSite) -> str:
    """What another system calls a package is matched to a session type of ours."""
    upload(desk, demo_site, "Package balances", "packages.csv", PACKAGES)
    match(desk, "Ten sessions", "Session")
    check_rows(desk)
    run_import(desk, "Import 1 package")
    return desk.url


def appointments_move_in(desk: Page, demo_site: DemoSite) -> str:
    """Names are matched; of two rows at one time the second can't come, and says why."""
    upload(desk, demo_site, "Future appointments", "calendar.csv", TIMES)
    match(desk, "T. Marlow", "Tess Marlow")
    match(desk, "Follow-up", "Session")
    check_rows(desk)
    expect(desk.locator(".rowlist")).to_contain_text("Another row of this file is at this time.")
    run_import(desk, "Import 1 appointment")
    return desk.url


def test_three_files_move_in_and_their_undo_leaves_nothing(desk: Page, demo_site: DemoSite) -> None:
    before = demo_site.run(COUNTS)
    clients = clients_move_in(desk, demo_site, before)
    packages = packages_move_in(desk, demo_site)
    times = appointments_move_in(desk, demo_site)
    assert demo_site.run(MADE).splitlines() == [
        "Mover 1 2028-03-16 14:30 tess session",
        "Mover 1 session 7",
    ]
    desk.goto(f"{demo_site.url}/workspace/day/?day=2028-03-16&with=tess")
    expect(desk.locator("[data-appointment]", has_text="Mover 1")).to_be_visible()
    for address in (times, packages, clients):
        undo(desk, address)
    assert demo_site.run(COUNTS) == before
