"""Show every email as its reader sees it, or write what SpamAssassin and caniemail say of all of them.

    python -m tools.emails FOLDER   contact sheets: both languages, light and dark, on a phone and a desktop
    python -m tools.emails          the tables of docs/emails.md; needs `tools/debian spam`

Composes the emails as `practice/tests/every_email/` does, in a practice of its own that is gone afterward.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import product
from pathlib import Path

from django.db import transaction
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import conftest  # before anything of ours: a practice of its own, as for tests
from practice.email_texts.preview import in_theme
from practice.tests.every_email import spam_scores
from practice.tests.every_email.composed import Composed, compose_all
from practice.tests.every_email.html_features import table as features_table
from practice.tests.worker_database import own_test_database
from tools.screenshots import FLAGS, chromium

DOCS = conftest.ROOT / "docs" / "emails.md"
PHONE, DESKTOP = 390, 700
#: How much smaller the pictures are on a sheet, and how many fit on one: columns and rows.
SCALE, COLUMNS, ROWS = 0.5, {PHONE: 8, DESKTOP: 5}, 2
GAP, PAPER = 8, "#888888"


def main() -> None:
    """Write the sheets into the folder that is named, or the tables."""
    logging.disable(logging.INFO)  # a line for each email that is sent
    emails = composed()
    if len(sys.argv) > 1:
        write_sheets(emails, Path(sys.argv[1]))
    else:
        write_tables(emails)


def composed() -> list[Composed]:
    """Return every email."""
    try:
        with own_test_database("emails"), transaction.atomic():
            transaction.get_connection().atomic_blocks[-1]._from_testcase = True
            found = compose_all()
            transaction.set_rollback(True)
        return found
    finally:
        conftest.pytest_unconfigure(None)


# Pictures


def write_sheets(emails: Sequence[Composed], folder: Path) -> None:
    """Write the sheets, and print the name of each with the names of its emails in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    languages = sorted({one.language for one in emails})
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS]) as browser,
    ):
        for language, dark, width in product(languages, (False, True), (PHONE, DESKTOP)):
            of_language = [one for one in emails if one.language == language]
            size = COLUMNS[width] * ROWS
            for number, start in enumerate(range(0, len(of_language), size), start=1):
                some = of_language[start : start + size]
                name = f"{language}-{'dark' if dark else 'light'}-{width}-{number}.png"
                sheet([picture(browser, one, dark=dark, width=width) for one in some], width).save(
                    folder / name
                )
                print(name, ", ".join(one.name for one in some))


def picture(browser: Browser, one: Composed, *, dark: bool, width: int) -> Image.Image:
    """Return the whole email as it looks in a window of this width."""
    page = browser.new_page(viewport={"width": width, "height": 300})
    page.set_content(in_theme(one.html, dark=dark))
    taken = Image.open(BytesIO(page.screenshot(full_page=True)))
    page.close()
    return taken.resize((round(taken.width * SCALE), round(taken.height * SCALE)))


def sheet(pictures: Sequence[Image.Image], width: int) -> Image.Image:
    """Return the pictures beside and below one another."""
    columns = COLUMNS[width]
    rows = [pictures[start : start + columns] for start in range(0, len(pictures), columns)]
    heights = [max(one.height for one in row) + GAP for row in rows]
    whole = Image.new("RGB", (columns * (round(width * SCALE) + GAP), sum(heights)), PAPER)
    for number, row in enumerate(rows):
        for place, one in enumerate(row):
            whole.paste(one, (place * (round(width * SCALE) + GAP), sum(heights[:number])))
    return whole


# Tables


def write_tables(emails: Sequence[Composed]) -> None:
    """Write both tables into docs/emails.md."""
    text = DOCS.read_text(encoding="utf-8")
    text = between("SpamAssassin", "\n".join(spam_table(emails)), text)
    text = between("caniemail", features_table(), text)
    DOCS.write_text(text, encoding="utf-8")


def between(name: str, table: str, text: str) -> str:
    """Return the text with this table between its two comments."""
    before, _, rest = text.partition(f"<!-- {name}: `python -m tools.emails` writes from here -->\n")
    _, _, after = rest.partition("<!-- to here -->")
    begin = f"<!-- {name}: `python -m tools.emails` writes from here -->\n"
    return f"{before}{begin}{table}\n<!-- to here -->{after}"


def spam_table(emails: Sequence[Composed]) -> Iterator[str]:
    """Yield the lines of the table: the most points that an email of each kind got, and for which rules."""
    with tempfile.TemporaryDirectory() as folder:
        found = spam_scores.points_of([one.raw for one in emails], Path(folder))
    yield f"SpamAssassin {spam_scores.version()}, {dt.datetime.now(dt.UTC):%B %-d, %Y}, {len(emails)} emails."
    yield ""
    yield "| kind | English | Spanish | rules that fired |"
    yield "|---|---|---|---|"
    for kind in dict.fromkeys(one.kind for one in emails):
        of_kind = [
            (one.language, rules) for one, rules in zip(emails, found, strict=True) if one.kind == kind
        ]
        most = [
            round(max(sum(rules.values()) for language, rules in of_kind if language == which), 1) + 0.0
            for which in ("en", "es")
        ]
        fired = sorted(
            {f"{name} {points:g}" for _language, rules in of_kind for name, points in rules.items()}
        )
        yield f"| `{kind}` | {most[0]:.1f} | {most[1]:.1f} | {', '.join(fired)} |"


if __name__ == "__main__":
    main()
