"""Booking: who becomes a client, what is kept, what is refused, which letters follow."""

import datetime as dt

import pytest

from booking.appointments.actions.book import Attendee, book
from booking.errors import AttendeeIncomplete, ConsentMissing, NotBookable, SlotTaken
from booking.models import Appointment
from booking.testing import make_session_type, open_every_day
from booking.tests.people import ANN, BEN, NOW, TEN, booked, denver, kept, kinds, minutes
from practice.models import Consent, Letter, User
from practice.testing import as_it_leaves, is_in_both_parts, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
LETTERS = ["confirmation", "intake", "intake", "notice_booked", "reminder", "reminder"]


def test_case_4_an_hour_over_the_clock_change_ends_at_half_past_three(tess, session):
    tess.opening_hours.all().delete()
    open_every_day(tess, "00:00", "06:00")
    appointment = booked(session, tess, denver("2027-03-14 01:30"))
    letter = as_it_leaves(Letter.objects.get(kind="confirmation"))
    assert appointment.ends_at == denver("2027-03-14 03:30")
    assert is_in_both_parts(letter, "1:30 AM MST – 3:30 AM MDT")


def test_case_14_the_daily_limit_counts_the_days_of_the_practice(tess):
    tess.opening_hours.all().delete()
    open_every_day(tess, "09:00", "21:00")
    one_a_day = make_session_type(tess, slug="one", daily_limit=1, step=30)
    booked(one_a_day, tess, denver("2027-03-16 17:30"))
    with pytest.raises(SlotTaken):  # 18:30 lies on the next day in UTC
        booked(one_a_day, tess, denver("2027-03-16 18:30"), attendee=BEN)


def test_case_17_what_is_booked_keeps_its_length_buffers_price_and_policy(tess, practice):
    kind = make_session_type(tess, slug="kind", buffer_after=15, step=15)
    appointment = booked(kind, tess)
    kind.minutes, kind.price_cents, kind.buffer_after = 90, 20000, 60
    kind.save()
    practice.free_hours = 72
    practice.save()
    appointment.refresh_from_db()
    assert (appointment.minutes, appointment.price_cents, appointment.buffer_after) == (60, 9500, 15)
    assert appointment.policy["free_hours"] == 24


def test_case_22_a_taken_time_is_refused_with_fresh_alternatives(tess, session):
    booked(session, tess)
    with pytest.raises(SlotTaken) as caught:
        booked(session, tess, TEN + minutes(30), attendee=BEN)
    starts = [slot.start for slot in caught.value.alternatives]
    assert starts == [TEN + minutes(60), TEN + minutes(75), TEN + minutes(90)]
    assert not User.objects.filter(email="ben@example.com").exists()


def test_case_23_the_same_submit_twice_is_one_booking_and_one_email(tess, session):
    held = kept(session, tess)
    first = booked(session, tess, held=held)
    second = booked(session, tess, held=held)
    assert first == second
    assert kinds(first) == LETTERS


def test_case_33_a_known_clients_record_is_left_alone(tess, session):
    known = make_user("Ann of old", email="ann@example.com", phone="", zone="Europe/Berlin")
    appointment = booked(session, tess, attendee=Attendee("Mallory", "ANN@example.com ", "1", "Asia/Tokyo"))
    after = User.objects.get(pk=known.pk)
    assert (after.name, str(after.phone), after.zone) == ("Ann of old", "", "Europe/Berlin")
    assert (appointment.contact, appointment.attendee_name, appointment.phone) == (known, "Mallory", "1")
    assert (appointment.client.name, appointment.client.email) == ("Mallory", None)


def test_case_33_the_answer_is_the_same_for_known_and_unknown(tess, session):
    make_user("Ben of old", email="ben@example.com")
    known, unknown = (
        booked(session, tess, TEN + minutes(60 * n), attendee=who) for n, who in [(0, BEN), (1, ANN)]
    )
    told = ("attendee_name", "phone", "zone", "state", "price_cents")
    assert [getattr(known, name) for name in told] == ["Ben Hart", "", "America/Denver", "booked", 9500]
    assert [getattr(unknown, name) for name in told] == [
        "Ann Lee",
        ANN.phone,
        "America/Denver",
        "booked",
        9500,
    ]


def test_a_guest_becomes_a_client_without_a_password(tess, session):
    ann = booked(session, tess).client
    assert (ann.name, ann.email, ann.role) == ("Ann Lee", "ann@example.com", User.Role.CLIENT)
    assert not ann.has_usable_password()


def test_a_hold_is_booked_in_place(tess, session):
    held = kept(session, tess)
    appointment = booked(session, tess, held=held)
    assert (appointment.pk, appointment.uid, appointment.sequence) == (held.pk, held.uid, 0)
    assert (appointment.state, appointment.visitor, appointment.hold_expires_at) == ("booked", "", None)


def test_a_live_hold_can_be_booked_even_when_the_notice_passes_in_the_meantime(tess):
    short = make_session_type(tess, slug="short", notice_hours=2)
    at_the_edge = TEN - dt.timedelta(hours=2)
    held = kept(short, tess, now=at_the_edge)
    assert booked(short, tess, held=held, now=at_the_edge + minutes(5)).state == "booked"


def test_a_hold_for_another_time_promises_nothing(tess, session):
    held = kept(session, tess)
    appointment = booked(session, tess, TEN + minutes(30), held=held)
    assert (appointment.starts_at, Appointment.objects.filter(occupies=True).count()) == (
        TEN + minutes(30),
        1,
    )
    with pytest.raises(NotBookable):
        booked(session, tess, TEN + minutes(187), held=kept(session, tess, TEN + minutes(120)))


def test_nobody_is_booked_without_consent(tess, session):
    with pytest.raises(ConsentMissing):
        booked(session, tess, consent=False)
    assert Appointment.objects.count() == 0


def test_consent_is_kept_with_its_text_and_version(tess, session):
    consent = Consent.objects.get(user=booked(session, tess).client)
    assert (consent.kind, consent.version, consent.given_at) == ("booking", 1, NOW)
    assert consent.text.startswith("Until 24 hours before: You can cancel online")
    assert consent.text.endswith("\n\nMoving and canceling as said above.")


@pytest.mark.parametrize(
    ("attendee", "field"),
    [
        (Attendee("", "ann@example.com"), "name"),
        (Attendee("\u2028\x00 ", "ann@example.com"), "name"),
        (Attendee("A" * 10_000, "ann@example.com"), "name"),
        (Attendee("Ann", ""), "email"),
        (Attendee("Ann", "ann at home"), "email"),
        (Attendee("Ann", f"ann@{'a' * 250}.example.com"), "email"),
        (Attendee("Ann", "ann@example.com", "1" * 41), "phone"),
    ],
)
def test_who_comes_has_to_be_said(attendee, field, tess, session):
    with pytest.raises(AttendeeIncomplete) as caught:
        booked(session, tess, attendee=attendee)
    assert (caught.value.field, Appointment.objects.count()) == (field, 0)


def test_control_signs_do_not_reach_a_name(tess, session):
    typed = Attendee("Ann\r\nBcc: x@example.com\u2028Lee\x00", "ann@example.com")
    assert booked(session, tess, attendee=typed).attendee_name == "Ann Bcc: x@example.com Lee"


def test_the_zone_and_the_time_as_read_are_kept(tess, session):
    berlin = Attendee("Ann", "ann@example.com", zone="Europe/Berlin")
    appointment = booked(session, tess, attendee=berlin)
    assert (appointment.zone, appointment.wall_time) == ("Europe/Berlin", "2027-03-16 17:00 CET")


def test_an_unknown_zone_is_read_as_the_practitioners(tess, session):
    assert (
        booked(session, tess, attendee=Attendee("Ann", "a@example.com", zone="Mars/Base")).zone == tess.zone
    )


def test_staff_may_book_someone_without_an_address_and_no_email_goes_to_them(tess, session):
    appointment = booked(session, tess, attendee=Attendee("Old Joe"), by=tess.user, consent=False)
    assert appointment.client.email is None
    assert kinds(appointment) == []


def test_two_people_without_an_address_are_two(tess, session):
    for number, name in enumerate(["Old Joe", "Old Jane"]):
        booked(session, tess, TEN + minutes(60 * number), attendee=Attendee(name), by=tess.user)
    assert User.objects.filter(email=None).count() == 2


def test_staff_pass_a_rule_only_with_a_reason_that_is_kept(tess, session):
    night = denver("2027-03-16 20:00")
    with pytest.raises(NotBookable):
        booked(session, tess, night, by=tess.user)
    appointment = booked(session, tess, night, by=tess.user, override_note="She flies out tomorrow.")
    assert appointment.override_note == "She flies out tomorrow."
    assert appointment.changes.get(what="booked").note == "She flies out tomorrow."


def test_no_reason_passes_an_overlap(tess, session):
    booked(session, tess)
    with pytest.raises(SlotTaken):
        booked(session, tess, TEN + minutes(30), by=tess.user, override_note="Squeeze them in.")


def test_a_clients_override_is_not_heard(tess, session):
    ann = make_user("Ann Lee")
    with pytest.raises(NotBookable):
        booked(session, tess, denver("2027-03-16 20:00"), by=ann, override_note="Please!")


def test_one_confirmation_one_notice_two_reminders(tess, session):
    appointment = booked(session, tess)
    assert kinds(appointment) == LETTERS
    assert [change.what for change in appointment.changes.all()] == ["booked"]


def test_a_shared_room_refuses_the_colleague(tess, jonah, session):
    session.practitioners.add(jonah)
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    booked(session, tess)
    with pytest.raises(SlotTaken):
        booked(session, jonah, TEN + minutes(30), attendee=BEN)


def test_any_books_both_and_refuses_the_third(tess, jonah, session):
    session.practitioners.add(jonah)
    both = [tess, jonah]
    for who in (ANN, BEN):
        book(session, practitioners=both, start=TEN, attendee=who, consent=True, now=NOW)
    with pytest.raises(SlotTaken):
        book(
            session,
            practitioners=both,
            start=TEN,
            attendee=Attendee("Cy", "c@example.com"),
            consent=True,
            now=NOW,
        )


def test_the_guards_refusal_reads_as_taken(tess, session, monkeypatch):
    """Were the engine ever blind, the database's answer would still be a sentence and a 409."""
    booked(session, tess)
    monkeypatch.setattr("booking.availability.listing.Availability.refusals", lambda *_: {tess.pk: None})
    with pytest.raises(SlotTaken):
        booked(session, tess, TEN + minutes(30), attendee=BEN)
