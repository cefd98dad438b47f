"""Blocked times: never offered, never over a session unasked, within one day, and only one's own."""

import datetime as dt

import pytest

from booking.appointments.actions.book import book
from booking.appointments.actions.move import move
from booking.availability import listing
from booking.calendars.feeds import hashed
from booking.errors import BookedThen, SlotTaken
from booking.holds.actions.hold import hold
from booking.models import Appointment, BlockedTime, CalendarFeed
from booking.testing import make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, booked, denver, kept, minutes, noted
from booking.tests.web_client import hidden, words_of
from booking.time_off.actions.block_time import block_time, unblock
from practice.models import User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
ELEVEN = TEN + minutes(60)
LUNCH = {"practitioner": "tess", "day": "2027-03-16", "begins": "12:00", "ends": "13:00"}
PAGE = "/workspace/block/"


def blocked(tess, start=TEN, end=ELEVEN, **more) -> BlockedTime:
    return block_time(tess, start=start, end=end, by=tess.user, now=NOW, **more)


@pytest.mark.engines
def test_it_is_not_listed_not_held_not_booked_and_no_target(tess, session):
    mine = booked(session, tess, denver("2027-03-16 14:00"))
    blocked(tess)
    span = {"first": denver("2027-03-16 09:00"), "until": denver("2027-03-16 12:00"), "now": NOW}
    assert [one.start for one in listing.free_starts(session, [tess], **span)][:2] == [
        TEN - minutes(60),
        ELEVEN,
    ]
    for attempt in (
        lambda: hold(session, practitioners=[tess], start=TEN, visitor="v", now=NOW),
        lambda: book(session, practitioners=[tess], start=TEN, attendee=ANN, consent=True, now=NOW),
        lambda: move(mine, start=TEN + minutes(15), now=NOW),
    ):
        with pytest.raises(SlotTaken):
            attempt()


def test_a_colleague_is_free_then(tess, jonah, both):
    blocked(tess)
    assert booked(both, jonah).practitioner == jonah


@pytest.mark.engines
def test_over_a_booked_session_it_is_refused_until_that_very_session_was_named(tess, session):
    mine = booked(session, tess)
    with pytest.raises(BookedThen) as caught:
        blocked(tess, TEN + minutes(30), ELEVEN)
    assert caught.value.booked == [mine]
    other = booked(session, tess, ELEVEN, attendee=BEN)
    with pytest.raises(BookedThen):
        blocked(tess, TEN, ELEVEN + minutes(60), over=[mine])
    blocked(tess, TEN, ELEVEN + minutes(60), over=[mine, other])
    assert Appointment.objects.filter(state="booked").count() == 2


@pytest.mark.engines
def test_a_held_time_in_it_is_released_and_its_holder_cannot_book_it(tess, session):
    held = kept(session, tess)
    blocked(tess)
    held.refresh_from_db()
    assert (held.state, noted(held, "released")) == ("released", "The time was blocked.")


def test_pressed_twice_it_is_one_and_removed_it_is_free_again(tess, session):
    one = blocked(tess)
    assert blocked(tess) == one
    unblock(one)
    unblock(one)
    assert booked(session, tess).starts_at == TEN


def test_the_number_of_queries_is_the_same_with_blocks(tess, session, django_assert_num_queries):
    for number in range(5):
        blocked(tess, TEN + minutes(15 * number), TEN + minutes(15 * number + 5))
    with django_assert_num_queries(4):
        listing.load_availability(session, [tess], first=TEN, until=ELEVEN, now=NOW)


def test_a_feed_says_busy_and_never_why(tess, client):
    blocked(tess, reason="the accountant-marker")
    CalendarFeed.objects.create(owner=tess.user, practitioner=tess, key=hashed("secret"), shows="names")
    body = client.get("/calendar/secret.ics").content.decode()
    assert "SUMMARY:Blocked" in body
    assert "DTSTART:20270316T160000Z" in body
    assert "marker" not in body


@pytest.mark.usefixtures("a_monday_in_march")
class TestPages:
    """The form: what it refuses and says, who may use it, and what it keeps."""

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"ends": "12:00"}, "The end must be after the beginning"),
            ({"begins": "22:00", "ends": "02:00"}, "To block a time across midnight"),
            ({"day": "2027-02-28"}, "That time has already passed."),
            ({"day": "2027-03-14", "begins": "02:30", "ends": "05:00"}, "That time does not exist"),
            ({"day": "9999-12-31"}, "Please enter a date like"),
            ({"begins": "noon"}, "Please enter a time like 12:30."),
            ({"practitioner": "nobody"}, "Please choose one of these."),
        ],
    )
    def test_what_is_no_stretch_of_one_day_is_refused_with_a_message(self, said, words, tess, jonah):
        answer = at_work(tess.user).post(PAGE, {**LUNCH, **said, "reason": "Kept."})
        assert (answer.status_code, BlockedTime.objects.count()) == (422, 0)
        assert words in words_of(answer)
        assert 'value="Kept."' in answer.content.decode()

    def test_where_an_hour_comes_twice_the_block_covers_both_and_says_so(self, tess):
        night = {**LUNCH, "day": "2027-11-07", "begins": "01:00", "ends": "01:30"}
        answer = at_work(tess.user).post(PAGE, night, follow=True)
        assert "the block covers the repeated hour" in words_of(answer)
        one = BlockedTime.objects.get()
        assert one.ends_at - one.starts_at == minutes(90)

    def test_until_midnight_is_the_end_of_the_day(self, tess):
        at_work(tess.user).post(PAGE, {**LUNCH, "begins": "22:00", "ends": "00:00"})
        assert BlockedTime.objects.get().ends_at == denver("2027-03-17 00:00")

    def test_who_is_booked_is_named_and_a_second_press_blocks(self, tess, session):
        booked(session, tess, denver("2027-03-16 12:00"))
        browser = at_work(tess.user)
        asked = browser.post(PAGE, {**LUNCH, "reason": "Lunch"})
        assert (asked.status_code, BlockedTime.objects.count()) == (409, 0)
        assert "One person is booked then: Ann Lee , Tuesday, March 16 at 12:00 PM" in words_of(asked)
        browser.post(PAGE, {**LUNCH, **hidden(asked), "reason": "Lunch"})
        assert BlockedTime.objects.get().reason == "Lunch"

    def test_staff_read_that_it_is_blocked_and_may_book_over_it_with_a_reason(self, tess, session):
        mine = booked(session, tess, denver("2027-03-16 14:00"))
        blocked(tess)
        browser, page = at_work(tess.user), f"/workspace/appointments/{mine.uid}/move/"
        sure = browser.get(page, {"at": "2027-03-16T10:00"})
        assert "It would overlap a time blocked by the practice, Tuesday, March 16, 10:00" in words_of(sure)
        browser.post(page, {**hidden(sure), "note": "Lunch is off."})
        assert Appointment.objects.get(pk=mine.pk).starts_at == TEN

    def test_a_practitioner_blocks_and_sees_only_their_own(self, tess, jonah):
        hers, browser = blocked(tess, reason="An operation"), at_work(jonah.user)
        browser.post(PAGE, LUNCH)
        assert list(BlockedTime.objects.values_list("practitioner", flat=True)) == [tess.pk]
        assert browser.get(f"{PAGE}{hers.pk}/").status_code == 404
        assert browser.post(f"{PAGE}{hers.pk}/remove/").status_code == 404
        assert at_work(make_user("Cy")).get(PAGE).status_code == 404

    def test_the_front_desk_removes_it_and_reads_no_reason_but_its_own(self, tess):
        dee = make_user("Dee", role=User.Role.FRONT_DESK)
        hers, own = blocked(tess, reason="An operation"), None
        browser = at_work(dee)
        assert "An operation" not in words_of(browser.get(f"{PAGE}{hers.pk}/"))
        browser.post(PAGE, {**LUNCH, "reason": "The accountant"})
        own = BlockedTime.objects.latest("pk")
        assert "The accountant" in words_of(browser.get(f"{PAGE}{own.pk}/"))
        answer = browser.post(f"{PAGE}{hers.pk}/remove/", {"next": "/workspace/week/?day=2027-03-16"})
        assert answer["Location"] == "/workspace/week/?day=2027-03-16"
        assert list(BlockedTime.objects.all()) == [own]

    def test_the_address_fills_the_form(self, tess):
        answer = at_work(tess.user).get(
            PAGE, {"with": "tess", "day": "2027-03-20", "begins": "12:15", "ends": "13:00"}
        )
        html = answer.content.decode()
        assert all(f'value="{one}"' in html for one in ("2027-03-20", "12:15", "13:00"))


def test_a_block_does_not_take_the_room(tess, jonah):
    """Jonah works in the same room: a block is about a person's time."""
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    kind = make_session_type(jonah, slug="his")
    blocked(tess)
    assert booked(kind, jonah).starts_at == TEN
    assert dt.timedelta(0) < ELEVEN - TEN
