"""The public API: every shape as the contract says it, one shape for every refusal, nothing stored by one."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from booking.actions import once as once_module
from booking.models import Appointment, IdempotencyKey, SessionType
from booking.tasks import forget_keys
from booking.testing import make_session_type
from booking.tests.cast import NOW, TEN, denver, kinds, minutes
from booking.tests.web import Api, booking, stored
from practice.celery import app as celery
from practice.models import Letter, User
from practice.testing import make_user

api = Api()
DAY = {"session_type": "session", "from_": "2027-03-16", "to": "2027-03-16"}


@pytest.fixture(autouse=True)
def _a_monday_in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hourly(tess) -> SessionType:
    return make_session_type(tess)


@pytest.fixture
def both(tess, jonah) -> SessionType:
    return make_session_type(tess, jonah)


def refusal(answer) -> dict:
    """The error of an answer, after a look at its shape: the same for every refusal there is."""
    assert answer["Content-Type"].startswith("application/json"), answer.content[:200]
    body = answer.json()
    assert set(body) <= {"error", "alternatives"}
    assert set(body["error"]) <= {"code", "message", "fields"}
    assert body["error"]["code"]
    assert len(body["error"]["message"]) > 10
    return body["error"]


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


def test_slots_of_any_name_each_start_once_with_somebody_who_is_free(both, tess):
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
def test_slots_cost_at_most_six_queries(both, people, django_assert_max_num_queries):
    api.book(TEN)
    with django_assert_max_num_queries(6):
        api.get("slots", practitioner="any" if people == 2 else "tess", **{**DAY, "to": "2027-06-15"})
    with django_assert_max_num_queries(6):
        assert api.get("slots", **{**DAY, "from_": "2026-01-01", "to": "2026-01-02"}).json()["reason"]


# Why not


def test_explain_says_yes_and_names_the_rule_of_a_no(hourly):
    asked = {"session_type": "session", "practitioner": "tess"}
    yes = api.get("explain", start=TEN.isoformat(), **asked).json()
    assert yes == {"bookable": True, "rule": None, "message": "This time can be booked."}
    no = api.get("explain", start=denver("2027-03-16 16:30").isoformat(), **asked).json()
    assert (no["bookable"], no["rule"]) == (False, "past_closing")
    assert "5:00 pm" in no["message"]


@pytest.mark.parametrize("who", ["tess", "any"])
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


# Holds


def test_a_hold_lasts_ten_minutes_and_is_given_back_as_often_as_one_likes(hourly):
    wanted = {"session_type": "session", "practitioner": "tess", "start": TEN.isoformat()}
    answer = api.post("holds", wanted)
    assert answer.status_code == 201
    assert set(answer.json()) == {"hold", "expires"}
    assert answer.json()["expires"] == "2027-03-01T15:10:00Z"
    gone = api.post("holds", wanted)
    assert (gone.status_code, refusal(gone)["code"]) == (409, "slot_taken")
    for _ in range(2):
        answer_again = api.client.delete(f"/api/v1/holds/{answer.json()['hold']}")
        assert (answer_again.status_code, answer_again.content) == (204, b"")
    assert api.post("holds", wanted).status_code == 201


def test_a_hold_that_nobody_gave_is_not_found(hourly):
    answer = api.client.delete("/api/v1/holds/deadbeef.nothing")
    assert (answer.status_code, refusal(answer)["code"]) == (404, "unknown_hold")


def test_a_held_time_is_booked_by_whoever_has_the_hold_and_by_nobody_else(hourly):
    wanted = {"session_type": "session", "practitioner": "tess", "start": TEN.isoformat()}
    token = api.post("holds", wanted).json()["hold"]
    assert api.book(TEN, email="ben@example.com").status_code == 409
    assert api.book(TEN, hold=token).status_code == 201


def test_giving_back_what_has_become_an_appointment_does_not_cancel_it(hourly):
    wanted = {"session_type": "session", "practitioner": "tess", "start": TEN.isoformat()}
    token = api.post("holds", wanted).json()["hold"]
    api.book(TEN, hold=token)
    assert api.client.delete(f"/api/v1/holds/{token}").status_code == 204
    assert Appointment.objects.get().state == "booked"


# Booking


def test_a_booking_answers_in_the_shape_of_the_contract(hourly, settings):
    answer = api.book(TEN)
    row = Appointment.objects.get()
    body = answer.json()
    assert answer.status_code == 201
    assert body.pop("manage_url").startswith(f"{settings.SITE_URL}/appointments/")
    assert body == {
        "id": str(row.uid),
        "start": "2027-03-16T16:00:00Z",
        "end": "2027-03-16T17:00:00Z",
        "practitioner": "tess",
        "state": "booked",
    }
    assert kinds(row).count("confirmation") == 1


def test_a_taken_time_is_409_with_the_nearest_that_are_free(hourly):
    api.book(TEN)
    answer = api.book(TEN, email="ben@example.com")
    assert (answer.status_code, refusal(answer)["code"]) == (409, "slot_taken")
    assert [slot["local"][11:16] for slot in answer.json()["alternatives"]] == ["09:00", "11:00", "12:00"]
    assert set(answer.json()["alternatives"][0]) == {"start", "end", "local", "practitioner"}
    assert api.book(answer.json()["alternatives"][0]["start"], email="ben@example.com").status_code == 201


def test_alternatives_are_told_in_the_zone_the_request_named(hourly):
    api.book(TEN)
    answer = api.book(TEN, tz="Europe/Berlin")
    assert {slot["local"][-6:] for slot in answer.json()["alternatives"]} == {"+01:00"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ...}, "name"),
        ({"name": "  \u2028 "}, "name"),
        ({"name": "A" * 10_000}, "name"),
        ({"name": 10**30}, "name"),
        ({"email": ...}, "email"),
        ({"email": "ann at example"}, "email"),
        ({"email": f"{'a' * 10_000}@example.com"}, "email"),
        ({"phone": "1" * 10_000}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"consent": False}, "consent"),
        ({"consent": ...}, "consent"),
        ({"consent": "sure"}, "consent"),
        ({"start": ...}, "start"),
        ({"start": 1e30}, "start"),
        ({"start": "2" * 10_000}, "start"),
        ({"start": "2027-03-14T02:30"}, "start"),
        ({"start": "2027-11-07T01:30"}, "start"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"tz": "A" * 10_000}, "tz"),
        ({"hold": "no-such-hold"}, "hold"),
        ({"hold": "h" * 10_000}, "hold"),
        ({"hodl": "a misspelled one"}, "hodl"),
        ({"session_type": ["session"]}, "session_type"),
        ({"practitioner": None}, "practitioner"),
    ],
)
def test_a_wrong_field_is_422_says_which_and_stores_nothing(hourly, change, field):
    before = stored()
    answer = api.book(TEN, **change)
    assert answer.status_code == 422, answer.content
    assert list(refusal(answer)["fields"]) == [field]
    assert stored() == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": "2027-02-28T10:00:00-07:00"}, "past"),
        ({"start": "2027-03-16T10:05:00-06:00"}, "off_grid"),
        ({"start": "2027-03-16T08:00:00-06:00"}, "outside_hours"),
        ({"start": "2027-03-16T10:00:00-06:00", "session_type": "late"}, "outside_hours"),
    ],
)
def test_a_time_no_rule_allows_is_422_with_the_rule_and_stores_nothing(hourly, jonah, change, code):
    late = make_session_type(jonah, slug="late", name="Late")
    jonah_hours = jonah.opening_hours
    jonah_hours.update(opens=dt.time(18), closes=dt.time(20))
    before = stored()
    answer = api.book(TEN, **{"practitioner": "any", **change})
    assert (answer.status_code, refusal(answer)["code"]) == (422, code)
    assert (stored(), late.appointments.count()) == (before, 0)


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "A\\u0000nn"}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"consent": NaN}',
        b"{",
        b"\xff\xfe",
        b'{"start": ' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_no_json_or_cannot_be_kept_is_400(hourly, body):
    answer = api.post("appointments", body)
    assert (answer.status_code, refusal(answer)["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"text"', b"{}"])
def test_json_of_another_kind_is_422(hourly, body):
    answer = api.post("appointments", body)
    assert (answer.status_code, bool(refusal(answer))) == (422, True)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
@pytest.mark.parametrize("path", ["appointments", "holds"])
def test_only_json_is_taken_for_a_foreign_page_could_send_the_rest(hourly, content_type, path):
    before = stored()
    answer = api.post(path, booking(TEN), content_type=content_type)
    assert (answer.status_code, refusal(answer)["code"]) == (415, "unsupported_media_type")
    assert stored() == before


def test_json_with_a_charset_is_json(hourly):
    assert (
        api.post("appointments", booking(TEN), content_type="application/json; charset=utf-8").status_code
        == 201
    )


def test_the_twenty_first_booking_of_an_hour_is_429(hourly):
    for _ in range(20):
        assert api.book("2027-03-16T10:05:00-06:00").status_code == 422
    answer = api.book(TEN)
    assert (answer.status_code, refusal(answer)["code"]) == (429, "too_many")
    assert int(answer["Retry-After"]) > 0
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        assert api.book(TEN).status_code == 201


def test_case_33_a_known_address_with_another_name_changes_no_record_and_tells_nothing(hourly):
    ann = make_user("Ann Lee", phone="303 555 0101")
    known = api.book(TEN, name="Somebody Else", phone="303 555 0199")
    unknown = api.book(denver("2027-03-16 12:00"), name="Somebody Else", email="new@example.com")
    ann.refresh_from_db()
    assert (ann.name, ann.phone) == ("Ann Lee", "303 555 0101")
    assert Appointment.objects.get(client=ann).attendee_name == "Somebody Else"
    assert (known.status_code, set(known.json())) == (unknown.status_code, set(unknown.json()))
    assert dict(known.headers).keys() == dict(unknown.headers).keys()


def test_a_booking_at_half_past_one_ends_after_the_skipped_hour(hourly, tess):
    """Case 4."""
    hours = tess.opening_hours
    hours.update(opens=dt.time(0), closes=dt.time(6))
    SessionType.objects.update(step=30)
    body = api.book("2027-03-14T01:30").json()
    assert (body["start"], body["end"]) == ("2027-03-14T08:30:00Z", "2027-03-14T09:30:00Z")
    assert "MST" in Letter.objects.get(kind="confirmation").text
    assert "MDT" in Letter.objects.get(kind="confirmation").text


def test_case_6_an_hour_that_comes_twice_is_bookable_twice_with_its_offset(hourly, tess):
    hours = tess.opening_hours
    hours.update(opens=dt.time(0), closes=dt.time(6))
    SessionType.objects.update(step=30)
    assert refusal(api.book("2027-11-07T01:30"))["code"] == "ambiguous_time"
    assert api.book("2027-11-07T01:30-06:00").json()["start"] == "2027-11-07T07:30:00Z"
    assert api.book("2027-11-07T01:30-07:00").json()["start"] == "2027-11-07T08:30:00Z"


# The same key


def test_the_same_key_and_body_books_once_and_is_answered_the_same(hourly):
    first, second = api.book(TEN, key="one"), api.book(TEN, key="one")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert (Appointment.objects.count(), Letter.objects.filter(kind="confirmation").count()) == (1, 1)


def test_a_body_that_only_looks_different_is_the_same(hourly):
    first = api.book(TEN, key="one", phone=None)
    body = dict(reversed(booking(TEN).items()))
    assert api.post("appointments", json.dumps(body, indent=3).encode(), key="one").json() == first.json()


def test_the_same_key_with_another_body_is_422(hourly):
    api.book(TEN, key="one")
    answer = api.book(TEN, key="one", name="Somebody Else")
    assert (answer.status_code, refusal(answer)["code"]) == (422, "other_body")
    assert Appointment.objects.count() == 1


def test_a_refused_request_may_be_tried_again_with_its_key(hourly):
    held = api.post("holds", {"session_type": "session", "start": TEN.isoformat()}).json()["hold"]
    assert api.book(TEN, key="one").status_code == 409
    api.client.delete(f"/api/v1/holds/{held}")
    assert api.book(TEN, key="one").status_code == 201


def test_a_key_is_forgotten_after_a_day(hourly):
    api.book(TEN, key="one")
    with time_machine.travel(NOW + dt.timedelta(hours=24, seconds=1), tick=False):
        assert api.book(TEN + dt.timedelta(days=1), key="one").status_code == 201


def test_a_tick_removes_the_rows_of_keys_that_are_a_day_old(hourly):
    api.book(TEN, key="old")
    with time_machine.travel(NOW + dt.timedelta(hours=23), tick=False):
        api.book(TEN + dt.timedelta(days=1), key="young")
    with time_machine.travel(NOW + dt.timedelta(hours=25), tick=False):
        forget_keys()
    assert [row.key for row in IdempotencyKey.objects.all()] == ["young"]
    assert "booking.forget_keys" in {tick["task"] for tick in celery.conf.beat_schedule.values()}


@pytest.mark.parametrize(
    ("key", "status"), [("k" * 200, 201), ("k" * 201, 422), ("a\x00b", 400), ("schlüssel", 201)]
)
def test_a_key_is_any_text_of_up_to_two_hundred_signs(hourly, key, status):
    assert api.book(TEN, key=key).status_code == status


def test_answers_from_the_second_of_two_at_once_are_those_of_the_first(hourly, monkeypatch):
    """The second finds no row yet, and then, writing its own, that the first was faster."""
    first = api.book(TEN, key="one").json()
    monkeypatch.setattr(once_module, "kept_under", lambda *_, **__: None, raising=False)
    assert api.book(TEN, key="one").json() == first


def test_an_error_inside_is_not_taken_for_a_used_key(hourly):
    def do():
        raise IntegrityError("something else")

    with pytest.raises(IntegrityError):
        once_module.once("new", body="b", do=do, now=NOW)
    assert not IdempotencyKey.objects.exists()


# One shape for every refusal


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "nothing", 404),
        ("get", "", 404),
        ("get", "slots/", 404),
        ("get", "appointments", 405),
        ("put", "appointments", 405),
        ("patch", "holds", 405),
        ("delete", "holds", 405),
        ("post", "session-types", 405),
        ("get", "holds/token", 405),
        ("post", "docs", 405),
        ("get", "slots?session_type=%00", 400),
        ("get", "explain?session_type=session", 422),
        ("options", "slots", 405),
        ("trace", "slots", 405),
    ],
)
def test_every_refusal_has_the_one_shape(hourly, method, path, status):
    answer = Client().generic(method.upper(), f"/api/v1/{path}")
    assert (answer.status_code, bool(refusal(answer))) == (status, True)


def test_a_405_says_what_is_allowed(hourly):
    assert Client().get("/api/v1/appointments")["Allow"] == "POST"


def test_no_answer_of_the_api_sets_a_cookie(hourly):
    client = Client()
    for answer in (Api(client).get("slots", **DAY), Api(client).book(TEN), Api(client).book(TEN)):
        assert not answer.cookies


def test_reading_changes_nothing(hourly):
    before = stored()
    for path in (
        "session-types",
        "slots?session_type=session&from=2027-03-16&to=2027-03-16",
        "openapi.json",
        "docs",
    ):
        Client().get(f"/api/v1/{path}")
        Client().head(f"/api/v1/{path}")
    assert stored() == before


# Its description


def test_the_description_knows_every_status_an_operation_can_have(hourly):
    schema = Client().get("/api/v1/openapi.json").json()
    statuses = {
        f"{method} {path.removeprefix('/api/v1')}": sorted(operation["responses"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }
    assert statuses == {
        "get /session-types": ["200", "400"],
        "get /slots": ["200", "400", "404", "422"],
        "get /explain": ["200", "400", "404", "422"],
        "post /holds": ["201", "400", "404", "409", "415", "422"],
        "delete /holds/{token}": ["204", "400", "404"],
        "post /appointments": ["201", "400", "404", "409", "415", "422", "429"],
    }


def test_the_page_of_the_api_names_every_operation_and_its_answers(hourly):
    page = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("/api/v1/slots", "/api/v1/appointments", "Idempotency-Key", "session_type", "429", "409"):
        assert words in text
    assert "<script" not in text


def test_a_visit_of_a_person_leaves_no_user_behind_when_refused(hourly):
    api.book(TEN)
    api.book(TEN, email="late@example.com")
    assert not User.objects.filter(email="late@example.com").exists()


def test_booking_knocks_at_no_broker_and_no_mail_server(hourly, monkeypatch):
    """A request writes rows: with the network gone a booking is answered as ever, and its letter waits."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("a request reached for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)
    assert api.book(TEN).status_code == 201
    assert set(Letter.objects.values_list("state", flat=True)) == {"planned"}
