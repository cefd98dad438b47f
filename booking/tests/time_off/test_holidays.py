"""The federal holidays by 5 U.S.C. 6103, and the page that closes them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from booking.models import Closure
from booking.tests.people import booked, denver
from booking.time_off.engine.holidays import coming_holidays, holidays_of
from booking.time_off.wording import NAMES
from practice.models import Practice, User
from practice.testing import at_work, make_user

PAGE = "/workspace/practice/days-off/holidays/"

# As the Office of Personnel Management has published them.
PUBLISHED = {
    2021: "01-01 01-18 02-15 05-31 06-19 06-18* 07-04 07-05* 09-06 10-11 11-11 11-25 12-25 12-24*",
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2027: "01-01 01-18 02-15 05-31 06-19 06-18* 07-04 07-05* 09-06 10-11 11-11 11-25 12-25 12-24*",
    2028: "01-01 12-31* 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-11 11-10* 11-23 12-25",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_years_holidays_are_the_published_ones(year):
    found = [f"{one.day:%m-%d}{'*' if one.is_observed else ''}" for one in holidays_of(year)]
    assert found == PUBLISHED[year].split()


@pytest.mark.parametrize("today", [dt.date(2027, 3, 2), dt.date(2027, 12, 31), dt.date(2028, 2, 29)])
def test_twelve_months_name_each_holiday_once_in_order(today):
    found = coming_holidays(today)
    assert found == sorted(found)
    assert [one.code for one in found if not one.is_observed].count("christmas") == 1
    assert {one.code for one in found} == set(NAMES)
    assert all(today <= one.day <= today + dt.timedelta(days=366) for one in found)


def test_new_years_day_on_a_saturday_is_observed_in_the_old_year():
    assert ("new_year", True) in [
        one[1:] for one in coming_holidays(dt.date(2027, 12, 31)) if one.day.year == 2027
    ]


# --- The page -------------------------------------------------------------------------------------


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.django_db
@pytest.mark.usefixtures("a_monday_in_march")
class TestPage:
    def test_the_chosen_days_are_closed_for_everyone_and_who_is_booked_was_named(self, both, tess, jonah):
        booked(both, tess, denver("2027-05-31 10:00"))
        owner = at_work(tess.user)
        page = owner.get(PAGE)
        assert "Monday, May 31: Memorial Day Ann Lee is booked at 10:00 AM." in said(page)
        assert not Closure.objects.exists()
        assert 'value="2027-06-18" checked' not in page.content.decode()  # observed: the practice may be open

        owner.post(PAGE, {"day": ["2027-05-31", "2027-12-25", "2027-03-09", "x"]})
        closed = Closure.objects.values_list("practitioner", "first_day", "last_day")
        assert list(closed) == [(None, day, day) for day in (dt.date(2027, 5, 31), dt.date(2027, 12, 25))]
        assert "Monday, May 31: Memorial Day closed already" in said(owner.get(PAGE))
        owner.post(PAGE, {"day": ["2027-05-31"]})
        assert Closure.objects.count() == 2

    def test_a_practitioner_closes_them_for_themselves_alone(self, tess, jonah):
        at_work(jonah.user).post(PAGE, {"day": ["2027-12-25"]})
        assert Closure.objects.get().practitioner == jonah

    def test_elsewhere_there_is_no_such_page(self, tess):
        Practice.objects.update(zone="Europe/Berlin", home_locale="de")
        assert at_work(tess.user).get(PAGE).status_code == 404

    def test_the_front_desk_closes_them_for_everyone(self, tess):
        at_work(make_user("Faye", role=User.Role.FRONT_DESK)).post(PAGE, {"day": ["2027-12-25"]})
        assert Closure.objects.get().practitioner is None
