"""The practice has moved: the owner is asked once, and everybody who is booked is told once."""

import pytest
import time_machine
from django.core import mail

from booking.appointments.actions.cancel import cancel
from booking.models import Appointment
from booking.owner_settings.actions.new_address import notify_clients, skip_notice
from booking.tests.people import BEN, NOW, TEN, booked, minutes
from booking.tests.web_client import words_of
from practice.mail.delivery import deliver
from practice.models import Letter, Practice
from practice.testing import at_work, is_in_both_parts

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("a_monday_in_march")]


@pytest.fixture
def moved(tess, session, practice) -> Practice:
    """Ann has two sessions ahead and Ben one; then the address changes."""
    for start in (TEN, TEN + minutes(120)):
        booked(session, tess, start)
    booked(session, tess, TEN + minutes(240), attendee=BEN)
    Letter.objects.update(state="sent")
    practice.address = "77 Larkspur Lane\nDenver, Colorado"
    practice.save()
    return practice


def test_only_another_address_asks(practice):
    for field, value in (("phone", "303 555 0199"), ("address", practice.address + "\n")):
        setattr(practice, field, value)
        practice.save(update_fields=[field])
    assert Practice.objects.get().moved_at is None
    practice.address = "77 Larkspur Lane"
    practice.save(update_fields=["address"])
    assert Practice.objects.get().moved_at is not None


def test_today_asks_the_owner_and_nobody_else(moved, tess, jonah):
    asked = "2 people are booked. Email them the new address?"
    assert asked in words_of(at_work(tess.user).get("/workspace/"))
    assert asked not in words_of(at_work(jonah.user).get("/workspace/"))


def test_each_of_them_is_told_once_in_one_email(moved, tess):
    desk = at_work(tess.user)
    for _ in range(2):
        desk.post("/workspace/settings/new-address/", {"do": "tell"})
    assert Letter.objects.filter(kind="new_address").count() == 2
    assert "people are booked" not in words_of(desk.get("/workspace/"))
    while deliver.step(now=NOW):
        pass
    told = sorted(one.to[0] for one in mail.outbox)
    assert told == ["Ann Lee <ann@example.com>", "Ben Hart <ben@example.com>"]
    letter = Letter.objects.get(kind="new_address", to_address="ann@example.com")
    for words in (
        "77 Larkspur Lane",
        "Tuesday, March 16 at 10:00 AM",
        "Tuesday, March 16 at 12:00 PM, with Tess",
    ):
        assert is_in_both_parts(letter, words)


def test_told_nobody_the_question_is_gone(moved, tess):
    at_work(tess.user).post("/workspace/settings/new-address/", {"do": "leave"})
    assert (Practice.objects.get().moved_at, Letter.objects.filter(kind="new_address").count()) == (None, 0)


def test_anyone_who_has_nothing_ahead_by_then_is_not_told(moved):
    assert notify_clients(now=NOW) == 2
    cancel(Appointment.objects.get(attendee_name="Ben Hart"), now=NOW)
    Letter.objects.exclude(kind="new_address").update(state="sent")
    while deliver.step(now=NOW):
        pass
    assert [one.to[0] for one in mail.outbox] == ["Ann Lee <ann@example.com>"]


def test_a_second_move_asks_and_tells_again(moved, practice):
    notify_clients(now=NOW)
    practice.refresh_from_db()
    practice.address = "1 Alder Street"
    with time_machine.travel(NOW + minutes(1), tick=False):
        practice.save()
    assert notify_clients(now=NOW) == 2
    skip_notice()
    assert Letter.objects.filter(kind="new_address").count() == 4
