"""Who may open whose record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, SessionType
from booking.testing import make_appointment, make_session_type
from portal.records.access import client_for, may_open, records_of
from portal.testing import assign, make_lesson
from practice.models import Practice, Practitioner, User
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 3, 9, 17, tzinfo=dt.UTC)
State = Appointment.State


@dataclass
class Scenario:
    """Tess owns it, Jonah practises, Faye answers the telephone; Ann comes to Jonah, Zoe to nobody."""

    tess: Practitioner
    jonah: Practitioner
    faye: User
    ann: User
    zoe: User
    kind: SessionType


@pytest.fixture
def scenario() -> Scenario:
    make_practice()
    tess = make_practitioner()
    jonah = make_practitioner("Jonah Reed", role=User.Role.PRACTITIONER)
    ann, zoe = make_user("Ann Lee"), make_user("Zoe Hill")
    kind = make_session_type(tess, jonah)
    make_appointment(session_type=kind, practitioner=jonah, start=START, client=ann)
    return Scenario(tess, jonah, make_user("Faye Dale", role=User.Role.FRONT_DESK), ann, zoe, kind)


def test_another_practitioners_client_stays_closed(scenario: Scenario) -> None:
    make_appointment(session_type=scenario.kind, practitioner=scenario.tess, start=START, client=scenario.zoe)
    assert list(records_of(scenario.jonah.user)) == [scenario.ann]


@pytest.mark.parametrize("state", [State.HELD, State.RELEASED, State.PENDING, State.CANCELLED, State.NO_SHOW])
def test_what_is_held_asked_for_canceled_or_missed_opens_nothing(scenario: Scenario, state: str) -> None:
    Appointment.objects.update(state=state, occupies=False)
    assert not may_open(scenario.jonah.user, scenario.ann)


def test_a_session_that_the_client_confirmed_opens_the_record_until_it_is_canceled(
    scenario: Scenario,
) -> None:
    before = may_open(scenario.jonah.user, scenario.ann)
    Appointment.objects.update(state=State.CANCELLED)
    assert (before, may_open(scenario.jonah.user, scenario.ann)) == (True, False)


def test_one_that_nobody_confirmed_opens_nothing_before_it_begins(scenario: Scenario) -> None:
    Appointment.objects.update(confirmed_at=None)
    assert not may_open(scenario.jonah.user, scenario.ann)


@pytest.mark.parametrize("state", [State.BOOKED, State.COMPLETED])
def test_a_session_that_takes_place_opens_it_from_its_beginning(scenario: Scenario, state: str) -> None:
    Appointment.objects.update(confirmed_at=None, state=state, starts_at=timezone.now())
    assert may_open(scenario.jonah.user, scenario.ann)


@pytest.mark.parametrize("state", [State.BOOKED, State.COMPLETED])
def test_under_someones_address_it_opens_nothing_even_when_its_hour_has_passed(
    scenario: Scenario, state: str
) -> None:
    Appointment.objects.update(confirmed_at=None, is_claim=True, state=state, starts_at=timezone.now())
    assert not may_open(scenario.jonah.user, scenario.ann)


def test_they_confirm_it_and_it_is_like_any_other(scenario: Scenario) -> None:
    Appointment.objects.update(confirmed_at=timezone.now(), is_claim=True)
    assert may_open(scenario.jonah.user, scenario.ann)


@pytest.mark.parametrize(("months", "open_still"), [(11, True), (13, False)])
def test_a_year_after_the_last_session_it_closes(scenario: Scenario, months: int, open_still: bool) -> None:
    begun = timezone.now() - dt.timedelta(days=30.5 * months)
    ends = begun + dt.timedelta(hours=1)
    Appointment.objects.update(state=State.COMPLETED, starts_at=begun, ends_at=ends)
    assert may_open(scenario.jonah.user, scenario.ann) is open_still


def test_the_owner_chooses_after_how_long(scenario: Scenario) -> None:
    begun = timezone.now() - dt.timedelta(days=60)
    Appointment.objects.update(state=State.COMPLETED, starts_at=begun, ends_at=begun + dt.timedelta(hours=1))
    Practice.objects.update(record_months=1)
    assert not may_open(scenario.jonah.user, scenario.ann)


def test_and_the_page_on_privacy_says_so(scenario: Scenario) -> None:
    Practice.objects.update(record_months=6)
    assert "for 6 months after your last session" in Client().get("/privacy/").content.decode()


def test_what_was_given_a_year_ago_or_ended_opens_nothing_more(scenario: Scenario) -> None:
    long_ago = timezone.now() - dt.timedelta(days=400)
    assign(make_lesson(), scenario.zoe, by=scenario.jonah, created_at=long_ago)
    assign(make_lesson("breath"), scenario.zoe, by=scenario.jonah, ended_at=timezone.now())
    assert not may_open(scenario.jonah.user, scenario.zoe)


def test_the_front_desk_opens_nobody(scenario: Scenario) -> None:
    assert list(records_of(scenario.faye)) == []


def test_a_client_opens_no_record_not_even_their_own_here(scenario: Scenario) -> None:
    assert list(records_of(scenario.ann)) == []


def test_the_owner_opens_every_client_and_no_colleague(scenario: Scenario) -> None:
    assert set(records_of(scenario.tess.user)) == {scenario.ann, scenario.zoe}


def test_what_was_given_opens_the_record(scenario: Scenario) -> None:
    assign(make_lesson(), scenario.zoe, by=scenario.jonah)
    assert may_open(scenario.jonah.user, scenario.zoe)


def test_who_left_opens_nobody_anymore(scenario: Scenario) -> None:
    scenario.jonah.user.is_active = False
    scenario.jonah.user.save(update_fields=["is_active"])
    assert list(records_of(scenario.jonah.user)) == []


def test_a_practitioner_who_answers_the_phone_now_opens_nobody(scenario: Scenario) -> None:
    scenario.jonah.user.role = User.Role.FRONT_DESK
    scenario.jonah.user.save(update_fields=["role"])
    assert not may_open(scenario.jonah.user, scenario.ann)


def test_a_stranger_is_as_if_they_were_not_there(scenario: Scenario) -> None:
    with pytest.raises(Http404):
        client_for(scenario.jonah.user, scenario.zoe.pk)


def test_each_is_found_once_however_often_they_came(scenario: Scenario) -> None:
    for week in range(1, 4):
        make_appointment(
            session_type=scenario.kind,
            practitioner=scenario.jonah,
            start=START + dt.timedelta(weeks=week),
            client=scenario.ann,
        )
    assert client_for(scenario.jonah.user, scenario.ann.pk) == scenario.ann
    assert records_of(scenario.jonah.user).count() == 1
