"""Ill or away: nothing of closed days is offered to anybody; who is booked is handed over or cancelled."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from booking.appointments.actions.book import Attendee, book
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.availability import listing
from booking.availability.closed_days import appointments_within
from booking.errors import BookingError
from booking.models import Appointment, Closure, Offer, PackageUse
from booking.offers import queries as offers_queries
from booking.offers.actions import offer_again
from booking.packages.actions import sell
from booking.testing import make_appointment, make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, booked, denver, kept, minutes
from booking.time_off import queries as time_off_queries
from booking.time_off.actions import away, close_days
from booking.time_off.actions.away import carry_out
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.models import Letter
from practice.testing import as_it_leaves, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 3, 16)
ZOE = Attendee("Zoe Quist", "zoe@example.com", "", "America/Denver")
NOON = NOW.replace(hour=12)


def closed(tess, first=DAY, last=DAY, *, now=NOW):
    return close_days.close_days(tess, first=first, last=last, now=now)


def free(kind, tess, *, now=NOW):
    day = {"first": denver("2027-03-16 00:00"), "until": denver("2027-03-17 00:00")}
    return listing.free_starts(kind, [tess], **day, now=now, asker="staff")


def do(closure, chosen, tess, *, word="", now=NOW):
    return carry_out(
        closure, {str(one.uid): to for one, to in chosen.items()}, by=tess.user, word=word, now=now
    )


def state_of(appointment):
    row = Appointment.objects.get(pk=appointment.pk)
    return row.state, row.practitioner.first_name, row.sequence


@pytest.mark.parametrize("rows", [1, 3])
def test_whom_to_write_to_about_closed_days_is_read_along(both, tess, rows, django_assert_num_queries):
    sam = make_user("Sam Lee")
    for number in range(rows):
        start, child = TEN + minutes(60 * number), make_user(f"Mia{number} Lee")
        booking = {"session_type": both, "practitioner": tess, "start": start, "client": child}
        make_appointment(**booking, correspondent=sam)
    with django_assert_num_queries(4):
        assert {
            one.contact for one in appointments_within(Closure(first_day=DAY, last_day=DAY), now=NOW)
        } == {sam}


# --- Closing ----------------------------------------------------------------------------------------


@pytest.mark.engines
def test_closing_lets_go_of_what_is_kept_and_withdraws_what_is_offered(both, tess):
    held = kept(both, tess, now=NOON)
    join(both, WaitlistChoices(last_day=dt.date(2027, 4, 30)), attendee=ANN, now=NOW)
    cancel(booked(both, tess, TEN + minutes(120), attendee=ZOE), now=NOON)
    offer = offers_queries.open_offers().get()
    other_day = kept(both, tess, TEN + dt.timedelta(days=1), visitor="another", now=NOON)
    closed(tess, now=NOON)

    assert free(both, tess, now=NOON) == []
    assert (state_of(held)[0], state_of(offer.appointment)[0]) == ("released", "released")
    assert Offer.objects.get(pk=offer.pk).state == "withdrawn"
    assert state_of(other_day)[0] == "held"


@pytest.mark.engines
def test_who_was_about_to_send_the_form_of_a_kept_time_is_refused(both, tess):
    held = kept(both, tess)
    closed(tess)
    with pytest.raises(BookingError):
        book(both, practitioners=[tess], start=TEN, attendee=ANN, consent=True, held=held, now=NOW)


@pytest.mark.engines
def test_what_is_canceled_on_closed_days_is_offered_to_nobody(both, tess):
    join(both, WaitlistChoices(last_day=dt.date(2027, 4, 30), practitioner=tess), attendee=ANN, now=NOW)
    bens = booked(both, tess, attendee=BEN)
    do(closed(tess, now=NOON), {bens: None}, tess, now=NOON)
    offer_again(now=NOON)

    assert not Offer.objects.exists()
    assert free(both, tess, now=NOON) == []


@pytest.mark.engines
def test_closing_the_same_days_twice_closes_them_once(tess):
    assert closed(tess) == closed(tess)
    assert Closure.objects.count() == 1


@pytest.mark.engines
def test_a_session_over_midnight_into_a_closed_day_is_in_it_and_one_that_ends_at_midnight_is_not(both, tess):
    rules = {"by": tess.user, "override_note": "late"}
    over = booked(both, tess, denver("2027-03-15 23:30"), **rules)
    booked(both, tess, denver("2027-03-14 23:00"), **rules)
    closure = Closure(practitioner=tess, first_day=dt.date(2027, 3, 16), last_day=DAY)
    day_before = Closure(practitioner=tess, first_day=dt.date(2027, 3, 15), last_day=dt.date(2027, 3, 15))

    assert appointments_within(closure, now=NOW) == [over]
    assert appointments_within(day_before, now=NOW) == [over]


def test_other_hours_strand_only_what_is_outside_them(both, tess):
    inside = booked(both, tess, TEN)
    outside = booked(both, tess, TEN + minutes(240), attendee=BEN)
    hours = {"opens": dt.time(9), "closes": dt.time(12)}
    closure = Closure(practitioner=tess, first_day=DAY, last_day=DAY, **hours)

    assert appointments_within(closure, now=NOW) == [outside]
    assert appointments_within(Closure(first_day=DAY, last_day=DAY), now=NOW) == [inside, outside]


# --- Handing over, or cancelling --------------------------------------------------------------------


def test_each_is_handed_over_or_canceled_with_the_same_sentence(both, tess, jonah):
    anns, bens = booked(both, tess), booked(both, tess, TEN + minutes(120), attendee=BEN)
    outcome = do(closed(tess), {anns: jonah, bens: None}, tess, word="I have a fever. I am sorry.")

    assert (state_of(anns), state_of(bens)) == (("booked", "Jonah", 1), ("cancelled", "Tess", 1))
    assert ([one.pk for one in outcome.handed_over], outcome.failed) == ([anns.pk], [])
    letters = [as_it_leaves(Letter.objects.get(kind=kind)) for kind in ("handed_over", "cancelled")]
    assert [is_in_both_parts(letter, "I have a fever. I am sorry.") for letter in letters] == [True, True]


@pytest.mark.engines
def test_a_cancel_by_us_costs_nothing_gives_the_package_back_and_links_to_other_times(both, tess, jonah):
    ann = make_user("Ann Lee")
    sell(both, client=ann, sessions=1, price_cents=9000, by=tess.user, now=NOW)
    anns = booked(both, tess, client=ann, by=tess.user)
    do(closed(tess), {anns: None}, tess, now=TEN - dt.timedelta(hours=1))

    assert PackageUse.objects.get().given_back_at
    letter = as_it_leaves(Letter.objects.get(kind="cancelled"))
    assert is_in_both_parts(letter, "There is no charge: the session is back in your package.")
    assert is_in_both_parts(letter, "The nearest times available now:")
    assert is_in_both_parts(letter, f"/book/{both.slug}/?day=2027-03-16")  # with Jonah, who is there
    assert is_in_both_parts(letter, "with Jonah")


def test_one_that_cannot_be_handed_over_stays_as_it_was_and_holds_up_no_other(both, tess, jonah):
    anns, bens = booked(both, tess), booked(both, tess, TEN + minutes(120), attendee=BEN)
    closure = closed(tess)
    booked(both, jonah, attendee=ZOE)  # somebody was faster
    outcome = do(closure, {anns: jonah, bens: jonah}, tess)

    assert [(one.pk, why) for one, why in outcome.failed] == [(anns.pk, "That time is taken.")]
    assert (state_of(anns), state_of(bens)) == (("booked", "Tess", 0), ("booked", "Jonah", 1))


def test_when_the_guard_itself_refuses_one_nothing_of_it_is_half_done(both, tess, jonah, monkeypatch):
    anns, bens = booked(both, tess), booked(both, tess, TEN + minutes(120), attendee=BEN)
    closure = closed(tess)
    booked(both, jonah, attendee=ZOE)
    monkeypatch.setattr(time_off_queries, "refusal", lambda *_args, **_more: None)
    outcome = do(closure, {anns: jonah, bens: jonah}, tess)

    assert [one.pk for one, _why in outcome.failed] == [anns.pk]
    assert (state_of(anns), state_of(bens)) == (("booked", "Tess", 0), ("booked", "Jonah", 1))
    assert list(anns.changes.values_list("what", flat=True)) == ["booked"]


def test_a_fault_of_ours_in_one_leaves_it_and_is_told(both, tess, monkeypatch):
    anns, bens = booked(both, tess), booked(both, tess, TEN + minutes(120), attendee=BEN)
    real = away.cancel

    def breaks(appointment, **options):
        done = real(appointment, **options)
        if appointment.pk == anns.pk:
            raise RuntimeError
        return done

    monkeypatch.setattr(away, "cancel", breaks)
    outcome = do(closed(tess), {anns: None, bens: None}, tess)

    assert (state_of(anns)[0], state_of(bens)[0]) == ("booked", "cancelled")
    assert [one.pk for one, _why in outcome.failed] == [anns.pk]


@pytest.mark.engines
def test_pressed_twice_nothing_is_done_twice(both, tess, jonah):
    anns, bens = booked(both, tess), booked(both, tess, TEN + minutes(120), attendee=BEN)
    closure = closed(tess)
    do(closure, {anns: jonah, bens: None}, tess)
    before = state_of(anns), state_of(bens), Letter.objects.count()
    again = do(closure, {anns: None, bens: None}, tess)  # a second press, even with another choice

    assert (again.handed_over, again.cancelled, again.failed) == ([], [], [])
    assert (state_of(anns), state_of(bens), Letter.objects.count()) == before


@pytest.mark.engines
def test_of_two_presses_at_once_the_second_finds_it_with_the_colleague(both, tess, jonah, monkeypatch):
    anns = booked(both, tess)
    closure = closed(tess)
    seen = appointments_within(closure, now=NOW)
    do(closure, {anns: jonah}, tess)
    monkeypatch.setattr(
        away, "appointments_within", lambda *_args, **_more: seen
    )  # read before the first was done
    again = do(closure, {anns: None}, tess)

    assert (state_of(anns), again.cancelled, again.failed) == (("booked", "Jonah", 1), [], [])


@pytest.mark.engines
def test_opening_again_brings_nothing_back(both, tess, jonah):
    held = kept(both, tess, TEN + minutes(180))
    anns, bens = booked(both, tess), booked(both, tess, TEN + minutes(120), attendee=BEN)
    closure = closed(tess)
    do(closure, {anns: jonah, bens: None}, tess)
    close_days.open_again(closure)

    assert (state_of(anns), state_of(bens)) == (("booked", "Jonah", 1), ("cancelled", "Tess", 1))
    assert state_of(held)[0] == "released"
    assert free(both, tess)


# --- Who could take them ----------------------------------------------------------------------------


@pytest.mark.engines
def test_it_suggests_a_free_colleague_and_only_one_of_two_sessions_for_each(both, tess, jonah):
    long = make_session_type(tess, slug="long", minutes=90)
    anns = booked(both, tess)
    bens = booked(long, tess, TEN + minutes(120), attendee=BEN)
    both.daily_limit = 1
    both.save(update_fields=["daily_limit"])
    zoes = booked(both, tess, TEN + minutes(300), attendee=ZOE, by=tess.user, override_note="a friend")
    found = {
        one.appointment: (one.takers, one.suggested)
        for one in time_off_queries.handovers(appointments_within(closed(tess), now=NOW), now=NOW)
    }

    assert found == {anns: ([jonah], jonah), bens: ([], None), zoes: ([jonah], None)}


def test_the_sessions_of_the_person_who_is_away_do_not_keep_a_shared_room_from_the_colleague(
    both, tess, jonah
):
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    tens, elevens = booked(both, tess), booked(both, tess, TEN + minutes(60), attendee=BEN)
    Appointment.objects.update(buffer_after=30)
    [first, second] = time_off_queries.handovers(appointments_within(closed(tess), now=NOW), now=NOW)

    assert (first.appointment, second.appointment) == (tens, elevens)
    assert (first.takers, second.takers) == ([jonah], [jonah])


def test_the_guard_and_not_the_page_has_the_last_word(both, tess, jonah):
    anns = booked(both, tess)
    booked(both, jonah, attendee=BEN)
    with pytest.raises(IntegrityError):
        Appointment.objects.filter(pk=anns.pk).update(practitioner=jonah)


@pytest.mark.engines
@pytest.mark.parametrize(("first", "free_again"), [(DAY, False), (DAY + dt.timedelta(days=1), True)])
def test_no_email_says_free_again_of_a_time_that_is_closed(both, tess, jonah, first, free_again):
    closed(tess, first, first)
    one, other = booked_before(both, tess, TEN), booked_before(both, tess, TEN + minutes(180), BEN)
    cancel(one, now=NOW)
    move(other, start=TEN + dt.timedelta(days=7), now=NOW)
    for kind in ("notice_cancelled", "notice_moved"):
        notice = as_it_leaves(Letter.objects.get(kind=kind))
        assert is_in_both_parts(notice, "time is open again.") == free_again
    to_ben = as_it_leaves(Letter.objects.get(kind="moved"))
    assert is_in_both_parts(to_ben, "; that time is now open to others.") == free_again
    assert is_in_both_parts(to_ben, "It was Tuesday, March 16, 1:00 – 2:00 PM.") != free_again


def booked_before(kind, tess, start, who=ANN):
    """As booked before the days were closed."""
    return booked(kind, tess, start, attendee=who, by=tess.user, override_note="before")
