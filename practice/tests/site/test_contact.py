"""Nobody is told to call without the number: by phone, else by email."""

import re

import pytest

from practice.contact import or_call, please_call
from practice.models import Practice
from practice.tests.code.reading_order import APPS, ROOT

#: Pages that are shown where nobody knows the practice any more.
BLIND = {"500.html", "503.html"}
CATALOGS = {"django.po", "django.mo"}
#: A call without its number: "call us" that no colon, comma or link follows.
BARE = re.compile(r"\bcall us\b(?!:|, <span|,? at <a| instead: |\" %}{% else %})", re.IGNORECASE)


@pytest.mark.parametrize(
    ("phone", "email", "asked", "instead"),
    [
        ("303 555 0142", "a@x.test", "Please call us: 303 555 0142.", "Or call us: 303 555 0142."),
        ("", "a@x.test", "Please email us: a@x.test.", "Or email us: a@x.test."),
        ("", "", "Please contact us.", ""),
    ],
)
def test_by_phone_else_by_email(phone, email, asked, instead):
    practice = Practice(phone=phone, email=email)
    assert (please_call(practice), or_call(practice)) == (asked, instead)


def test_no_sentence_says_call_us_without_a_number():
    texts = [path for path in (ROOT / "templates").rglob("*.*") if path.name not in BLIND | CATALOGS]
    for app in APPS:
        texts += [path for path in (ROOT / app).rglob("*.py") if "tests" not in path.parts]
    lines = [(path.name, line.strip()) for path in texts for line in path.read_text().splitlines()]
    assert [where for where in lines if BARE.search(where[1]) and where[0] != "contact.py"] == []
