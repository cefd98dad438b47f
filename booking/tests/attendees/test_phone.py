"""Phone numbers of a booking: typed as people do, refused with what to do, kept with the extension."""

from __future__ import annotations

import datetime as dt
import importlib
from dataclasses import replace

import pytest
from django.urls import reverse

from booking.attendees.attendee import Attendee
from booking.attendees.forms import DetailsForm, NewPerson
from booking.models import Appointment, Place
from booking.tests.people import ANN, NOW, TEN, booked, kept, make_both
from booking.tests.web_client import ANN_TYPES, Api, browser, form_of, refusal, words_of
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.models import Practice, User
from practice.testing import at_work, make_user
from practice.tests.core.test_phone_numbers import BEFORE_AND_AFTER, apps_before

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db

WHAT_TO_DO = "Please enter a phone number with area code, like 303 555 0142."


@pytest.fixture
def both():
    return make_both()


def test_what_cannot_be_dialed_is_refused_with_what_to_do(both):
    session, tess, _ = both
    page = form_of(kept(session, tess))
    answer = browser().post(page, {**ANN_TYPES, "phone": "11111"})
    assert answer.status_code == 422
    assert f"{WHAT_TO_DO} Or leave it blank." in words_of(answer)
    assert browser().post(page, {**ANN_TYPES, "phone": "555 0142"}).status_code == 422
    assert browser().post(page, {**ANN_TYPES, "phone": ""}).status_code == 302


def test_where_a_number_is_needed_it_cannot_be_left_blank(both):
    form = DetailsForm({**ANN_TYPES, "phone": "11111", "address": "5 Elm Row"}, place=Place.CLIENT.value)
    assert form.errors["phone"] == [WHAT_TO_DO]


def test_an_extension_is_kept_shown_and_dialed(both):
    session, tess, _ = both
    browser().post(form_of(kept(session, tess)), {**ANN_TYPES, "phone": "(303) 555-0101 x12"})
    made = Appointment.objects.get(state="booked")
    assert str(made.phone) == "+13035550101;ext=12"
    page = at_work(tess.user).get(reverse("workspace_appointment", args=[made.uid]))
    assert "303 555 0101 ext. 12" in words_of(page)
    assert 'href="tel:+13035550101;ext=12"' in page.content.decode()


def test_the_api_reads_numbers_as_the_form_does(both):
    assert WHAT_TO_DO in refusal(Api().book(TEN, phone="11111"))["fields"]["phone"]
    assert Api().book(TEN, phone="+49 30 901820").status_code == 201
    assert str(Appointment.objects.get().phone) == "+4930901820"


def test_a_practice_elsewhere_reads_and_writes_numbers_of_its_own_country(both):
    Practice.objects.update(zone="Europe/Berlin")
    form = NewPerson({"name": "Ann Lee", "email": "", "phone": "030 901820"})
    assert form.is_valid()
    assert form.attendee().phone == "+4930901820"
    assert 'value="030 901820"' in str(NewPerson(initial={"phone": "+4930901820"})["phone"])
    assert "like 030 123456" in str(NewPerson({"name": "Ann", "phone": "1"}).errors["phone"])


def test_a_number_on_file_from_before_stays_as_it_is_and_stops_no_booking(both):
    session, tess, _ = both
    made = booked(session, tess, attendee=replace(ANN, phone="ask at the desk"))
    assert str(Appointment.objects.get(pk=made.pk).phone) == "ask at the desk"
    again = Attendee.from_appointment(made, client=made.client, zone="")
    assert again.phone == "ask at the desk"
    assert "ask at the desk" in words_of(
        at_work(tess.user).get(reverse("workspace_appointment", args=[made.uid]))
    )


def test_the_same_wish_with_the_same_number_written_otherwise_is_one_wish(both):
    session, _, _ = both
    wanted = WaitlistChoices(last_day=TEN.date())
    one = join(session, wanted, attendee=ANN, now=NOW)
    other = join(session, wanted, attendee=replace(ANN, phone="+1 (303) 555-0101"), now=NOW)
    assert one == other


def test_the_back_office_reads_numbers_too(both):
    _, tess, _ = both
    ann = make_user("Ann Lee")
    path = reverse("admin:practice_user_change", args=[ann.pk])
    said = {
        "name": "Ann Lee",
        "email": ann.email,
        "role": "client",
        "zone": "",
        "language": "en",
        "is_active": "on",
    }
    refused = at_work(tess.user).post(path, {**said, "phone": "11111"})
    assert WHAT_TO_DO in words_of(refused)
    assert at_work(tess.user).post(path, {**said, "phone": "303 555 0117 x9"}).status_code == 302
    assert str(User.objects.get(pk=ann.pk).phone) == "+13035550117;ext=9"
    assert 'value="303 555 0117 ext. 9"' in at_work(tess.user).get(path).content.decode()


def test_a_client_is_found_by_the_digits_of_a_number_with_an_extension(both):
    _, tess, _ = both
    make_user("Ann Lee", phone="303 555 0117 x9")
    assert "Ann Lee" in words_of(at_work(tess.user).get("/workspace/clients/", {"name": "303 555 0117"}))


@pytest.mark.parametrize(("before", "zone", "after"), BEFORE_AND_AFTER)
def test_the_migration_reads_the_numbers_of_appointments_and_wishes(both, before, zone, after):
    session, tess, _ = both
    Practice.objects.update(zone=zone)
    rows = [
        booked(session, tess),
        booked(session, tess, TEN + DAY),
        join(session, WaitlistChoices(last_day=TEN.date()), attendee=ANN, now=NOW),
    ]
    earlier = apps_before(("booking", "0028_change_codes"), ("practice", "0024_read_phone_number"))
    for one in rows:
        earlier.get_model("booking", type(one).__name__).objects.filter(pk=one.pk).update(phone=before)
    importlib.import_module("booking.migrations.0029_read_phone_numbers").read_numbers(earlier, None)
    assert [str(type(one).objects.get(pk=one.pk).phone) for one in rows] == [after] * 3
