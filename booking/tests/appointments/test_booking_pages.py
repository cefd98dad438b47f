"""The way through the pages as a browser without scripts goes it, and everything that can come between."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.signing import Signer
from django.test import Client

from booking import links
from booking.holds.actions.hold_once import new_page_key
from booking.models import Appointment, SessionType
from booking.testing import make_session_type
from booking.tests.people import ANN, NOW, TEN, booked, denver, kinds
from booking.tests.web_client import ANN_TYPES, browser, hidden, starts_on, stored, words_of
from practice.models import Letter, Practice, User

pytestmark = pytest.mark.long  # ninety tests, each with several pages

DAY = "/book/session/?day=2027-03-16&from=2027-03-15"
PRESS = {"practitioner": "tess", "tz": "America/Denver", "start": TEN.isoformat()}


@pytest.fixture(autouse=True)
def clock():
    """Monday, March 1, 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hourly(tess) -> SessionType:
    return make_session_type(tess)


@pytest.fixture
def visitor() -> Client:
    return browser()


def keep(visitor: Client, **changes: str) -> str:
    """Press a time; the address of the form it leads to."""
    answer = visitor.post("/book/session/hold/", {**PRESS, **changes})
    assert answer.status_code == 302, words_of(answer)
    return answer["Location"]


def manage(appointment: Appointment) -> str:
    """The address of its link."""
    return links.appointment_path(appointment)


# The whole way


def test_from_the_types_to_a_canceled_appointment_without_a_script(hourly, visitor):
    assert 'href="/book/session/"' in visitor.get("/book/").content.decode()
    times = visitor.get(DAY)
    assert TEN.isoformat() in starts_on(times)
    form = visitor.post("/book/session/hold/", {**hidden(times), "start": TEN.isoformat()}, follow=True)
    assert "Tuesday, March 16 at 10:00 AM" in words_of(form)
    done = visitor.post(form.request["PATH_INFO"], {**hidden(form), **ANN_TYPES}, follow=True)
    assert "You’re booked." in words_of(done)
    link = done.request["PATH_INFO"]

    times = visitor.get(f"{link}move/?day=2027-03-17&from=2027-03-15")
    noon = "2027-03-17T12:00:00-06:00"
    assert noon in starts_on(times)
    moved = visitor.post(f"{link}move/", {"start": noon}, follow=True)
    assert "Wednesday, March 17, 12:00 – 1:00 PM" in words_of(moved)
    assert "Cancel this appointment?" in words_of(visitor.get(f"{link}cancel/"))
    gone = visitor.post(f"{link}cancel/", follow=True)
    assert "This appointment is canceled" in words_of(gone)

    row = Appointment.objects.get()
    assert (row.state, row.sequence, row.attendee_name) == ("cancelled", 2, "Ann Lee")
    assert {"confirmation", "moved", "cancelled"} <= set(kinds(row))


def test_warning_signs_are_in_plain_sight_before_the_form(hourly, visitor):
    for page in ("/book/", DAY, keep(visitor)):
        assert "numb between the legs" in words_of(visitor.get(page))


def test_no_page_and_no_anonymous_post_sets_a_cookie(hourly, visitor):
    form = keep(visitor)
    link = visitor.post(form, ANN_TYPES)["Location"].split("?")[0]
    for page in ("/book/", DAY, form, link, f"{link}move/", f"{link}cancel/", f"{link}calendar.ics"):
        visitor.get(page)
    visitor.post(f"{link}move/", {"start": "2027-03-17T12:00:00-06:00"})
    visitor.post(f"{link}cancel/")
    visitor.post(f"{keep(visitor)}".split("?")[0] + "let-go/")
    assert not visitor.cookies


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://testserver.evil.example"])
def test_a_post_from_no_page_of_ours_is_403_and_changes_nothing(hourly, tess, visitor, origin):
    form, appointment = keep(visitor), booked(hourly, tess, denver("2027-03-17 10:00"))
    before = stored()
    stranger = Client(headers={"origin": origin} if origin else {})
    posts = {
        "/book/session/hold/": {**PRESS, "start": denver("2027-03-18 10:00").isoformat()},
        form: ANN_TYPES,
        form.split("?")[0] + "let-go/": {},
        f"{manage(appointment)}move/": {"start": denver("2027-03-18 10:00").isoformat()},
        f"{manage(appointment)}cancel/": {},
    }
    assert [stranger.post(path, data).status_code for path, data in posts.items()] == [403] * 5
    assert stored() == before


def test_a_referer_of_ours_replaces_an_origin(hourly):
    visitor = Client(headers={"referer": "http://testserver/book/session/"})
    assert visitor.post("/book/session/hold/", PRESS).status_code == 302


def test_getting_or_heading_any_address_changes_nothing(hourly, visitor):
    form = keep(visitor)
    link = visitor.post(form, ANN_TYPES)["Location"].split("?")[0]
    other = keep(visitor, start=denver("2027-03-18 10:00").isoformat())
    before = stored(), list(Appointment.objects.values())
    for page in ("/book/", DAY, other, form, link, f"{link}move/", f"{link}cancel/", f"{link}calendar.ics"):
        assert visitor.get(page).status_code in (200, 302)
        assert visitor.head(page).status_code in (200, 302)
    for page in ("/book/session/hold/", other.split("?")[0] + "let-go/"):
        assert (visitor.get(page).status_code, visitor.head(page).status_code) == (405, 405)
    assert (stored(), list(Appointment.objects.values())) == before


# The form


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Please tell us your name."),
        ({"name": " \u2028 "}, "Please tell us your name."),
        ({"name": "A" * 10_000}, "up to 150 characters"),
        ({"email": ""}, "Please give an email address"),
        ({"email": "ann.example.com"}, "is missing the @"),
        ({"email": "ann@example"}, "is missing the end after “example”"),
        ({"phone": "call me"}, "phone number"),
        ({"agree": ""}, "Please check the box"),
    ],
)
def test_a_wrong_field_is_told_and_everything_typed_is_still_there(hourly, visitor, change, words):
    form, before = keep(visitor), stored()
    answer = visitor.post(form, {**ANN_TYPES, **change})
    said = {**ANN_TYPES, **change}
    assert (answer.status_code, words in words_of(answer)) == (422, True)
    for name in ("name", "email", "phone"):
        assert f'value="{said[name]}"' in answer.content.decode() or not said[name].strip()
    assert ("checked" in answer.content.decode()) == bool(said["agree"])
    assert stored() == before


def test_what_no_database_can_keep_is_400(hourly, visitor):
    assert visitor.post(keep(visitor), {**ANN_TYPES, "name": "A\x00nn"}).status_code == 400
    assert Appointment.objects.get().state == "held"


def test_a_second_press_on_book_makes_one_appointment_and_one_email(hourly, visitor):
    form = keep(visitor)
    first, second = visitor.post(form, ANN_TYPES), visitor.post(form, ANN_TYPES)
    assert first["Location"] == second["Location"]
    assert Letter.objects.filter(kind="confirmation").count() == 1
    assert visitor.get(form)["Location"] == first["Location"].split("?")[0]


def test_the_form_of_a_canceled_appointment_leads_to_it_and_never_revives_it(hourly, visitor):
    form = keep(visitor)
    link = visitor.post(form, ANN_TYPES)["Location"].split("?")[0]
    visitor.post(f"{link}cancel/")
    assert visitor.get(form)["Location"] == link
    assert "canceled" in words_of(visitor.post(form, ANN_TYPES, follow=True))
    assert Appointment.objects.get().state == "cancelled"


def test_letting_go_gives_the_time_back_at_once(hourly, visitor):
    form = keep(visitor)
    assert TEN.isoformat() not in starts_on(visitor.get(DAY))
    back = visitor.post(form.split("?")[0] + "let-go/")
    assert urlsplit(back["Location"]).path == "/book/session/"
    assert TEN.isoformat() in starts_on(visitor.get(DAY))


def test_a_hold_that_ran_out_is_still_booked_while_nobody_has_the_time(hourly, visitor, clock):
    form = keep(visitor)
    clock.move_to(NOW + dt.timedelta(minutes=11))
    assert "Your ten minutes are up" in words_of(visitor.get(form))
    assert "You’re booked." in words_of(visitor.post(form, ANN_TYPES, follow=True))


def test_case_24_a_hold_that_ran_out_and_was_taken_is_409_with_times_and_what_was_typed(
    hourly, visitor, clock, tess
):
    form = keep(visitor)
    clock.move_to(NOW + dt.timedelta(minutes=11))
    booked(hourly, tess, now=NOW + dt.timedelta(minutes=11))
    gone = visitor.post(form, {**ANN_TYPES, "email": "o'hara+x@example.com"})
    assert (gone.status_code, "What you wrote is still here." in words_of(gone)) == (409, True)
    assert [start[11:16] for start in starts_on(gone)] == ["09:00", "11:00", "12:00"]
    assert "agree" not in hidden(gone)
    again = visitor.post("/book/session/hold/", {**hidden(gone), "start": starts_on(gone)[1]}, follow=True)
    page = again.content.decode()
    assert again.status_code == 200
    assert 'value="Ann Lee"' in page
    assert "o&#x27;hara+x@example.com" in page
    done = visitor.post(form_of(again), {**hidden(again), **ANN_TYPES}, follow=True)
    assert "Tuesday, March 16, 11:00 AM – 12:00 PM" in words_of(done)


def form_of(page) -> str:
    """Where the form of the details goes."""
    return page.content.decode().split('class="form" method="post" action="')[1].split('"')[0]


def test_a_time_taken_before_the_press_is_409_with_others(hourly, visitor, tess):
    booked(hourly, tess)
    gone = visitor.post("/book/session/hold/", PRESS)
    assert (gone.status_code, len(starts_on(gone))) == (409, 3)


@pytest.mark.engines("booking.holds.actions.hold_once")
def test_pressing_a_time_twice_keeps_it_once(hourly, visitor):
    """A double click: the browser follows the second answer, and it must not be "somebody was faster"."""
    press = {**hidden(visitor.get(DAY)), "start": TEN.isoformat()}
    first, second = (visitor.post("/book/session/hold/", press) for _ in range(2))
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    assert Appointment.objects.count() == 1


@pytest.mark.engines("booking.holds.actions.hold_once")
def test_another_time_pressed_on_the_same_page_replaces_the_first(hourly, visitor):
    """Back in the browser, and another time: the first is free again."""
    page = hidden(visitor.get(DAY))
    for hour in (10, 11, 12, 13, 14):
        start = TEN.replace(hour=hour).isoformat()
        assert visitor.post("/book/session/hold/", {**page, "start": start}).status_code == 302
    assert [row.starts_at for row in Appointment.objects.filter(occupies=True)] == [TEN.replace(hour=14)]


def test_loading_the_form_after_a_409_again_does_not_lose_the_time(hourly, visitor, tess):
    booked(hourly, tess)
    gone = visitor.post("/book/session/hold/", {**PRESS, **ANN_TYPES})
    again = {**hidden(gone), "start": starts_on(gone)[0]}
    assert [visitor.post("/book/session/hold/", again, follow=True).status_code for _ in range(2)] == [
        200,
        200,
    ]
    assert Appointment.objects.filter(state="held").count() == 1


@pytest.mark.parametrize("press", ["", "x" * 10_000, "0" * 32, "nonsense"])
def test_a_press_is_nobodys_key_to_a_foreign_hold(hourly, visitor, press):
    """Whatever stands in the hidden field: it opens nothing but what was kept with the very same value."""
    keep(visitor, press="a" * 32)
    answer = browser().post("/book/session/hold/", {**PRESS, "press": press})
    assert answer.status_code == 409


def test_the_twenty_first_booking_of_an_hour_is_429(hourly, visitor):
    with_times = [TEN.replace(day=day, hour=hour) for day in (16, 17, 18) for hour in range(9, 16)]
    forms = [
        visitor.post("/book/session/hold/", {"start": start.isoformat(), "press": new_page_key()})["Location"]
        for start in with_times[:15]
    ]
    answers = [visitor.post(form, ANN_TYPES).status_code for form in forms]
    forms = [
        visitor.post("/book/session/hold/", {"start": start.isoformat(), "press": new_page_key()})["Location"]
        for start in with_times[15:]
    ]
    answers += [visitor.post(form, ANN_TYPES).status_code for form in forms]
    assert answers == [302] * 20 + [429]


def test_a_type_withdrawn_while_the_form_was_open_is_told_on_the_form(hourly, visitor):
    form = keep(visitor)
    SessionType.objects.update(is_active=False)
    answer = visitor.post(form, ANN_TYPES)
    assert (answer.status_code, "can’t be booked right now" in words_of(answer)) == (422, True)
    assert 'value="Ann Lee"' in answer.content.decode()


def test_case_33_a_known_address_with_another_name_changes_no_record_and_looks_the_same(
    hourly, visitor, tess
):
    booked(hourly, tess, denver("2027-03-18 10:00"))
    done = visitor.post(
        keep(visitor), {**ANN_TYPES, "name": "Somebody Else", "phone": "303 555 0199"}, follow=True
    )
    ann = User.objects.get(email=ANN.email)
    assert (ann.name, ann.phone) == (ANN.name, ANN.phone)
    assert "Somebody Else" in words_of(done)
    assert "Ann Lee" not in words_of(done)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("2027-03-14T02:30", "That time does not exist"),
        ("2027-11-07T01:30", "That time happens twice"),
        ("2027-03-16T10:05:00-06:00", "they start every"),
        ("2027-02-28T10:00:00-07:00", "That time has passed"),
        ("2027-03-16T08:00:00-06:00", "outside the opening hours"),
        ("9999-12-31T23:59:59Z", "up to"),
        ("0001-01-01T00:00:00Z", "That time has passed"),
        ("tomorrow", "couldn’t read that time"),
        ("", "couldn’t read that time"),
        ("9" * 10_000, "couldn’t read that time"),
    ],
)
def test_a_time_nobody_listed_is_422_in_words_and_keeps_nothing(hourly, visitor, start, words):
    """Cases 5 and 6 are the first two."""
    before = stored()
    answer = visitor.post("/book/session/hold/", {**PRESS, "start": start})
    assert (answer.status_code, words in words_of(answer)) == (422, True), words_of(answer)
    assert stored() == before


def test_case_4_half_past_one_before_the_change_ends_half_past_three(hourly, tess, visitor):
    tess.opening_hours.update(opens=dt.time(0), closes=dt.time(6))
    SessionType.objects.update(step=30)
    done = visitor.post(keep(visitor, start="2027-03-14T01:30:00-07:00"), ANN_TYPES, follow=True)
    assert "1:30 AM MST – 3:30 AM MDT" in words_of(done)


def test_another_types_hold_opens_no_form_of_this_type(hourly, tess, visitor):
    make_session_type(tess, slug="other", name="Other")
    assert visitor.get(keep(visitor).replace("/session/", "/other/")).status_code == 404


# Times and zones


@pytest.mark.parametrize(
    "query",
    [
        "tz=Mars/Olympus",
        "tz=../../etc/passwd",
        "tz=",
        f"tz={'A' * 5000}",
        "day=2027-02-30",
        "day=tomorrow",
        "day=9999-12-31",
        "day=0001-01-01",
        "from=9999-12-31",
        "from=0001-01-01",
        "from=2027-W10-6",
        "from=9999-12-31&tz=Pacific/Kiritimati",
        "from=0001-01-01&tz=Pacific/Niue",
        "with=nobody",
        "day=2027-03-16&day=x",
    ],
)
def test_no_parameter_breaks_a_page_of_times(hourly, tess, visitor, query):
    move = f"{manage(booked(hourly, tess))}move/"
    assert visitor.get(f"/book/session/?{query}").status_code == 200
    assert visitor.get(f"{move}?{query}").status_code == 200
    assert visitor.get(f"{manage(Appointment.objects.get())}?{query}").status_code == 200


def test_a_page_beyond_the_horizon_shows_its_last_weeks_as_they_are(hourly, visitor):
    """The horizon ends on Tuesday, February 29, 2028: the Sunday before it is free, not "full"."""
    SessionType.objects.update(horizon_days=365)
    day = visitor.get("/book/session/?from=2028-12-31").context["month"][0]
    assert (day.date.isoformat(), day.free) == ("2028-02-27", 8)


def test_case_11_a_visitor_in_kiritimati_finds_denvers_afternoon_on_the_next_day(hourly, visitor):
    page = visitor.get("/book/session/?tz=Pacific/Kiritimati&day=2027-06-01&from=2027-05-31")
    said = words_of(page)
    assert "2027-06-01T16:00:00-06:00" in starts_on(page)
    assert "4:00 PM Wednesday, June 2 at 12:00 PM UTC+14 in Kiritimati" in said
    assert "The smaller line shows the time in Kiritimati." in said


def test_case_11_berlin_reads_16_then_17(hourly, visitor):
    for day, hour in (("2027-03-26", "4:00 PM CET"), ("2027-03-29", "5:00 PM CEST")):
        page = visitor.get(f"/book/session/?tz=Europe/Berlin&day={day}&from={day}")
        assert f"9:00 AM {hour} in Berlin" in words_of(page)


def test_a_time_that_comes_twice_has_two_buttons_with_their_zones_names(hourly, tess, visitor):
    tess.opening_hours.update(opens=dt.time(0), closes=dt.time(6))
    page = visitor.get("/book/session/?day=2027-11-07&from=2027-11-01")
    assert "1:00 AM MDT" in words_of(page)
    assert "1:00 AM MST" in words_of(page)
    assert len(set(starts_on(page))) == 7


def test_the_visitors_zone_stays_on_every_page_with_the_practices_time_beside_it(hourly, visitor):
    form = keep(visitor, tz="Etc/GMT+5")
    assert "10:00 AM MDT" in words_of(visitor.get(form))
    assert "11:00 AM UTC−5" in words_of(visitor.get(form))
    page = visitor.get(form)
    done = visitor.post(form, {**hidden(page), **ANN_TYPES}, follow=True)
    assert "10:00 – 11:00 AM MDT" in words_of(done)
    assert "11:00 AM UTC−5" in words_of(done)
    assert Appointment.objects.get().zone == "Etc/GMT+5"


def test_from_far_away_every_page_about_a_time_says_it_in_denver_first(hourly, tess, visitor):
    made = booked(hourly, tess)
    gone = visitor.post("/book/session/hold/", {**PRESS, "tz": "Europe/Berlin"})
    not_moved = visitor.post(f"{manage(made)}move/?tz=Europe/Berlin", {"start": "2027-03-16T10:05:00-06:00"})
    links_pages = [visitor.get(f"{manage(made)}{part}?tz=Europe/Berlin") for part in ("", "move/", "cancel/")]
    for page in (gone, not_moved, *links_pages):
        said = words_of(page)
        here = re.search("10:00 (AM|– 11:00 AM) MDT", said)
        assert here is not None
        assert here.start() < said.index("5:00 PM CET in Berlin")


def test_a_bogus_zone_on_a_link_falls_back_to_the_zone_of_the_booking(hourly, visitor, tess):
    made = booked(hourly, tess, attendee=ANN.__class__("Ann", "ann@example.com", "", "Europe/Berlin"))
    assert "5:00 PM" in words_of(visitor.get(f"{manage(made)}?tz=Mars/Olympus"))


def test_an_empty_month_says_why(hourly, visitor, tess):
    tess.opening_hours.all().delete()
    assert visitor.get(DAY).context["why_none"].endswith(".")


def test_a_type_nobody_gives_says_so(hourly, visitor, tess):
    hourly.practitioners.clear()
    page = visitor.get("/book/session/")
    assert (page.status_code, starts_on(page)) == (200, [])
    assert page.context["why_none"]


def test_a_page_of_times_costs_at_most_twelve_queries(hourly, jonah, visitor, django_assert_max_num_queries):
    hourly.practitioners.add(jonah)
    with django_assert_max_num_queries(12):
        visitor.get(DAY)
    hourly.practitioners.first().opening_hours.all().delete()
    with django_assert_max_num_queries(12):
        visitor.get("/book/session/?with=tess")


# The link


@pytest.mark.parametrize("part", ["", "move/", "cancel/", "calendar.ics"])
def test_tokens_of_others_of_other_kinds_and_garbage_are_404(hourly, tess, visitor, part):
    made, held = booked(hourly, tess), keep(visitor, start=denver("2027-03-18 10:00").isoformat())
    token = links.appointment_token(made)
    foreign = Signer(salt="something.else", sep=".").sign(made.uid.hex)
    hold_token = held.split("/")[4]
    for wrong in (
        hold_token,
        foreign,
        token[:-1],
        token + "x",
        made.uid.hex,
        str(made.pk),
        "a" * 5000,
        "%20",
    ):
        assert visitor.get(f"/appointments/{wrong}/{part}").status_code == 404, wrong
        assert visitor.post(f"/appointments/{wrong}/{part}").status_code in (404, 405), wrong
    for wrong in (token, foreign, "garbage"):
        assert visitor.get(f"/book/session/held/{wrong}/").status_code == 404
        assert visitor.post(f"/book/session/held/{wrong}/let-go/").status_code == 404
    assert Appointment.objects.get(pk=made.pk).state == "booked"


def test_case_28_a_second_cancel_says_already_canceled_and_writes_one_email(hourly, tess, visitor):
    made = booked(hourly, tess)
    assert visitor.post(f"{manage(made)}cancel/").status_code == 302
    again = visitor.post(f"{manage(made)}cancel/")
    assert (again.status_code, "already canceled" in words_of(again)) == (409, True)
    acts = again.content.decode().split("<main")[1].split("</main")[0]
    assert ("/move/" in acts, "/cancel/" in acts) == (False, False)
    assert kinds(made).count("cancelled") == 1


def test_case_28_the_first_link_still_opens_it_after_a_move(hourly, tess, visitor):
    made = booked(hourly, tess)
    link = manage(made)
    visitor.post(f"{link}move/", {"start": "2027-03-17T12:00:00-06:00"})
    assert "Wednesday, March 17, 12:00 – 1:00 PM" in words_of(visitor.get(link))


def test_case_26_a_move_to_a_taken_time_leaves_it_where_it_was_and_offers_others(hourly, tess, visitor):
    made, other = booked(hourly, tess), denver("2027-03-17 12:00")
    booked(hourly, tess, other)
    gone = visitor.post(f"{manage(made)}move/", {"start": other.isoformat()})
    made.refresh_from_db()
    assert (gone.status_code, made.starts_at, made.sequence) == (409, TEN, 0)
    assert "still at the same time" in words_of(gone)
    assert [start[:16] for start in starts_on(gone)] == [
        f"2027-03-17T{hour}" for hour in ("10:00", "11:00", "13:00")
    ]
    assert visitor.post(f"{manage(made)}move/", {"start": starts_on(gone)[0]}).status_code == 302


def test_a_move_to_its_own_time_is_nothing(hourly, tess, visitor):
    made = booked(hourly, tess)
    assert visitor.post(f"{manage(made)}move/", {"start": TEN.isoformat()}).status_code == 302
    made.refresh_from_db()
    assert (made.sequence, "moved" in kinds(made)) == (0, False)


def test_a_canceled_appointment_is_not_said_to_stay_when_a_move_comes_too_late(hourly, tess, visitor):
    made = booked(hourly, tess)
    visitor.post(f"{manage(made)}cancel/")
    answer = visitor.post(f"{manage(made)}move/", {"start": "2027-03-17T12:00:00-06:00"})
    assert (answer.status_code, "already canceled" in words_of(answer)) == (409, True)
    assert "still at the same time" not in words_of(answer)
    assert visitor.get(f"{manage(made)}move/").status_code == 302


@pytest.mark.parametrize(
    "start", ["2027-03-14T02:30", "2027-03-16T10:05:00-06:00", "soon", "9999-12-31T23:59:59Z"]
)
def test_a_move_to_no_listed_time_is_422_and_leaves_it(hourly, tess, visitor, start):
    made = booked(hourly, tess)
    answer = visitor.post(f"{manage(made)}move/", {"start": start})
    made.refresh_from_db()
    assert (answer.status_code, made.starts_at, made.sequence) == (422, TEN, 0)


def test_in_the_last_hours_only_the_phone_helps(hourly, tess, visitor, clock):
    made = booked(hourly, tess)
    clock.move_to(TEN - dt.timedelta(hours=1))
    for part, data in (("move/", {"start": "2027-03-17T12:00:00-06:00"}), ("cancel/", {})):
        page = visitor.get(f"{manage(made)}{part}").text
        assert ('href="tel:+13035550142"' in page, "Move it instead" in page) == (True, False)
        answer = visitor.post(f"{manage(made)}{part}", data)
        assert (answer.status_code, "303 555 0142" in words_of(answer)) == (422, True)
    made.refresh_from_db()
    assert (made.state, made.sequence) == ("booked", 0)


@pytest.mark.parametrize(
    ("email", "said"),
    [("hello@x.test", "Please email us: hello@x.test"), ("", "Please contact us.")],
)
def test_a_practice_without_a_phone_is_written_to(hourly, tess, visitor, clock, email, said):
    Practice.objects.update(phone="", email=email)
    made = booked(hourly, tess)
    clock.move_to(TEN - dt.timedelta(hours=1))
    page = words_of(visitor.get(f"{manage(made)}cancel/"))
    assert (page.count(said) > 1, "call us" in page) == (True, False)
    answer = visitor.post(f"{manage(made)}cancel/")
    assert (answer.status_code, said in words_of(answer)) == (422, True)


def test_the_sum_of_a_late_cancel_is_said_before_the_click(hourly, tess, visitor, clock):
    made = booked(hourly, tess)
    clock.move_to(TEN - dt.timedelta(hours=5))
    said = words_of(visitor.get(f"{manage(made)}cancel/"))
    assert "Canceling now costs $47.50." in said


@pytest.mark.parametrize(("percent", "hours"), [(50, 30), (0, 5)])
def test_that_a_cancel_is_free_is_said_first_and_before_the_click(
    hourly, tess, visitor, clock, percent, hours
):
    Practice.objects.update(late_percent=percent)
    made = booked(hourly, tess)
    clock.move_to(TEN - dt.timedelta(hours=hours))
    said = words_of(visitor.get(f"{manage(made)}cancel/"))
    assert 0 < said.index("Canceling now is free.") < said.index("If something comes up")


def test_a_past_appointment_offers_nothing_to_change(hourly, tess, visitor, clock):
    made = booked(hourly, tess)
    clock.move_to(TEN + dt.timedelta(days=1))
    assert "This appointment is in the past" in words_of(visitor.get(manage(made)))
    for part, data in (("move/", {"start": "2027-03-27T12:00:00-06:00"}), ("cancel/", {})):
        assert visitor.get(f"{manage(made)}{part}").status_code == 302
        assert visitor.post(f"{manage(made)}{part}", data).status_code == 422


def test_the_calendar_file_keeps_its_uid_and_says_when_it_is_off(hourly, tess, visitor):
    made = booked(hourly, tess)
    first = visitor.get(f"{manage(made)}calendar.ics").content.decode()
    visitor.post(f"{manage(made)}cancel/")
    last = visitor.get(f"{manage(made)}calendar.ics").content.decode()
    uid = [line for line in first.splitlines() if line.startswith("UID")]
    assert uid == [line for line in last.splitlines() if line.startswith("UID")]
    assert ("METHOD:CANCEL" in first, "METHOD:CANCEL" in last) == (False, True)


def test_pages_behind_a_link_are_kept_by_nobody_and_found_by_no_search_engine(hourly, tess, visitor):
    link, form = manage(booked(hourly, tess)), keep(visitor, start=denver("2027-03-18 10:00").isoformat())
    for page in (form, link, f"{link}move/", f"{link}cancel/"):
        answer = visitor.get(page)
        assert "no-store" in answer["Cache-Control"]
        assert 'name="robots" content="noindex"' in answer.content.decode()
