"""What can be booked, when, and why not: every shape as the contract says it, every odd question refused."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.api import kept_slots
from booking.models import SessionType
from booking.testing import make_session_type
from booking.tests.people import TEN, denver, minutes
from booking.tests.web_client import Api, refusal, stored
from practice.tests.sampling import proof_only

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
api = Api()
DAY = {"session_type": "session", "from_": "2027-03-16", "to": "2027-03-16"}


# What can be booked


def test_session_types_have_the_shape_of_the_contract(both):
    assert api.get("session-types").json() == [
        {
            "slug": "session",
            "name": "Session",
            "minutes": 60,
            "price_cents": 9500,
            "currency": "USD",
            "practitioners": ["tess", "jonah"],
        }
    ]


def test_session_types_cost_the_same_queries_however_many_there_are(both, tess, django_assert_num_queries):
    make_session_type(tess, slug="second", name="Second")
    make_session_type(tess, slug="third", name="Third")
    with django_assert_num_queries(4):
        api.get("session-types")


def test_slots_have_the_shape_of_the_contract(hourly):
    body = api.get("slots", practitioner="tess", **DAY).json()
    assert set(body) == {"tz", "slots", "reason"}
    assert (body["tz"], body["reason"], len(body["slots"])) == ("America/Denver", None, 8)
    assert body["slots"][0] == {
        "start": "2027-03-16T15:00:00Z",
        "end": "2027-03-16T16:00:00Z",
        "local": "2027-03-16T09:00:00-06:00",
        "practitioner": "tess",
    }
    assert body["slots"] == sorted(body["slots"], key=lambda slot: slot["start"])


def test_slots_of_any_name_each_start_once_with_someone_who_is_free(both, tess):
    api.book(TEN)
    found = api.get("slots", practitioner="any", **DAY).json()["slots"]
    assert [slot["practitioner"] for slot in found] == ["tess", "jonah", *["tess"] * 6]
    assert len({slot["start"] for slot in found}) == 8


def test_both_dates_are_included_and_are_dates_of_the_zone_asked_for(hourly):
    two_days = {**DAY, "to": "2027-03-17", "tz": "Pacific/Kiritimati"}
    found = api.get("slots", **two_days).json()["slots"]
    assert len(found) == 16
    assert {slot["local"][:10] for slot in found} == {"2027-03-16", "2027-03-17"}
    assert {slot["local"][-6:] for slot in found} == {"+14:00"}


def test_case_11_berlin_sees_nine_oclock_in_denver_as_16_and_after_its_own_change_as_17(hourly):
    for day, hour in (("2027-03-26", "16"), ("2027-03-29", "17")):  # 9:00
        asked = {"session_type": "session", "from_": day, "to": day, "tz": "Europe/Berlin"}
        assert f"{day}T{hour}:00:00" in {
            slot["local"][:19] for slot in api.get("slots", **asked).json()["slots"]
        }


def test_an_empty_range_says_why(hourly):
    body = api.get("slots", session_type="session", from_="2027-02-01", to="2027-02-02").json()
    assert body["slots"] == []
    assert body["reason"].endswith(".")


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"from_": "2027-03-17"}, 422, "reversed_range", "to"),
        ({"to": "2027-06-16"}, 422, "range_too_long", "to"),
        ({"to": "2037-03-16"}, 422, "range_too_long", "to"),
        ({"from_": "0001-01-01"}, 422, "invalid_date", "from"),
        ({"to": "9999-12-31"}, 422, "invalid_date", "to"),
        ({"from_": "2027-02-30"}, 422, "invalid_date", "from"),
        ({"from_": "2027-W10-6"}, 422, "invalid_date", "from"),
        ({"from_": "20270316"}, 422, "invalid_date", "from"),
        ({"to": "2027-03-16T00:00"}, 422, "invalid_date", "to"),
        ({"to": "١٢٣٤-٠١-٠١"}, 422, "invalid_date", "to"),
        ({"tz": "Mars/Olympus"}, 422, "unknown_zone", "tz"),
        ({"tz": "../../etc/passwd"}, 422, "unknown_zone", "tz"),
        ({"session_type": "none"}, 404, "unknown_session_type", "session_type"),
        ({"practitioner": "nobody"}, 404, "unknown_practitioner", "practitioner"),
        ({"session_type": "s" * 10_000}, 404, "unknown_session_type", "session_type"),
    ],
)
def test_slots_refuse_what_makes_no_sense(hourly, change, status, code, field):
    answer = api.get("slots", **{**DAY, **change})
    error = refusal(answer)
    assert (answer.status_code, error["code"], list(error["fields"])) == (status, code, [field])


def test_ninety_two_days_are_allowed(hourly):
    assert api.get("slots", **{**DAY, "to": "2027-06-15"}).status_code == 200


def test_a_missing_parameter_is_named(hourly):
    answer = api.get("slots", session_type="session", to="2027-03-16")
    assert (answer.status_code, list(refusal(answer)["fields"])) == (422, ["from"])


@pytest.mark.parametrize("people", [1, 2])
def test_slots_cost_at_most_seven_queries(both, people, django_assert_max_num_queries):
    """Of them one is for the version of the answer, and one for the practice, if no zone is named."""
    kept_slots.CACHE.clear()
    api.book(TEN)
    with django_assert_max_num_queries(7):
        api.get("slots", practitioner="any" if people == 2 else "tess", **{**DAY, "to": "2027-06-15"})
    with django_assert_max_num_queries(7):
        assert api.get("slots", **{**DAY, "from_": "2026-01-01", "to": "2026-01-02"}).json()["reason"]


# Why not


def test_explain_says_yes_and_names_the_rule_of_a_no(hourly):
    asked = {"session_type": "session", "practitioner": "tess"}
    yes = api.get("explain", start=TEN.isoformat(), **asked).json()
    assert yes == {"bookable": True, "rule": None, "message": "This time can be booked."}
    no = api.get("explain", start=denver("2027-03-16 16:30").isoformat(), **asked).json()
    assert (no["bookable"], no["rule"]) == (False, "past_closing")
    assert "5:00 PM" in no["message"]


# With one practitioner, `test_listed_is_bookable.py` compares list, `explain` and both POSTs.
@pytest.mark.parametrize("who", [pytest.param("tess", marks=proof_only), "any"])
def test_listed_is_bookable_and_the_rest_is_refused_as_explained(both, settings, who):
    """A day, every five minutes, around a booked hour, in a type with buffers, a notice and a daily limit."""
    settings.RATE_LIMITS = False
    SessionType.objects.filter(pk=both.pk).update(step=30, buffer_after=15, notice_hours=196, daily_limit=2)
    for start, whose in ((TEN, "tess"), (denver("2027-03-09 13:00"), "jonah")):
        assert api.book(start, practitioner=whose).status_code == 201
    days = {"session_type": "session", "from_": "2027-03-08", "to": "2027-03-09"}
    listed = {slot["start"] for slot in api.get("slots", practitioner=who, **days).json()["slots"]}
    rules, before = set(), stored()
    first = denver("2027-03-08 06:00")
    for start in (first + minutes(5 * number) for number in range(12 * 24, 12 * 37)):
        asked = {"session_type": "session", "practitioner": who, "start": start.isoformat()}
        told = api.get("explain", **asked).json()
        key = start.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        assert told["bookable"] == (key in listed), (start, told)
        if told["bookable"] or who != "any" or start.minute % 30 not in (0, 5):
            continue
        answer = api.book(start, practitioner=who, email="other@example.com")
        rules.add(told["rule"])
        taken = told["rule"] in ("taken", "buffer", "daily_limit")
        assert answer.status_code == (409 if taken else 422), (start, told, answer.json())
        assert refusal(answer)["code"] == ("slot_taken" if taken else told["rule"]), start
    assert listed
    assert who != "any" or {"notice", "outside_hours", "past_closing", "off_grid"} <= rules
    assert stored() == before


def test_of_any_explain_tells_what_booking_would_tell(both, tess, jonah):
    """Tess is closed, Jonah is only taken: both say taken, for that may change."""
    tess.opening_hours.all().delete() if hasattr(
        tess, "opening_hours"
    ) else tess.openinghours_set.all().delete()
    assert api.book(TEN, practitioner="jonah").status_code == 201
    asked = {"session_type": "session", "practitioner": "any", "start": TEN.isoformat()}
    assert api.get("explain", **asked).json()["rule"] == "taken"
    assert refusal(api.book(TEN, practitioner="any"))["code"] == "slot_taken"


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("2027-03-14T02:30", "nonexistent_time"),
        ("2027-11-07T01:30", "ambiguous_time"),
        ("2027-03-16", "invalid_time"),
        ("tomorrow", "invalid_time"),
        ("2027-02-30T10:00", "invalid_time"),
        ("0001-01-01T00:00+14:00", "invalid_time"),
        ("9999-12-31T23:59-14:00", "invalid_time"),
        ("9999-12-31T23:59", "invalid_time"),
    ],
)
def test_explain_refuses_a_start_that_is_no_instant(hourly, start, code):
    answer = api.get("explain", session_type="session", practitioner="tess", start=start)
    assert (answer.status_code, refusal(answer)["code"]) == (422, code)


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("0001-01-01T00:00:00Z", "past"),
        ("0001-01-02T00:00:00", "past"),
        ("9999-12-31T23:59:59Z", "horizon"),
        ("2999-01-01T00:00:00Z", "horizon"),
    ],
)
def test_years_at_the_end_of_the_calendar_are_judged_like_any_other(hourly, start, rule):
    assert api.get("explain", session_type="session", start=start).json()["rule"] == rule
    assert refusal(api.book(start))["code"] == rule
    assert refusal(api.post("holds", {"session_type": "session", "start": start}))["code"] == rule
