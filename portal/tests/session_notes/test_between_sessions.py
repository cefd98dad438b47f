"""What is written in a record between two sessions, under a wrap-up's lock: on both databases."""

from __future__ import annotations

import pytest

from portal.models import Assignment, Client, RecordNote, SessionNote
from portal.session_notes.actions.assign import Given
from portal.session_notes.actions.change_home import AtHome, change_home
from portal.session_notes.actions.record_note import write_note
from portal.session_notes.actions.wrap_up import HomeChanged, PlanChanged, WrapUp, plan_mark, sign
from portal.session_notes.assignable import given_to, home_mark
from portal.testing import assign
from portal.tests.day import NOW, House, open_house
from portal.tests.session_notes.wrap_up.steps import posted
from practice.testing import at_work

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def house() -> House:
    """Ann has the tilt to do, and a plan."""
    house = open_house()
    assign(house.tilt, house.ann, by=house.jonah, dosage="daily")
    Client.objects.keep(house.ann, plan="At noon")
    return house


def test_what_was_given_meanwhile_is_not_ended(house: House) -> None:
    seen = home_mark(given_to(house.ann))
    Assignment.objects.update(dosage="twice a day")
    with pytest.raises(HomeChanged):
        change_home(house.ann, AtHome(home_seen=seen, plan="Before bed"), by=house.jonah, now=NOW)
    assert Assignment.objects.get(ended_at=None).dosage == "twice a day"
    assert Client.objects.of(house.ann).plan == "At noon"


def test_where_the_client_changed_their_plan_meanwhile_nothing_is_given_either(house: House) -> None:
    seen = {"home_seen": home_mark(given_to(house.ann)), "plan_seen": plan_mark("At noon", "")}
    Client.objects.keep(house.ann, plan="On Sundays")
    written = AtHome(home=[Given(house.tilt, "hourly")], plan="Before bed", **seen)
    with pytest.raises(PlanChanged):
        change_home(house.ann, written, by=house.jonah, now=NOW)
    assert (Assignment.objects.get().dosage, Client.objects.of(house.ann).plan) == ("daily", "On Sundays")


def test_a_note_sent_twice_is_one(house: House) -> None:
    sent = [
        write_note(house.ann, "Called.", author=house.jonah, by=house.jonah.user, now=NOW) for _ in range(2)
    ]
    assert sent[0] == sent[1] == RecordNote.objects.get()


def test_a_wrap_up_that_was_open_meanwhile_replaces_nothing_unasked(house: House) -> None:
    session = house.came(house.ann, "2027-03-02 09:00")
    seen = home_mark(given_to(house.ann))
    Assignment.objects.update(dosage="twice a day")
    with pytest.raises(HomeChanged) as changed:
        sign(session, WrapUp(home=[Given(house.floor)], home_seen=seen), by=house.jonah.user, now=NOW)
    assert [one.dosage for one in changed.value.given] == ["twice a day"]
    assert not SessionNote.objects.filter(signed_at__isnull=False).exists()


def test_its_page_shows_what_they_do_by_now_and_counts_when_it_is_signed_again(house: House) -> None:
    session = house.came(house.ann, "2027-03-02 09:00")
    browser, page = at_work(house.jonah.user), f"/workspace/appointments/{session.uid}/wrap-up/"
    seen = home_mark(given_to(house.ann))
    said = posted(what_0="exercise:tilt", dosage_0="hourly", home_seen=seen)
    Assignment.objects.update(dosage="twice a day")
    answer = browser.post(page, said)
    assert (answer.status_code, "The tilt, twice a day" in answer.content.decode()) == (409, True)
    browser.post(page, {**said, "home_seen": answer.context["form"]["home_seen"].value()})
    assert [one.dosage for one in given_to(house.ann)] == ["hourly"]
