"""A visit asks for an address and a number, a call for a number: on every way of booking, in words."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine

from booking.appointments.actions.cancel import cancel
from booking.errors import AttendeeIncomplete
from booking.links import offer_url
from booking.models import Appointment, Offer, Place, SessionType, WaitlistEntry
from booking.offers import queries as offers_queries
from booking.testing import make_appointment, make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, Attendee, booked, kept, minutes
from booking.tests.web_client import ANN_TYPES, Api, browser, hidden, refusal, sent_by, stored, words_of
from booking.waitlist.actions import answer
from practice.models import Letter, User
from practice.testing import at_work, is_in_both_parts, make_user

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
api = Api()
LANE = "12 Birch Lane\nDenver"
TYPED = "  12 Birch  Lane\r\n\r\n Denver\x07 "
PRESS = {"practitioner": "tess", "tz": "America/Denver", "start": TEN.isoformat()}
NO_PHONE = {"client": "so that we can reach you on the way", "phone": "the number we should call"}
NO_ADDRESS = "Please give the address where we should come."


@pytest.fixture(params=[Place.CLIENT, Place.PHONE])
def reached(request, tess):
    """A session for which somebody has to be reached."""
    return make_session_type(tess, place=request.param)


@pytest.fixture
def visit(tess):
    return make_session_type(tess, place=Place.CLIENT)


def form(visitor=None):
    """The page of a kept time, and where it is sent."""
    visitor = visitor or browser()
    return visitor, visitor.post("/book/session/hold/", PRESS)["Location"]


def known(**fields):
    ann = make_user("Ann Lee", **fields)
    her = browser()
    her.force_login(ann)
    return her


def offer_path(offer):
    return urlsplit(offer_url(offer)).path


# A visitor


def test_no_visit_and_no_call_without_a_number(reached):
    visitor, page = form()
    answer = visitor.post(page, {**ANN_TYPES, "phone": " ", "address": LANE})
    assert (answer.status_code, NO_PHONE[reached.place] in words_of(answer)) == (422, True)


@pytest.mark.engines
def test_no_visit_without_an_address(visit):
    visitor, page = form()
    answer = visitor.post(page, {**ANN_TYPES, "address": " \r\n\x07"})
    assert (answer.status_code, NO_ADDRESS in words_of(answer)) == (422, True)


@pytest.mark.engines
def test_what_was_typed_for_a_visit_is_still_there(visit):
    visitor, page = form()
    answer = visitor.post(page, {**ANN_TYPES, "email": "ann at home", "address": LANE})
    assert "12 Birch Lane\nDenver</textarea>" in answer.content.decode().replace("\r", "")


def test_the_address_is_kept_in_lines_and_encrypted(visit):
    visitor, page = form()
    answer = visitor.post(page, {**ANN_TYPES, "address": TYPED})
    made = Appointment.objects.get()
    assert (answer.status_code, made.place, made.address) == (302, Place.CLIENT, LANE)


@pytest.mark.engines
def test_an_address_too_long_to_be_one_is_refused_in_words(visit):
    visitor, page = form()
    answer = visitor.post(page, {**ANN_TYPES, "address": "Birch Lane " * 40})
    assert (answer.status_code, "up to 300 characters" in words_of(answer)) == (422, True)


@pytest.mark.parametrize("place", [Place.PRACTICE, Place.PHONE, Place.VIDEO])
def test_no_address_is_asked_for_or_kept_where_nobody_goes(place, tess):
    make_session_type(tess, place=place)
    visitor, page = form()
    assert 'name="address"' not in visitor.get(page).content.decode()
    visitor.post(page, {**ANN_TYPES, "address": LANE})
    assert Appointment.objects.get().address == ""


@pytest.mark.engines
def test_by_video_and_at_the_practice_a_number_may_be_left_out(tess):
    make_session_type(tess, place=Place.VIDEO)
    visitor, page = form()
    assert visitor.post(page, {**ANN_TYPES, "phone": ""}).status_code == 302


def test_a_time_that_has_gone_keeps_the_address_that_was_typed(visit, tess):
    visitor, page = form()
    Appointment.objects.update(state="released", occupies=False)
    booked(visit, tess, attendee=Attendee("Ben Hart", BEN.email, "303 555 0102", address="5 Elm Row"))
    answer = visitor.post(page, {**ANN_TYPES, "address": LANE})
    assert answer.status_code == 409
    assert hidden(answer)["address"] == LANE
    other = visitor.post("/book/session/hold/", {**hidden(answer), "start": (TEN + minutes(60)).isoformat()})
    assert "12 Birch Lane\nDenver</textarea>" in other.content.decode()


def test_a_kept_time_stays_where_it_was_offered(visit):
    visitor, page = form()
    visit.place = Place.PRACTICE
    visit.save(update_fields=["place"])
    assert visitor.post(page, {**ANN_TYPES, "address": LANE}).status_code == 302
    made = Appointment.objects.get()
    assert (made.place, made.address, made.room) == (Place.CLIENT, LANE, None)


# A client who has signed in


def test_a_known_clients_number_is_shown_to_be_changed(reached):
    her, page = form(known(phone="+13035550101"))
    assert 'value="303 555 0101"' in her.get(page).content.decode()
    said = {"whom": "other", "name": "Leo Lee", "phone": "303 555 0199", "address": LANE, "agree": "on"}
    assert her.post(page, said).status_code == 302
    made = Appointment.objects.get()
    assert (made.phone, made.contact.phone.as_e164) == ("303 555 0199", "+13035550101")


def test_a_known_client_is_refused_without_what_is_needed(reached):
    her, page = form(known())
    answer = her.post(page, {"whom": "me", "agree": "on", "address": LANE})
    assert (answer.status_code, NO_PHONE[reached.place] in words_of(answer)) == (422, True)


@pytest.mark.engines
def test_all_visits_of_a_series_go_to_the_same_address(visit):
    her = known(phone="+13035550101")
    wish = {"with": "tess", "start": TEN.isoformat(), "every": "1", "number": "2"}
    page = her.get("/portal/appointments/series/session/", wish)
    picks = [(TEN + dt.timedelta(weeks=week)).isoformat() for week in (0, 1)]
    said = {**hidden(page), "pick": picks, "whom": "me", "agree": "on", "phone": "303 555 0101"}
    assert NO_ADDRESS in words_of(her.post("/portal/appointments/series/session/", said))
    her.post("/portal/appointments/series/session/", {**said, "address": LANE})
    assert [one.address for one in Appointment.objects.all()] == [LANE, LANE]


# The API


@pytest.mark.engines
def test_the_api_refuses_a_visit_or_a_call_without_a_number(reached):
    answer = api.book(TEN, phone="", address=LANE)
    assert answer.status_code == 422
    assert NO_PHONE[reached.place] in refusal(answer)["fields"]["phone"]


def test_the_api_refuses_a_visit_without_an_address_and_stores_nothing(visit):
    before = stored()
    for nothing in (..., None, "", " \n "):
        answer = api.book(TEN, phone="303 555 0101", address=nothing)
        assert (answer.status_code, refusal(answer)["fields"]) == (422, {"address": NO_ADDRESS})
    assert stored() == before


@pytest.mark.engines
def test_the_api_books_a_visit(visit):
    assert api.book(TEN, phone="303 555 0101", address=TYPED).status_code == 201
    assert Appointment.objects.get().address == LANE


def test_the_api_names_a_place_only_where_it_is_not_the_practice(tess):
    make_session_type(tess)
    for place in (Place.CLIENT, Place.PHONE, Place.VIDEO):
        make_session_type(tess, slug=place.value, place=place)
    found = {one["slug"]: one.get("place", "left out") for one in api.get("session-types").json()}
    assert found == {"session": "left out", "client": "client", "phone": "phone", "video": "video"}


# At work


@pytest.mark.engines
def test_people_at_work_are_asked_for_what_a_known_client_has_not_told(reached, tess):
    ann = make_user("Ann Lee")
    make_appointment(
        session_type=reached,
        practitioner=tess,
        start=NOW - dt.timedelta(days=9),
        client=ann,
        state="completed",
    )
    desk = at_work(tess.user)
    whom = {"client": str(ann.pk), "type": "session", "practitioner": "any"}
    page = desk.get("/workspace/book/", {**whom, "start": TEN.isoformat()})
    assert ('name="address"' in page.content.decode()) == (reached.place == Place.CLIENT)
    said = {**hidden(page), "start": TEN.isoformat()}
    answer = desk.post("/workspace/book/", said)
    assert (answer.status_code, NO_PHONE[reached.place] in words_of(answer)) == (422, True)
    assert (
        desk.post("/workspace/book/", {**said, "phone": "303 555 0101", "address": LANE}).status_code == 302
    )
    made = Appointment.objects.get(starts_at=TEN)
    assert (made.phone, made.address) == ("303 555 0101", LANE if reached.place == Place.CLIENT else "")


@pytest.mark.engines
def test_past_a_rule_the_address_goes_along(visit, tess):
    desk = at_work(tess.user)
    new = {"client": "new", "type": "session", "practitioner": "any", "start": "2027-03-16T20:00"}
    who = {"name": "Ida Roe", "phone": "303 555 0101", "address": LANE}
    answer = desk.post("/workspace/book/", new | who)
    assert (answer.status_code, sent_by(answer)["address"].replace("\r", "")) == (409, LANE)
    desk.post("/workspace/book/", {**sent_by(answer), "note": "she asked"})
    assert Appointment.objects.get().address == LANE


@pytest.mark.engines
def test_the_back_office_books_no_visit_without_an_address(visit, tess):
    ann = make_user("Ann Lee", phone="+13035550101")
    owner, add = at_work(tess.user), "/backoffice/booking/appointment/add/"
    said = {"session_type": visit.pk, "practitioner": tess.pk, "client": ann.pk}
    said |= {"starts_at_0": "2027-03-16", "starts_at_1": "10:00"}
    assert NO_ADDRESS in words_of(owner.post(add, said, follow=True))
    owner.post(add, {**said, "address": LANE})
    assert Appointment.objects.get().address == LANE


@pytest.mark.engines
def test_a_series_at_the_desk_goes_where_the_first_one_went(visit, tess):
    made = booked(visit, tess, attendee=Attendee("Ann Lee", ANN.email, ANN.phone, "", address=LANE))
    desk = at_work(tess.user)
    path = f"/workspace/appointments/{made.uid}/series/"
    page = desk.get(path)
    week_after = (TEN + dt.timedelta(weeks=1)).isoformat()
    desk.post(path, {**hidden(page), "pick": [week_after]})
    assert [one.address for one in Appointment.objects.all()] == [LANE, LANE]


# The waitlist

NOON = dt.datetime(2027, 3, 3, 19, tzinfo=dt.UTC)
WISH = {"last_day": "2027-04-01", "name": "Ann Lee", "email": "ann@example.com", "agree": "on"}


def test_anyone_who_waits_for_a_visit_says_where_it_is_to_be(visit):
    answer = browser().post("/book/session/wait/", {**WISH, "phone": "303 555 0101"})
    assert (answer.status_code, NO_ADDRESS in words_of(answer)) == (422, True)
    answer = browser().post("/book/session/wait/", {**WISH, "address": LANE})
    assert (answer.status_code, NO_PHONE["client"] in words_of(answer)) == (422, True)


@pytest.mark.engines
def test_a_visit_taken_from_the_waitlist_has_its_address(visit, tess):
    with time_machine.travel(NOON, tick=False):
        taken = booked(
            visit,
            tess,
            attendee=Attendee("Ben Hart", BEN.email, "303 555 0102", address="5 Elm Row"),
            now=NOON,
        )
        browser().post("/book/session/wait/", {**WISH, "phone": "303 555 0101", "address": LANE})
        cancel(taken, by=tess.user, now=NOON)
        made = answer.accept(offers_queries.open_offers().get(), now=NOON)
    assert (made.address, made.room, WaitlistEntry.objects.get().address) == (LANE, None, LANE)


def test_an_address_is_refused_by_the_action_itself(visit, tess):
    with pytest.raises(AttendeeIncomplete) as caught:
        booked(visit, tess, attendee=Attendee("Ann Lee", ANN.email, ANN.phone), by=tess.user)
    assert caught.value.field == "address"


# A wish, and a kept time, from before the type became a visit


@pytest.fixture
def offered_late(visit, tess):
    """A time of a visit, offered to Ann, who wished for it when it was at the practice."""
    SessionType.objects.update(place=Place.PRACTICE)
    with time_machine.travel(NOON, tick=False):
        browser().post("/book/session/wait/", WISH)
        taken = booked(make_session_type(tess, slug="other"), tess, attendee=BEN, now=NOON)
        SessionType.objects.update(place=Place.CLIENT)
        cancel(taken, by=tess.user, now=NOON)
        yield offers_queries.open_offers().get()


@pytest.mark.engines
def test_a_waitlist_entry_without_an_address_takes_no_visit_and_the_offer_remains(offered_late):
    with pytest.raises(AttendeeIncomplete):
        answer.accept(offered_late, now=NOON)
    assert offers_queries.open_offers().get() == offered_late


@pytest.mark.engines
def test_the_offer_says_what_is_still_needed_and_its_page_asks_for_it(offered_late):
    letter = Letter.objects.get(kind="offer")
    assert is_in_both_parts(letter, "We need your address and a phone number.")
    visitor, path = browser(), offer_path(offered_late)
    answer = visitor.post(path, {"accept": "1", "address": LANE})
    assert (answer.status_code, NO_PHONE["client"] in words_of(answer)) == (422, True)
    assert "12 Birch Lane\nDenver</textarea>" in answer.content.decode().replace("\r", "")
    visitor.post(path, {"accept": "1", "address": TYPED, "phone": "303 555 0101"})
    made = Appointment.objects.get(state="booked")
    assert (made.place, made.address, made.phone, made.room) == (Place.CLIENT, LANE, "303 555 0101", None)


@pytest.mark.engines
def test_anyone_who_says_no_need_not_tell_where_they_live(offered_late):
    browser().post(offer_path(offered_late), {"decline": "1"})
    assert Offer.objects.get().state == "declined"


@pytest.mark.engines
def test_nothing_is_asked_again_that_the_waitlist_form_asked(offered_late):
    WaitlistEntry.objects.update(address=LANE)
    User.objects.filter(email="ann@example.com").update(phone="+13035550101")
    assert 'type="tel"' not in browser().get(offer_path(offered_late)).content.decode()
    made = answer.accept(offers_queries.open_offers().get(), now=NOON)
    assert (made.address, made.phone != "") == (LANE, True)


def test_a_waitlist_entry_whose_key_was_lost_asks_again_and_breaks_no_page(offered_late, settings):
    WaitlistEntry.objects.update(address=LANE)
    settings.FIELD_KEYS = ["8" * 43 + "="]
    assert 'name="address"' in browser().get(offer_path(offered_late)).content.decode()


@pytest.mark.engines
def test_a_kept_time_that_ran_out_is_asked_for_where_it_would_be_now(visit):
    SessionType.objects.update(place=Place.PRACTICE)
    visitor, page = form()
    SessionType.objects.update(place=Place.CLIENT)
    Appointment.objects.update(hold_expires_at=NOW - minutes(1))
    assert 'name="address"' in visitor.get(page).content.decode()
    answer = visitor.post(page, {**ANN_TYPES, "address": ""})
    assert (answer.status_code, NO_ADDRESS in words_of(answer)) == (422, True)
    visitor.post(page, {**ANN_TYPES, "address": LANE})
    assert Appointment.objects.get().address == LANE


def test_a_type_that_becomes_a_visit_under_the_last_press_books_nobody_without_an_address(visit, tess):
    held = kept(visit, tess)
    visit.place = Place.PRACTICE  # as the page and the first look saw it
    stands = Appointment.objects.get(pk=held.pk)
    Appointment.objects.filter(pk=held.pk).update(place=Place.CLIENT)
    stands.place = Place.PRACTICE
    with pytest.raises(AttendeeIncomplete):
        booked(visit, tess, held=stands)
