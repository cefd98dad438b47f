"""No email uses an element or a rule of CSS of which nobody has looked up where it works.

A new one: look it up at caniemail.com, and add it to `html_features.json` with what the reader sees where it
does not work.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from practice.tests.every_email.composed import Composed, compose_all
from practice.tests.every_email.html_features import features_of, known, table

DOCS = Path(__file__).parents[3] / "docs" / "emails.md"


@pytest.fixture(scope="module")
def emails(module_db: None) -> list[Composed]:
    """All of them, composed once."""
    return compose_all()


def test_what_emails_use_is_what_was_looked_up(emails: list[Composed]) -> None:
    assert set().union(*(features_of(one.html) for one in emails)) == set(known())


def test_control_what_is_new_is_found() -> None:
    html = '<style>@media (hover: none) { p { gap: 0 } }</style><p style="display: flex"></p><table></table>'
    new = {"css-at-media-hover", "css-gap", "html-table"}
    assert features_of(html) - set(known()) == new


def test_where_something_does_not_work_it_is_written_what_the_reader_sees() -> None:
    assert [name for name, said in known().items() if said["not_in"] and not said["reader_sees"]] == []


def test_the_docs_have_the_table() -> None:
    assert table() in DOCS.read_text(encoding="utf-8")
