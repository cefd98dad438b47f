"""The page of a client's copy is for people: its times are written as on all other pages."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.export.archive import as_json, as_page
from practice.testing import make_practice

pytestmark = pytest.mark.django_db


def test_times_are_in_words_on_the_page_and_in_iso_8601_for_programs() -> None:
    make_practice()
    signed = dt.datetime(2027, 3, 2, 17, 7, tzinfo=dt.UTC)
    record = {
        "format": 1,
        "made_at": signed,
        "practice": {"name": "Juniper Street"},
        "person": {"name": "Ann", "born": dt.date(1980, 2, 3)},
        "consents": [{"at": signed, "from": dt.time(14, 5), "version": 0}],
    }

    page = as_page(record)

    assert page.count("Tuesday, March 2, 2027 at 5:07 PM") == 2
    assert "February 3, 1980" in page
    assert "2:05 PM" in page
    assert "<dd>0\n</dd>" in page
    assert "2027-03-02T17:07:00Z" in as_json(record)
