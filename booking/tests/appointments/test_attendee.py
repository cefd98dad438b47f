"""Whoever attends is the client; whoever books is written to. Nothing of one is filed under the other."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from booking.access import clients_seen_by
from booking.appointments.actions.book import Attendee
from booking.appointments.actions.complete import complete
from booking.attendees.actions.confirm import confirm
from booking.calendars.feeds import sessions_in
from booking.links import appointment_of, appointment_url, intake_of, intake_token
from booking.models import Appointment, CalendarFeed, Intake, PackageUse, SessionType
from booking.packages import actions as packages_actions
from booking.queries import first_times, has_been_here, is_first
from booking.series.actions import book_series
from booking.testing import make_session_type
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter, signed_in
from booking.tests.people import NOW, TEN, booked, denver, kinds
from booking.tests.web_client import browser, hidden, words_of
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.models import Consent, Letter, Practitioner, User
from practice.testing import as_it_leaves, at_work, is_in_both_parts

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SAM = Attendee("Sam Smith", "Ann@Example.com", "303 555 0101", "America/Denver")
FIRST_TIME = ["confirmation", "intake", "intake", "prepare", "reminder", "reminder"]


@pytest.fixture
def kind(tess: Practitioner) -> SessionType:
    return make_session_type(tess, slug="first", step=15, preparation="Wear something soft.")


@pytest.fixture
def hers(kind: SessionType, tess: Practitioner) -> Appointment:
    """Ann's own session, which took place, after an intake in which she named a warning sign."""
    made = booked(kind, tess, denver("2027-03-01 12:00"))
    writer = IntakeWriter(Intake.objects.get()).begin()
    writer.write("signs", {**NO_SIGNS, "saddle": "yes"})
    writer.hand_in()
    return complete(made, by=tess.user, now=made.ends_at)


@pytest.fixture
def ann(hers: Appointment) -> User:
    assert hers.client is not None
    return hers.client


@pytest.fixture
def his(ann: User, kind: SessionType, tess: Practitioner) -> Appointment:
    """Sam's session, booked by a visitor with Ann's address."""
    return booked(kind, tess, attendee=SAM)


def to_her(appointment: Appointment) -> list[str]:
    return kinds(appointment, user=appointment.contact)


# --- Whose it is ----------------------------------------------------------------------------------------


def test_someone_else_with_a_known_address_has_a_record_of_their_own(his: Appointment, ann: User) -> None:
    assert (his.client.name, his.client.email, his.client.phone) == ("Sam Smith", None, "")
    assert (his.correspondent, his.client.correspondent) == (ann, ann)


@pytest.mark.engines
def test_a_first_booking_for_someone_else_makes_two_records_and_neither_reads_the_other(
    kind: SessionType, tess: Practitioner
) -> None:
    visitor, start = browser(), {"start": TEN.isoformat(), "tz": "America/Denver", "practitioner": "tess"}
    form = visitor.post("/book/first/hold/", start)["Location"]
    said = {"name": "Zoe Quist", "email": "zoe@example.com", "for_name": "Sam Smith", "agree": "on"}
    visitor.post(form, said)
    made = Appointment.objects.get(state="booked")
    assert (made.client.name, made.client.email) == ("Sam Smith", None)
    assert (made.correspondent.name, made.correspondent.email) == ("Zoe Quist", "zoe@example.com")
    assert Intake.objects.get().client == made.client


@pytest.mark.engines
def test_signed_in_for_someone_of_the_same_name_it_is_someone_else(
    ann: User, kind: SessionType, tess: Practitioner
) -> None:
    namesake = Attendee("Ann Lee", "ann@example.com", is_other=True)
    made = booked(kind, tess, attendee=namesake, by=ann, client=ann)
    assert made.client != ann
    assert made.correspondent == ann


@pytest.mark.parametrize("name", ["ann lee", " ANN  LEE ", "Ann\u00a0Lee"])
def test_capitals_and_blanks_make_nobody_else(
    ann: User, kind: SessionType, tess: Practitioner, name: str
) -> None:
    made = booked(kind, tess, attendee=Attendee(name, "ann@example.com"))
    assert (made.client, made.correspondent) == (ann, None)


def test_the_second_booking_for_them_finds_their_record(
    his: Appointment, kind: SessionType, tess: Practitioner
) -> None:
    again = booked(kind, tess, TEN + DAY, attendee=Attendee("sam smith", "ann@example.com"))
    assert (again.client, is_first(again)) == (his.client, False)


def test_a_record_made_for_one_is_never_found_with_the_address_of_another(
    his: Appointment, kind: SessionType, tess: Practitioner
) -> None:
    other = booked(kind, tess, TEN + DAY, attendee=Attendee("Sam Smith", "zoe@example.com"))
    assert other.client != his.client
    assert other.correspondent is None


@pytest.mark.engines
def test_a_series_and_a_waitlist_entry_are_for_the_attendee(
    ann: User, kind: SessionType, tess: Practitioner
) -> None:
    [made] = book_series(
        kind,
        practitioner=tess,
        starts=[TEN],
        attendee=Attendee("Sam Smith", "ann@example.com", is_other=True),
        client=ann,
        consent=True,
        series=uuid.uuid4(),
        by=ann,
        now=NOW,
    )
    entry = join(kind, WaitlistChoices(last_day=(TEN + 9 * DAY).date()), attendee=SAM, now=NOW)
    taken = booked(
        kind, tess, TEN + DAY, attendee=Attendee.from_entry(entry), client=entry.client, confirmed=True
    )
    assert made.client == taken.client
    assert (made.correspondent, taken.correspondent) == (ann, ann)


@pytest.mark.engines
def test_the_desk_books_for_them_as_for_everyone_and_their_booker_is_written_to(
    his: Appointment, kind: SessionType, tess: Practitioner, ann: User
) -> None:
    sam = his.client
    made = booked(kind, tess, TEN + DAY, attendee=Attendee(sam.name), client=sam, by=tess.user)
    assert (made.client, made.correspondent) == (sam, ann)
    assert "confirmation" in to_her(made)


# --- What is asked and told ------------------------------------------------------------------------------


def test_who_comes_for_the_first_time_is_asked_and_told_all_of_it_no_matter_who_came_before(
    his: Appointment, ann: User
) -> None:
    assert to_her(his) == FIRST_TIME
    assert is_first(his)
    assert (has_been_here(his.client, now=NOW + DAY), has_been_here(ann, now=NOW + DAY)) == (False, True)


def test_emails_go_to_who_booked_and_name_who_comes(his: Appointment) -> None:
    letter = as_it_leaves(Letter.objects.get(about=his.about, kind="confirmation"))
    assert letter.to_address == "ann@example.com"
    for words in ("Hello Ann", "for Sam Smith"):
        assert is_in_both_parts(letter, words)


def test_each_first_session_is_the_first_of_the_person_who_attends(
    his: Appointment, hers: Appointment
) -> None:
    found = first_times([his.client_id, hers.client_id])
    assert found == {his.client_id: his.pk, hers.client_id: hers.pk}


def test_the_rules_are_agreed_to_by_who_books(his: Appointment, ann: User) -> None:
    assert not Consent.objects.filter(user=his.client).exists()
    assert Consent.objects.filter(user=ann, kind=Consent.Kind.BOOKING).count() == 2


# --- The intake ------------------------------------------------------------------------------------------


def test_what_is_told_before_the_first_session_is_kept_in_the_record_of_who_comes(
    his: Appointment, ann: User
) -> None:
    intake = Intake.objects.get(client=his.client)
    writer = IntakeWriter(intake).begin()
    writer.write("signs", {**NO_SIGNS, "fever": "yes"})
    writer.hand_in("Ann Lee, for Sam")
    intake.refresh_from_db()
    assert intake.needs_human
    assert intake.handed_in_at
    assert Intake.objects.filter(client=ann).count() == 1
    assert Consent.objects.filter(user=his.client, signed_name="Ann Lee, for Sam").exists()


@pytest.mark.engines
def test_who_booked_reads_nothing_of_it_when_signed_in(his: Appointment, ann: User) -> None:
    writer = IntakeWriter(Intake.objects.get(client=his.client)).begin()
    writer.write("change", {"worse": "kneeling in the garden"})
    seen = IntakeWriter(writer.intake, signed_in(ann))
    assert "garden" not in words_of(seen.page()) + seen.page("change").content.decode()


@pytest.mark.engines
def test_signed_in_elsewhere_nobody_is_told_to_sign_in_for_it(his: Appointment) -> None:
    writer = IntakeWriter(Intake.objects.get(client=his.client)).begin()
    writer.write("change", {"worse": "kneeling"})
    assert "Sign in to continue" not in words_of(IntakeWriter(writer.intake, browser()).page())


# --- Who may do what -------------------------------------------------------------------------------------


@pytest.mark.engines
def test_who_booked_moves_and_cancels_it_signed_in(his: Appointment, ann: User) -> None:
    page = signed_in(ann).get("/portal/appointments/")
    assert "for Sam Smith" in words_of(page)


def test_a_link_that_went_to_a_wrong_address_opens_nothing_once_that_is_corrected(
    his: Appointment, ann: User
) -> None:
    token = appointment_url(his).rstrip("/").rpartition("/")[2]
    intake = intake_token(Intake.objects.select_related("appointment").get(client=his.client))
    assert appointment_of(token) == his
    assert intake_of(intake) is not None
    User.objects.filter(pk=ann.pk).update(email="right@example.com")
    assert (appointment_of(token), intake_of(intake)) == (None, None)


def test_their_calendar_shows_what_they_booked_for_others(his: Appointment, ann: User) -> None:
    assert his in sessions_in(CalendarFeed(owner=ann), now=NOW)


def test_who_booked_is_known_to_the_practitioner_once_they_confirmed(
    kind: SessionType, tess: Practitioner, jonah: Practitioner, ann: User
) -> None:
    kind.practitioners.add(jonah)
    made = booked(kind, jonah, attendee=SAM)
    before = set(clients_seen_by(jonah.user))
    confirm(made, now=NOW)
    assert before == {made.client}
    assert set(clients_seen_by(jonah.user)) == {made.client, ann}


@pytest.mark.engines
def test_a_package_of_who_books_pays_for_whom_they_book_signed_in(
    kind: SessionType, tess: Practitioner, ann: User
) -> None:
    packages_actions.sell(kind, client=ann, sessions=3, price_cents=27000, by=tess.user, now=NOW)
    booked(kind, tess, attendee=SAM)
    assert not PackageUse.objects.exists()
    booked(kind, tess, TEN + DAY, attendee=SAM, by=ann, client=ann)
    assert PackageUse.objects.get().package.client == ann


# --- At work: who is written to ------------------------------------------------------------------------


@pytest.mark.engines
def test_pages_that_say_whether_an_email_goes_name_the_address_of_who_booked(
    his: Appointment, tess: Practitioner
) -> None:
    desk, day = at_work(tess.user), {"practitioner": "tess", "first": "2027-03-16"}
    move = f"/workspace/appointments/{his.uid}/move/"
    sure = desk.get(move, {"start": (TEN + 2 * HOUR).isoformat()})
    assert "Yes, to ann@example.com" in words_of(sure)
    assert "We’ll email ann@example.com in three minutes" in words_of(
        desk.post(move, hidden(sure), follow=True)
    )
    closed = desk.post("/workspace/practice/days-off/", day)["Location"]
    choice = {f"to-{his.uid}": "cancel"}
    assert "no email" not in words_of(desk.get(closed, choice)).lower()
    assert "please call" not in words_of(desk.post(closed, choice, follow=True)).lower()


@pytest.mark.engines
def test_the_page_of_a_session_names_the_zone_that_who_booked_has_chosen(
    his: Appointment, tess: Practitioner, ann: User
) -> None:
    User.objects.filter(pk=ann.pk).update(zone="Europe/Athens")
    page = words_of(at_work(tess.user).get(f"/workspace/appointments/{his.uid}/"))
    assert "as they chose in their portal" in page
