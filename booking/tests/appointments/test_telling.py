"""A move by staff: who hears of it, when, and what an undo takes back; two tabs do not collide."""

import pytest

from booking.appointments.actions.move import move
from booking.appointments.actions.move_back import move_back
from booking.appointments.actions.restore import Telling
from booking.errors import ChangedMeanwhile
from booking.models import Appointment
from booking.tests.people import NOW, TEN, booked, denver, kinds, minutes, noted
from booking.tests.web_client import hidden, words_of
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
TWO = TEN + minutes(240)
LATER, NOT = Telling.AFTER_UNDO, Telling.NOT


def all_letters_leave(now=NOW):
    while deliver.step(now=now):
        pass


@pytest.fixture
def hers(tess, session) -> Appointment:
    """Ann's session, of which she has heard."""
    mine = booked(session, tess)
    all_letters_leave()
    return mine


@pytest.mark.engines
def test_an_undone_move_sends_nothing_and_one_that_stands_is_told_once(tess, hers):
    moved = move(hers, start=TWO, by=tess.user, telling=LATER, now=NOW)
    all_letters_leave(NOW + minutes(2))
    move_back(moved, by=tess.user, now=NOW + minutes(2))
    all_letters_leave(NOW + minutes(9))
    assert kinds(hers, kind="moved", state="sent") == []
    move(hers, start=TWO, by=tess.user, telling=LATER, now=NOW + minutes(10))
    all_letters_leave(NOW + minutes(13))
    assert kinds(hers, kind="moved", state="sent") == ["moved"]


def test_a_quiet_move_is_not_told_but_its_reminders_name_the_new_time(tess, hers):
    after = move(hers, start=TWO, by=tess.user, telling=NOT, now=NOW)
    assert kinds(hers, kind="moved") == []
    assert noted(after, "moved") == "The client was not emailed about it."
    reminders = Letter.objects.filter(about=hers.about, kind="reminder", state="planned")
    assert {letter.event["start"] for letter in reminders} == {after.starts_at.isoformat()}


def test_a_quiet_move_undone_is_not_told_either(tess, hers):
    back = move_back(move(hers, start=TWO, by=tess.user, telling=NOT, now=NOW), by=tess.user, now=NOW)
    all_letters_leave()
    assert (back.starts_at, back.sequence, kinds(hers, kind="moved")) == (TEN, 2, [])


def test_a_client_who_has_heard_nothing_yet_is_told_the_right_time_all_the_same(tess, session):
    mine = booked(session, tess)
    after = move(mine, start=TWO, by=tess.user, telling=NOT, now=NOW)
    all_letters_leave()
    [letter] = Letter.objects.filter(about=mine.about, kind="confirmation", state="sent")
    assert letter.event["start"] == after.starts_at.isoformat()


@pytest.mark.engines
def test_of_two_tabs_the_second_changes_nothing(tess, hers):
    move(hers, start=TWO, by=tess.user, sequence=0, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        move(hers, start=TEN + minutes(60), by=tess.user, sequence=0, now=NOW)
    assert move(hers, start=TWO, by=tess.user, sequence=0, now=NOW).sequence == 1  # the same press, twice


def page(one: Appointment) -> str:
    return f"/workspace/appointments/{one.uid}/move/"


@pytest.mark.usefixtures("a_monday_in_march")
class TestPages:
    """What the second tab, the drop on a clock change and the way back show."""

    def test_the_second_tab_reads_who_moved_it_where_and_can_go_on(self, tess, hers):
        browser, dees = at_work(tess.user), at_work(make_user("Dee", role=User.Role.FRONT_DESK))
        first, second = (
            browser.get(page(hers), {"start": one.isoformat()}) for one in (TWO, TEN + minutes(60))
        )
        dees.post(page(hers), hidden(first))
        told = browser.post(page(hers), hidden(second))
        assert told.status_code == 409
        assert "Dee changed it while you were looking. Now it is Tuesday, March 16, 2:00" in words_of(told)
        browser.post(page(hers), hidden(told))
        assert Appointment.objects.get(pk=hers.pk).starts_at == TEN + minutes(60)

    @pytest.mark.parametrize(
        ("wall", "says", "instants"),
        [
            ("2027-11-07T01:30", "That time happens twice", ["-06:00", "-07:00"]),
            ("2027-03-14T02:30", "That time does not exist", ["2027-03-14T01:30", "2027-03-14T03:30"]),
        ],
    )
    def test_dropped_on_a_clock_change_it_offers_the_two_times(self, wall, says, instants, tess, hers):
        answer = at_work(tess.user).get(page(hers), {"at": wall})
        assert answer.status_code == 422
        assert says in words_of(answer)
        html = answer.content.decode()
        assert all(one in html[html.index("meant-h") :] for one in instants)

    def test_it_leads_back_to_the_calendar_with_an_undo_there_and_nowhere_else(self, tess, hers):
        browser, back = at_work(tess.user), "/workspace/week/?day=2027-03-16"
        sure = browser.get(page(hers), {"at": "2027-03-16T14:00", "next": back})
        answer = browser.post(page(hers), {**hidden(sure), "tell": "yes"})
        assert answer["Location"] == back
        undo = f"/workspace/appointments/{hers.uid}/bring-back/"
        assert browser.post(undo, {"next": back})["Location"] == back
        for bad in ("https://evil.example/", "//evil.example/workspace/", "/workspace/../\\evil", "/portal/"):
            away = browser.post(undo, {"next": bad})["Location"]
            assert away.startswith("/workspace/")
            assert "evil" not in away

    def test_by_no_it_says_that_their_calendar_does_not_know(self, tess, hers):
        browser = at_work(tess.user)
        sure = browser.get(page(hers), {"start": TWO.isoformat()})
        after = browser.post(page(hers), {**hidden(sure), "tell": "no"}, follow=True)
        assert "Their calendar does not know about it" in words_of(after)
        assert kinds(hers, kind="moved") == []

    def test_another_length_is_looked_at_and_then_changed(self, tess, hers):
        browser, length = at_work(tess.user), page(hers).replace("/move/", "/length/")
        assert browser.get(length, {"minutes": "7"}).status_code == 422
        sure = browser.get(length, {"minutes": "90"})
        assert "New length 90 minutes , Tuesday, March 16, 10:00 – 11:30 AM" in words_of(sure)
        assert Appointment.objects.get(pk=hers.pk).minutes == 60
        after = browser.post(length, hidden(sure), follow=True)
        assert "Now 90 minutes. We’ll email ann@example.com in three minutes" in words_of(after)
        assert "Undo change of length" in words_of(after)

    def test_a_longer_one_past_closing_names_the_rule_and_takes_a_reason(self, tess, session):
        late = booked(session, tess, denver("2027-03-16 16:00"))
        browser, length = at_work(tess.user), page(late).replace("/move/", "/length/")
        sure = browser.get(length, {"minutes": "90"})
        assert "after we close at 5:00 PM" in words_of(sure)
        assert browser.post(length, hidden(sure)).status_code == 409
        browser.post(length, {**hidden(sure), "note": "Agreed."})
        assert Appointment.objects.get(pk=late.pk).minutes == 90

    def test_a_colleagues_session_has_no_such_page(self, tess, hers, jonah):
        assert at_work(jonah.user).get(page(hers).replace("/move/", "/length/")).status_code == 404
        assert at_work(make_user("Cy")).get(page(hers).replace("/move/", "/length/")).status_code == 404
