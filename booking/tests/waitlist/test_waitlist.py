"""The waitlist: a freed time goes to one person after the other, and never past the queue."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from booking.appointments.actions.book import Attendee
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.availability import listing
from booking.errors import OfferClosed, SlotTaken, WishUnclear
from booking.models import Appointment, AppointmentChange, Offer, PackageUse, Place, WaitlistEntry
from booking.offers import queries as offers_queries
from booking.offers.actions import lapse_due, offer_again, withdraw_offers_of
from booking.packages.actions import sell
from booking.testing import make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, booked, denver, kinds, minutes
from booking.waitlist.actions.answer import accept, decline
from booking.waitlist.actions.join import MOST, WaitlistChoices, end_past, join, leave
from practice.models import Letter, User
from practice.testing import at_work

pytestmark = pytest.mark.django_db
ZOE = Attendee("Zoe Quist", "zoe@example.com", "", "America/Denver")
APRIL = dt.date(2027, 4, 30)
NOON = NOW.replace(hour=12)


def wishes(session, attendee=ANN, *, now=NOW, swaps=None, by=None, **fields):
    """Somebody waits for a session until the end of April."""
    wanted = WaitlistChoices(**{"last_day": APRIL, **fields})
    return join(session, wanted, attendee=attendee, now=now, swaps=swaps, by=by)


def by_zoe(session, tess, start=TEN, **options):
    return booked(session, tess, start, attendee=ZOE, **options)


def freed(session, tess, *, now=NOON, start=TEN):
    """Zoe gives her time back."""
    return cancel(by_zoe(session, tess, start), now=now)


def the_offer():
    return offers_queries.open_offers().get()


def is_public(session, tess, start=TEN, *, now=NOON):
    return listing.first_refusal(session, tess, start, now=now) is None


# --- Who is asked ------------------------------------------------------------------------------------
def test_case_31_the_first_whom_it_suits_is_asked_alone(session, tess):
    long = make_session_type(tess, slug="long", minutes=90)
    booked(session, tess, TEN + minutes(60), attendee=ZOE)
    booked(session, tess, TEN - minutes(60), attendee=ZOE)
    wishes(long, Attendee("Lo", "lo@example.com"))
    wishes(session, Attendee("Mo", "mo@example.com"), weekdays=(0,))
    a, _b = wishes(session, ANN), wishes(session, BEN)

    freed(session, tess)
    assert [offer.entry for offer in Offer.objects.all()] == [a]
    assert not is_public(session, tess)


def test_who_says_nothing_makes_way_for_the_next(session, tess):
    wishes(session, ANN)
    second = wishes(session, BEN)
    freed(session, tess)

    assert lapse_due(now=NOON + minutes(59.9)) == 0
    assert lapse_due(now=NOON + minutes(60)) == 1
    assert the_offer().entry == second
    assert not is_public(session, tess, now=NOON + minutes(60))


@pytest.mark.engines
def test_declining_frees_the_time_at_once_and_keeps_the_waitlist_entry(session, tess):
    first, second = wishes(session, ANN), wishes(session, BEN)
    freed(session, tess)
    decline(the_offer(), now=NOON)

    assert the_offer().entry == second
    first.refresh_from_db()
    assert first.state == WaitlistEntry.State.WAITING


@pytest.mark.engines
def test_after_the_last_of_the_queue_the_time_is_public(session, tess):
    wishes(session, ANN)
    freed(session, tess)
    decline(the_offer(), now=NOON)
    assert is_public(session, tess)


@pytest.mark.engines
def test_nobody_is_asked_twice_about_one_time(session, tess):
    wishes(session, ANN)
    freed(session, tess)
    decline(the_offer(), now=NOON)
    assert offer_again(now=NOON + minutes(5)) == 0


def test_inside_the_minimum_notice_nobody_is_asked_and_the_time_is_free(session, tess):
    late = make_session_type(tess, slug="late", step=15, notice_hours=48)
    wishes(late, ANN)
    cancel(by_zoe(session, tess), now=TEN - minutes(47 * 60))
    assert Offer.objects.count() == 0
    assert is_public(session, tess, now=TEN - minutes(47 * 60))


def test_anyone_who_gives_a_time_back_is_not_offered_it(session, tess):
    mine = booked(session, tess)
    wishes(session, ANN)
    cancel(mine, now=NOON)
    assert Offer.objects.count() == 0


def test_a_moved_session_frees_its_old_time_for_the_queue(session, tess):
    entry = wishes(session, ANN)
    move(by_zoe(session, tess), start=TEN + minutes(180), now=NOON)
    assert (the_offer().entry, the_offer().appointment.starts_at) == (entry, TEN)


def test_who_has_an_offer_to_answer_gets_no_second_one(session, tess):
    wishes(session, ANN)
    freed(session, tess)
    freed(session, tess, start=TEN + minutes(120))
    assert Offer.objects.count() == 1


# --- By day and by night -----------------------------------------------------------------------------
def test_at_night_the_time_is_public_and_in_the_morning_who_waits_is_asked(session, tess):
    entry, night = wishes(session, ANN), NOW.replace(hour=22)
    freed(session, tess, now=night)
    assert is_public(session, tess, now=night)
    assert offer_again(now=night + dt.timedelta(hours=9, minutes=59)) == 0
    assert offer_again(now=night + dt.timedelta(hours=10)) == 1
    assert the_offer().entry == entry


def test_what_was_booked_overnight_is_offered_to_nobody(session, tess):
    night = NOW.replace(hour=22)
    wishes(session, ANN)
    freed(session, tess, now=night)
    booked(session, tess, attendee=BEN, now=night + minutes(5))
    assert offer_again(now=night + dt.timedelta(hours=11)) == 0


def test_a_waitlist_entry_made_after_the_time_was_freed_gets_no_offer_of_it(session, tess):
    freed(session, tess)
    wishes(session, ANN, now=NOON + minutes(1))
    assert offer_again(now=NOON + minutes(2)) == 0


# --- Answering ---------------------------------------------------------------------------------------
@pytest.mark.engines
def test_an_offer_taken_is_booked_like_any_other_time(session, tess):
    entry = wishes(session, ANN)
    freed(session, tess)
    made = accept(the_offer(), now=NOON + minutes(59))

    assert (made.state, made.starts_at, made.client.email) == ("booked", TEN, ANN.email)
    assert {"confirmation", "notice_booked", "reminder"} <= set(kinds(made))
    entry.refresh_from_db()
    assert entry.state == WaitlistEntry.State.BOOKED


@pytest.mark.engines
def test_anyone_who_waits_while_signed_in_is_booked_under_the_name_they_have_then(session, tess):
    ann = User.objects.create_user(ANN.email, name=ANN.name)
    wishes(session, ANN, by=ann)
    User.objects.filter(pk=ann.pk).update(name="Ann Leigh")
    freed(session, tess)
    assert at_work(tess.user).get("/workspace/waitlist/").content.decode().count("Ann Leigh") == 2
    made = accept(the_offer(), now=NOON)
    assert (made.client, made.correspondent, made.attendee_name) == (ann, None, "Ann Leigh")


@pytest.mark.engines
def test_taken_twice_is_one_booking(session, tess):
    wishes(session, ANN)
    freed(session, tess)
    offer = the_offer()
    assert accept(offer, now=NOON).pk == accept(offer, now=NOON + minutes(1)).pk
    assert Letter.objects.filter(kind="confirmation", user__email=ANN.email).count() == 1


@pytest.mark.engines
@pytest.mark.parametrize("late", [minutes(60), minutes(61)])
def test_taken_too_late_it_says_so_and_books_nothing(session, tess, late):
    wishes(session, ANN)
    freed(session, tess)
    with pytest.raises(OfferClosed):
        accept(the_offer(), now=NOON + late)
    assert not Appointment.objects.filter(client__email=ANN.email).exists()


def test_a_worker_that_is_away_keeps_a_lapsed_time_from_the_public_for_a_quarter_of_an_hour(session, tess):
    wishes(session, ANN)
    freed(session, tess)
    over = NOON + minutes(60)
    assert [is_public(session, tess, now=over + minutes(late)) for late in (14, 15)] == [False, True]


def test_a_time_someone_booked_after_that_lapses_without_a_new_offer(session, tess):
    wishes(session, ANN)
    wishes(session, BEN)
    freed(session, tess)
    later = NOON + minutes(80)
    booked(session, tess, attendee=ZOE, now=later)
    assert lapse_due(now=later) == 1
    assert not offers_queries.open_offers().exists()


def test_leaving_the_list_hands_an_open_offer_on(session, tess):
    first, second = wishes(session, ANN), wishes(session, BEN)
    freed(session, tess)
    leave(first, now=NOON)
    assert the_offer().entry == second
    assert leave(first, now=NOON).state == WaitlistEntry.State.LEFT


@pytest.mark.engines
def test_an_offer_of_a_session_brought_back_is_withdrawn_and_its_email_does_not_go(session, tess):
    wishes(session, ANN)
    gone = freed(session, tess)
    assert withdraw_offers_of(gone, start=gone.starts_at, end=gone.ends_at, now=NOON) == 1
    with pytest.raises(OfferClosed, match="no longer available"):
        accept(Offer.objects.get(), now=NOON)


@pytest.mark.engines
def test_case_26_an_undone_cancel_takes_its_time_back_from_an_open_offer(session, tess):
    wishes(session, ANN)
    back = restore(freed(session, tess), now=NOON + minutes(2))
    assert (back.state, back.occupies) == ("booked", True)
    assert not offers_queries.open_offers().exists()


@pytest.mark.engines
def test_case_26_an_accepted_offer_is_stronger_than_an_undo(session, tess):
    wishes(session, ANN)
    gone = freed(session, tess)
    accept(the_offer(), now=NOON + minutes(1))
    with pytest.raises(SlotTaken):
        restore(gone, now=NOON + minutes(2))


# --- Swap --------------------------------------------------------------------------------------------
def test_case_32_taking_it_lets_the_later_session_go_and_offers_that_in_turn(session, tess):
    later = booked(session, tess, TEN + dt.timedelta(days=2))
    wishes(session, ANN, swaps=later, by=later.client)
    second = wishes(session, BEN)
    freed(session, tess)
    accept(the_offer(), now=NOON)

    later.refresh_from_db()
    assert (later.state, later.occupies) == ("cancelled", False)
    assert (the_offer().entry, the_offer().appointment.starts_at) == (second, later.starts_at)
    letter = Letter.objects.get(about=later.about, kind="cancelled")
    assert "there is a fee" not in full_text(letter)


def test_a_swap_may_be_with_another_practitioner(session, tess, jonah):
    session.practitioners.add(jonah)
    later = booked(session, jonah, TEN + dt.timedelta(days=2))
    wishes(session, ANN, swaps=later, by=later.client)
    freed(session, tess)
    assert accept(the_offer(), now=NOON).practitioner == tess
    later.refresh_from_db()
    assert later.state == "cancelled"


def test_no_later_time_is_offered_in_exchange_for_an_earlier_session(session, tess):
    early = booked(session, tess, TEN - dt.timedelta(days=2))
    wishes(session, ANN, swaps=early, by=early.client)
    freed(session, tess)
    assert Offer.objects.count() == 0


def test_nobody_gives_up_a_session_that_is_not_theirs(session, tess):
    bens = booked(session, tess, TEN + dt.timedelta(days=2), attendee=BEN)
    entry = wishes(session, ANN, swaps=bens)
    assert entry.swaps is None


@pytest.mark.engines
def test_the_package_that_paid_for_the_old_one_pays_for_the_new_one(session, tess):
    later = booked(session, tess, TEN + dt.timedelta(days=2))
    sell(session, client=later.client, sessions=1, price_cents=0, by=tess.user, now=NOW)
    PackageUse.objects.create(package=later.client.packages.get(), appointment=later, number=1)
    wishes(session, ANN, swaps=later, by=later.client)
    freed(session, tess)
    made = accept(the_offer(), now=NOON)
    assert PackageUse.objects.get(given_back_at=None).appointment == made


@pytest.mark.engines
def test_it_pays_for_the_new_one_before_an_older_package_does(session, tess):
    later = booked(session, tess, TEN + dt.timedelta(days=2))
    _older, newer = (
        sell(session, client=later.client, sessions=1, price_cents=0, by=tess.user, now=NOW) for _ in range(2)
    )
    PackageUse.objects.create(package=newer, appointment=later, number=1)
    wishes(session, ANN, swaps=later, by=later.client)
    freed(session, tess)
    accept(the_offer(), now=NOON)
    assert PackageUse.objects.get(given_back_at=None).package == newer


# --- Joining -----------------------------------------------------------------------------------------
@pytest.mark.engines
def test_a_waitlist_entry_is_confirmed_by_email_and_saved_once(session):
    entry = wishes(session, ANN)
    assert wishes(session, ANN) == entry
    assert Letter.objects.filter(kind="wish_noted").count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Mia Lee"},
        {"phone": "303 555 0109"},
        {"address": "21 Birch Lane\nDenver"},
    ],
)
def test_a_waitlist_entry_for_another_person_or_to_another_address_is_kept_beside_the_first(session, other):
    session.place = Place.CLIENT
    leo = replace(ANN, name="Leo Lee", address="12 Birch Lane\nDenver")
    said = [leo, replace(leo, **other), replace(leo, **other)]
    kept = [wishes(session, one) for one in said]
    assert [(one.attendee_name, one.phone, one.address) for one in kept] == [
        (one.name, one.phone, one.address) for one in said
    ]
    assert WaitlistEntry.objects.count() == 2


def test_case_33_a_known_address_changes_no_record(session):
    known = User.objects.create_user("ann@example.com", name="Ann Lee", phone="+13035550101")
    wishes(session, Attendee("Somebody Else", "ANN@example.com", "999 999", "Europe/Berlin"))
    known.refresh_from_db()
    assert (known.name, known.zone) == ("Ann Lee", "")


def test_one_person_waits_for_so_many_things_and_no_more(session):
    for day in range(MOST):
        wishes(session, ANN, last_day=APRIL - dt.timedelta(days=day))
    assert wishes(session, ANN, weekdays=(1,)) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"last_day": dt.date(2027, 2, 28)}, "last_day"),
        ({"last_day": dt.date(2029, 1, 1)}, "last_day"),
        ({"first_day": dt.date(2027, 5, 1)}, "last_day"),
        ({"earliest": dt.time(12), "latest": dt.time(11)}, "latest"),
        ({"last_day": dt.date(2027, 3, 2), "weekdays": (5,)}, "weekdays"),
    ],
)
def test_what_nothing_can_fulfil_is_said_at_its_field(session, fields, field):
    with pytest.raises(WishUnclear) as refusal:
        wishes(session, ANN, **fields)
    assert refusal.value.field == field
    assert WaitlistEntry.objects.count() == 0


@pytest.mark.engines
def test_a_waitlist_entry_ends_after_its_last_day(session):
    entry = wishes(session, ANN, last_day=dt.date(2027, 3, 2))
    assert end_past(now=denver("2027-03-03 12:00")) == 0
    assert end_past(now=denver("2027-03-05 12:00")) == 1
    entry.refresh_from_db()
    assert entry.state == WaitlistEntry.State.OVER


def test_the_email_of_an_offer_says_no_session_type_in_its_subject_and_ends_with_it(session, tess):
    wishes(session, ANN)
    freed(session, tess)
    letter = Letter.objects.get(kind="offer")
    assert letter.subject == "A time opened up: Tuesday, March 16 at 10:00 AM, with Tess"
    assert letter.not_after == the_offer().expires_at


def test_holding_for_someone_is_written_down(session, tess):
    wishes(session, ANN)
    freed(session, tess)
    held = the_offer().appointment
    assert [change.what for change in held.changes.all()] == [AppointmentChange.What.HELD]


def full_text(letter):
    letter.open_words()
    return letter.text
