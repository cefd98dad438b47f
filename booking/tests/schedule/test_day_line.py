"""The line under a heading: one click to the day or week beside it, and what it keeps on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.schedule.day_line import DayLine
from practice.testing import at_work

TUESDAY = dt.date(2027, 3, 2)


def test_a_week_leads_to_the_weeks_beside_it_and_keeps_whose_it_is():
    line = DayLine("workspace_week", TUESDAY, TUESDAY, "en-us", by_room=True)
    assert line.before == ("/workspace/week/?day=2027-02-21&view=rooms", "Feb 21 – 27")
    assert line.after == ("/workspace/week/?day=2027-03-07&view=rooms", "Mar 7 – 13")
    assert line.is_now


def test_a_week_begins_as_the_practices_calendar_does():
    sunday = dt.date(2027, 3, 7)
    assert DayLine("workspace_week", sunday, sunday, "en-us").after[1] == "Mar 14 – 20"
    assert DayLine("workspace_week", sunday, sunday, "en-gb").after[1] == "8 – 14 Mar"


def test_another_day_of_this_week_is_this_week_and_not_today():
    assert DayLine("workspace_week", dt.date(2027, 3, 6), TUESDAY, "en-us").is_now
    assert not DayLine("workspace_day", dt.date(2027, 3, 6), TUESDAY, "en-us").is_now


@pytest.mark.django_db
def test_today_has_the_line_and_its_tools_above_the_first_client(both, tess, jonah):
    page = at_work(tess.user).get("/workspace/?day=2027-03-05&with=jonah").content.decode()
    head = page[: page.index("</header>", page.index("<main"))]
    for link in (
        'href="/workspace/?day=2027-03-04&amp;with=jonah"',
        'href="/workspace/?day=2027-03-06&amp;with=jonah"',
        'href="/workspace/week/?day=2027-03-05&amp;with=jonah"',
        'href="/workspace/book/"',
        'href="/workspace/practice/days-off/"',
        'href="/workspace/waitlist/"',
        '<input type="hidden" name="with" value="jonah">',
        'type="date"',
    ):
        assert link in head
