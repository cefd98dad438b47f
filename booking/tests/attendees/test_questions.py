"""One list of questions: every form, the API and the rows ask and keep what it names, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from booking.api.schemas import AppointmentIn
from booking.attendees.attendee import Attendee
from booking.attendees.forms import DetailsForm, KnownClientForm, NewPerson, OfferForm, typed
from booking.attendees.questions import NAMES, ON_RECORD, QUESTIONS, facts_of, kept_by
from booking.models import Appointment, Place, WaitlistEntry
from booking.tests.people import ANN, NOW, TEN, booked, make_both
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.models import User
from practice.testing import make_user

VISIT, HERE = Place.CLIENT.value, Place.PRACTICE.value
KEPT = replace(ANN, phone="+13035550101")
FULL = {"name": "Ann Lee", "email": "ann@example.com", "phone": "303 555 0101", "address": "5 Elm Row"}


def asked(form) -> list[str]:
    """The fields about who comes, as a template loops over them."""
    return [one.name for one in form.attendee_fields]


def test_every_question_is_an_attribute_of_the_attendee_and_kept_somewhere():
    assert set(NAMES) <= {one.name for one in fields(Attendee)}
    assert {one.name for one in QUESTIONS} == {*ON_RECORD, *(one.name for one in kept_by(Appointment))}


def test_the_form_of_a_visitor_asks_everything_in_one_order():
    always = [one.name for one in QUESTIONS if not one.only_for_place]
    assert asked(DetailsForm(place=HERE)) == [*always, "for_name"]
    assert asked(DetailsForm(place=VISIT)) == [*always, "for_name", "address"]


def test_a_client_is_not_asked_what_is_on_record_unless_the_place_needs_it():
    ann = User(name="Ann Lee", email="ann@example.com", phone="+13035550101")
    further = [one.name for one in QUESTIONS if not (one.is_on_record or one.only_for_place)]
    assert asked(KnownClientForm(client=ann, has_agreed=True, place=HERE)) == ["name", *further]
    assert asked(KnownClientForm(client=ann, has_agreed=True, place=VISIT)) == [
        "name",
        "phone",
        *further,
        "address",
    ]
    assert asked(NewPerson(client=ann, place=HERE)) == further
    assert asked(NewPerson(client=ann, place=VISIT)) == ["phone", *further, "address"]


def test_an_offer_asks_only_what_its_place_needs_and_nobody_said():
    known = Attendee("Ann Lee", "ann@example.com", "303 555 0101")
    assert asked(OfferForm(place=HERE, known=known)) == []
    assert asked(OfferForm(place=VISIT, known=known)) == ["address"]


def test_the_api_has_a_property_for_every_question():
    about_time = {"session_type", "practitioner", "start", "tz", "consent", "hold"}
    assert set(AppointmentIn.model_fields) == about_time | set(NAMES)


def test_what_was_typed_is_carried_along_for_every_question():
    assert set(typed({})) == {"whom", "for_name", *NAMES}
    assert typed(dict.fromkeys(NAMES, "x" * 1000))["address"] == "x" * 300


@pytest.mark.django_db
def test_an_answer_goes_from_the_form_to_the_row_and_from_there_into_the_next_booking():
    session, tess, _ = make_both()
    form = DetailsForm({**FULL, "agree": "on"}, place=HERE)
    assert form.is_valid()
    who = form.attendee(zone="America/Denver")
    assert who == KEPT
    made = booked(session, tess, attendee=who)
    assert [(asked.name, answer) for asked, answer in facts_of(made)] == [("phone", KEPT.phone)]
    assert Attendee.from_appointment(made, client=made.client, zone="America/Denver") == KEPT


@pytest.mark.django_db
def test_an_answer_goes_from_the_waitlist_into_the_booking():
    session, _, _ = make_both()
    entry = join(session, WaitlistChoices(last_day=TEN.date()), attendee=ANN, now=NOW)
    assert {one.name for one in kept_by(WaitlistEntry)} >= {"name", "phone", "address"}
    assert Attendee.from_entry(entry) == KEPT


@pytest.mark.django_db
def test_what_is_missing_comes_from_the_record():
    ann = make_user("Ann Lee", phone="+13035550117")
    who = Attendee.from_answers({}, client=ann)
    assert (who.name, who.email, who.phone) == ("Ann Lee", ann.email, str(ann.phone))
