"""Handing an appointment over: the same row and file with another name, judged by who is free then."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar

from booking.access import opening
from booking.appointments.actions.approve import approve
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.attendees.actions.confirm import confirm
from booking.errors import AlreadyCancelled, AlreadyOver, HandedOver, NotBookable, NotOffered, SlotTaken
from booking.models import Appointment, PackageUse
from booking.packages.actions import sell
from booking.testing import make_session_type
from booking.tests.people import ANN, BEN, DENVER, NOW, TEN, booked, kinds, minutes
from booking.time_off.actions import close_days
from booking.time_off.actions.hand_over import hand_over
from booking.waitlist.actions.answer import swap
from booking.wording import note_of
from practice.core import formatting
from practice.core.reasons import because
from practice.mail.delivery import deliver
from practice.mail.send_check import Cancel, Send, check_before_sending
from practice.models import Letter, User
from practice.testing import as_it_leaves, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
WHEN = formatting.moment(TEN, DENVER)


@pytest.fixture
def anns(both, tess) -> Appointment:
    """Ann's session with Tess, at ten."""
    return booked(both, tess)


def given(appointment, jonah, tess, **options):
    return hand_over(appointment, to=jonah, by=tess.user, **{"now": NOW, **options})


def as_stored(appointment):
    row = Appointment.objects.get(pk=appointment.pk)
    return row.practitioner, row.starts_at, row.sequence, row.state


def test_it_stays_the_same_appointment_with_a_higher_sequence_in_the_colleagues_room(anns, tess, jonah):
    after = given(anns, jonah, tess)

    assert (after.pk, after.uid, after.sequence, after.state) == (anns.pk, anns.uid, 1, "booked")
    assert (after.practitioner, after.room, after.starts_at, after.moves) == (jonah, jonah.room, TEN, 0)
    assert (after.policy, after.price_cents, after.booked_at) == (
        anns.policy,
        anns.price_cents,
        anns.booked_at,
    )
    [first, last] = after.changes.all()
    assert (first.what, last.what, note_of(last, locale="en-us")) == (
        "booked",
        "handed_over",
        "From Tess Marlow to Jonah Reyes.",
    )


@pytest.mark.engines
def test_its_email_says_the_new_name_and_the_sentence_and_the_file_keeps_its_uid(anns, tess, jonah):
    given(anns, jonah, tess, word="I am ill; Jonah knows what to do.")
    letter = as_it_leaves(Letter.objects.get(kind="handed_over"))

    assert letter.subject == f"Now with Jonah: {WHEN}"
    for words in (
        "Your session is now with Jonah Reyes instead of Tess Marlow",
        "I am ill; Jonah knows",
    ):
        assert is_in_both_parts(letter, words)
    event = Calendar.from_ical(letter.attachments[0]["content"]).walk("VEVENT")[0]
    assert str(event["UID"]).startswith(str(anns.uid))
    assert (event["SEQUENCE"], "Jonah" in event["SUMMARY"]) == (1, True)
    sent = check_before_sending(letter, NOW)
    assert isinstance(sent, Send)
    assert "instead of Tess Marlow" in sent.fresh.words.text


def test_reminders_are_planned_again_and_the_colleague_is_told(anns, tess, jonah):
    given(anns, jonah, tess)
    reminders = Letter.objects.filter(about=anns.about, kind="reminder", state="planned")

    assert reminders
    assert {one.from_name for one in reminders} == {"Jonah Reyes"}
    notice = as_it_leaves(Letter.objects.get(kind="notice_handed_over", user=jonah.user))
    assert notice.user == jonah.user
    assert is_in_both_parts(notice, "Tess Marlow handed a session over to you")


@pytest.mark.engines
def test_anyone_who_had_it_is_told_who_gives_it_unless_they_did_it_themselves(anns, both, tess, jonah):
    hand_over(anns, to=jonah, by=make_user("Dee", role=User.Role.FRONT_DESK), now=NOW)
    bens = booked(both, tess, TEN + dt.timedelta(hours=2), attendee=BEN)
    hand_over(bens, to=jonah, by=tess.user, now=NOW)
    while deliver.step(now=NOW):
        pass
    to_tess = as_it_leaves(Letter.objects.get(kind="notice_handed_over", user=tess.user))
    assert (to_tess.state, to_tess.about) == ("sent", anns.about)
    assert is_in_both_parts(to_tess, "Dee handed one of your sessions over to Jonah Reyes:")


@pytest.mark.engines
def test_older_news_to_the_person_who_had_it_is_called_off(anns, tess, jonah):
    notice = as_it_leaves(Letter.objects.get(kind="notice_booked"))
    given(anns, jonah, tess)

    assert check_before_sending(notice, NOW) == Cancel(because("colleague_has_it"))


@pytest.mark.engines
def test_moved_away_and_back_in_between_the_new_name_is_news_all_the_same(anns, tess, jonah):
    Letter.objects.filter(kind="confirmation").update(state=Letter.State.SENT)
    after = given(anns, jonah, tess)
    after = move(after, start=TEN + minutes(60), by=tess.user, now=NOW)
    move(after, start=TEN, by=tess.user, now=NOW)

    assert isinstance(
        check_before_sending(Letter.objects.get(key__endswith="moved:3", kind="moved"), NOW), Send
    )


@pytest.mark.engines
def test_its_package_keeps_paying_for_it(both, tess, jonah):
    ann = make_user("Ann Lee")
    sell(both, client=ann, sessions=1, price_cents=9000, by=tess.user, now=NOW)
    paid = booked(both, tess, client=ann, by=tess.user)
    given(paid, jonah, tess)

    [use] = PackageUse.objects.all()
    assert (use.appointment, use.given_back_at) == (paid, None)


@pytest.mark.parametrize("at", [0, 30])
def test_the_colleagues_own_session_refuses_it_and_nothing_is_half_done(at, anns, both, tess, jonah):
    jonahs = make_session_type(jonah, slug="own", step=30)
    booked(jonahs, jonah, TEN + minutes(at), attendee=BEN)
    before = as_stored(anns), kinds(anns), anns.changes.count()
    with pytest.raises(SlotTaken):
        given(anns, jonah, tess)

    assert (as_stored(anns), kinds(anns), anns.changes.count()) == before


def test_the_colleagues_buffer_and_closed_day_refuse_it(anns, both, tess, jonah):
    buffered = make_session_type(jonah, slug="own", buffer_after=15)
    booked(buffered, jonah, TEN - minutes(60), attendee=BEN)
    with pytest.raises(SlotTaken):
        given(anns, jonah, tess)
    later = booked(both, tess, TEN + minutes(180), attendee=BEN)
    close_days.close_days(jonah, first=TEN.date(), last=TEN.date(), now=NOW)
    with pytest.raises(NotBookable):
        given(later, jonah, tess)


def test_a_shared_room_frees_itself_for_the_colleague(anns, both, tess, jonah):
    jonah.room = tess.room
    jonah.save(update_fields=["room"])

    assert given(anns, jonah, tess).room == tess.room


def test_who_does_not_give_that_session_takes_none(anns, both, tess, jonah):
    both.practitioners.set([tess])
    with pytest.raises(NotOffered):
        given(anns, jonah, tess)


def test_notice_and_horizon_are_for_new_bookings(anns, both, tess, jonah):
    both.notice_hours, both.horizon_days = 500, 1
    both.save(update_fields=["notice_hours", "horizon_days"])

    assert given(anns, jonah, tess).practitioner == jonah


@pytest.mark.engines
def test_twice_does_nothing_twice(anns, tess, jonah):
    first = given(anns, jonah, tess)
    second = given(anns, jonah, tess)

    assert (second.sequence, second.changes.count()) == (first.sequence, first.changes.count())
    assert Letter.objects.filter(kind="handed_over").count() == 1


@pytest.mark.engines
def test_what_is_canceled_begun_or_with_someone_else_by_now_is_not_handed_over(anns, both, tess, jonah):
    kim = make_user("Kim Ode", role=User.Role.PRACTITIONER)
    kims = type(tess).objects.create(user=kim, slug="kim", zone="America/Denver")
    both.practitioners.add(kims)
    with pytest.raises(AlreadyOver):
        given(anns, jonah, tess, now=TEN)
    given(anns, jonah, tess)
    with pytest.raises(HandedOver):
        hand_over(anns, to=kims, by=tess.user, now=NOW)  # as Tess's page still shows it
    for act in (
        lambda: move(anns, start=TEN + minutes(60), now=NOW),
        lambda: cancel(anns, now=NOW),
        lambda: restore(anns, now=NOW),
        lambda: approve(anns, by=tess.user, now=NOW),
    ):
        with pytest.raises(HandedOver):
            act()
    cancel(Appointment.objects.get(pk=anns.pk), now=NOW)
    with pytest.raises(AlreadyCancelled):
        hand_over(Appointment.objects.get(pk=anns.pk), to=tess, by=tess.user, now=NOW)


def test_one_to_be_given_up_for_an_earlier_time_stays_when_a_colleague_has_it(anns, both, tess, jonah):
    earlier = booked(both, tess, TEN - minutes(60))
    given(anns, jonah, tess)
    swap(anns, earlier, now=NOW)  # as the offer's page still knows it

    assert as_stored(anns) == (jonah, TEN, 1, "booked")


@pytest.mark.engines
def test_a_request_stays_one_and_waits_for_the_colleague(both, tess, jonah):
    both.needs_approval = True
    both.save(update_fields=["needs_approval"])
    asked = booked(both, tess)
    after = given(asked, jonah, tess)

    assert (after.state, after.answer_by) == ("pending", asked.answer_by)
    letter = as_it_leaves(Letter.objects.get(kind="handed_over"))
    assert is_in_both_parts(letter, "Your request is now with Jonah Reyes instead of Tess Marlow")
    assert letter.attachments == []
    assert approve(after, by=jonah.user, now=NOW).state == "booked"


def test_the_record_opens_to_the_colleague_when_the_client_confirms_or_it_begins(anns, tess, jonah):
    confirm(anns, now=NOW)
    anns.refresh_from_db()
    after = given(anns, jonah, tess)

    def open_at(now: dt.datetime) -> bool:
        return Appointment.objects.filter(opening(now), pk=after.pk).exists()

    assert (open_at(NOW), open_at(TEN)) == (False, True)
    confirm(after, now=NOW)
    assert open_at(NOW)


def test_a_claim_that_nobody_confirmed_stays_one(both, tess, jonah):
    make_user("Ann Lee")
    claimed = booked(both, tess)  # by a visitor who typed a known address
    assert claimed.is_claim
    assert given(claimed, jonah, tess).is_claim
    confirmed = booked(both, tess, TEN + minutes(120))
    confirm(confirmed, now=NOW)
    confirmed.refresh_from_db()
    assert not given(confirmed, jonah, tess).is_claim


def test_the_wall_time_is_written_again_on_the_colleagues_clock(anns, tess, jonah):
    jonah.zone = "America/Chicago"
    jonah.save(update_fields=["zone"])
    after = given(anns, jonah, tess)

    assert after.wall_here == "2027-03-16T11:00:00-05:00[America/Chicago]"
    assert after.starts_at == TEN
    assert timezone.is_aware(after.starts_at)


@pytest.mark.engines
def test_no_email_goes_to_someone_without_an_address(both, tess, jonah):
    caller = booked(both, tess, attendee=type(ANN)("Cal", "", "303 555 0100", ""), by=tess.user)
    given(caller, jonah, tess)

    assert not Letter.objects.filter(kind="handed_over").exists()
