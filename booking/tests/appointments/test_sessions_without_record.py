"""Sessions of before everybody had a record of their own: a person says whose they are."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from booking.appointments.actions.book import Attendee
from booking.appointments.actions.change_attendee import CannotBeFiled, file_under_booker, give_own_record
from booking.appointments.actions.complete import complete
from booking.attendees.actions.confirm import confirm
from booking.intake.status import intake_status
from booking.models import Appointment, Intake, SessionType
from booking.packages.actions import sell
from booking.queries import has_been_here, is_first
from booking.testing import make_appointment
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter
from booking.tests.people import NOW, TEN, booked, kinds
from booking.tests.web_client import hidden
from practice.models import AccessLog, Practitioner, User
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("a_monday_in_march")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SAM = Attendee("Sam Smith", "ann@example.com")


@pytest.fixture
def ann(tess: Practitioner) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def old(session: SessionType, tess: Practitioner, ann: User) -> Appointment:
    """As it was booked before: Ann is its client, Sam comes."""
    return make_appointment(
        session_type=session,
        practitioner=tess,
        start=TEN,
        client=ann,
        attendee_name="Sam Smith",
        attendee_unclear=True,
    )


def mark() -> None:
    import_module("booking.migrations.0023_whose_session").mark(apps, connection.schema_editor())


@pytest.mark.parametrize(
    ("name", "unclear"), [("Sam Smith", True), ("A. Lee", True), ("ann  LEE", False), ("", False)]
)
def test_of_old_rows_those_of_another_name_wait_for_a_person_and_nothing_is_filed_again(
    old: Appointment, ann: User, name: str, unclear: bool
) -> None:
    Appointment.objects.update(attendee_name=name, attendee_unclear=False)
    mark()
    old.refresh_from_db()
    assert (old.attendee_unclear, old.client, User.objects.filter(role="client").count()) == (unclear, ann, 1)


def test_a_later_change_of_the_client_s_own_name_makes_nothing_unclear(
    session: SessionType, tess: Practitioner
) -> None:
    made = booked(session, tess)
    User.objects.filter(pk=made.client_id).update(name="Ann Hart")
    made.refresh_from_db()
    assert not made.attendee_unclear


def test_someone_else_is_asked_and_told_what_belongs_to_a_first_session(old: Appointment, ann: User) -> None:
    after = give_own_record(old, by=old.practitioner.user, now=NOW)
    assert (after.client.name, after.correspondent, after.attendee_unclear) == ("Sam Smith", ann, False)
    assert Intake.objects.get().client == after.client
    assert kinds(after, user=ann) == ["intake", "intake", "reminder", "reminder"]


def test_said_twice_it_is_filed_once(old: Appointment) -> None:
    one, two = (give_own_record(old, by=old.practitioner.user, now=NOW) for _ in range(2))
    assert one.client == two.client
    assert User.objects.filter(name="Sam Smith").count() == 1


def test_what_is_unclear_says_of_nobody_that_they_were_here(
    old: Appointment, ann: User, session: SessionType, tess: Practitioner
) -> None:
    complete(old, by=tess.user, now=TEN + HOUR)
    later = booked(session, tess, TEN + DAY, now=TEN + 2 * HOUR)
    assert is_first(later)
    assert not has_been_here(ann, now=TEN + 2 * HOUR)


def test_the_same_person_keeps_the_one_record(old: Appointment, ann: User) -> None:
    after = file_under_booker(old, by=old.practitioner.user, now=NOW)
    assert (after.client, after.correspondent, after.attendee_name) == (ann, None, "Ann Lee")
    assert not after.attendee_unclear


def test_who_typed_another_spelling_is_put_together_again_while_nothing_is_written(
    session: SessionType, tess: Practitioner, ann: User
) -> None:
    made = booked(session, tess, attendee=Attendee("Annie", "ann@example.com"))
    after = file_under_booker(made, by=tess.user, now=NOW)
    assert (after.client, after.attendee_name) == (ann, "Ann Lee")
    assert not User.objects.filter(name="Annie").exists()


def test_what_is_written_under_one_name_is_put_under_no_other(
    session: SessionType, tess: Practitioner, ann: User
) -> None:
    made = booked(session, tess, attendee=SAM)
    IntakeWriter(Intake.objects.get()).begin().write("signs", {**NO_SIGNS, "fever": "yes"})
    with pytest.raises(CannotBeFiled):
        file_under_booker(made, by=tess.user, now=NOW)
    made.refresh_from_db()
    assert made.client != ann
    assert intake_status([ann.pk])[ann.pk].asked is False


def test_nobody_opens_a_record_by_saying_that_a_session_is_theirs(
    session: SessionType, tess: Practitioner, jonah: Practitioner, ann: User
) -> None:
    session.practitioners.add(jonah)
    made = booked(session, jonah, attendee=SAM)
    after = file_under_booker(made, by=jonah.user, now=NOW)
    assert after.is_claim
    assert at_work(jonah.user).get(f"/workspace/clients/{ann.pk}/").status_code == 404


def test_nor_where_the_booker_had_confirmed_the_session_of_someone_else(
    session: SessionType, tess: Practitioner, jonah: Practitioner, ann: User
) -> None:
    session.practitioners.add(jonah)
    made = booked(session, jonah, attendee=SAM)
    confirm(made, now=NOW)
    assert file_under_booker(made, by=jonah.user, now=NOW).confirmed_at is None
    assert at_work(jonah.user).get(f"/workspace/clients/{ann.pk}/").status_code == 404


def test_who_has_a_package_under_the_other_name_stays_apart(
    session: SessionType, tess: Practitioner, ann: User
) -> None:
    made = booked(session, tess, attendee=SAM)
    sell(session, client=made.client, sessions=2, price_cents=100, by=tess.user, now=NOW)
    with pytest.raises(CannotBeFiled, match="their own email address or package"):
        file_under_booker(made, by=tess.user, now=NOW)


def test_the_page_asks_and_one_press_answers_and_both_can_read_who_said_it(
    old: Appointment, ann: User
) -> None:
    desk, page = at_work(old.practitioner.user), f"/workspace/appointments/{old.uid}/"
    assert "Is Sam Smith the person who booked" in desk.get(page).content.decode()
    desk.post(f"{page}attendee/", {"whose": "own"})
    shown = desk.get(page).content.decode()
    assert "Is Sam Smith the person" not in shown
    assert "Booked by Ann Lee" in shown
    lines = AccessLog.objects.filter(code__startswith="access:assigned").order_by("pk")
    assert [one.words for one in lines] == [
        "assigned a session to the record of Sam Smith",
        "assigned a session to a record",
    ]


def test_a_name_is_shown_for_a_typed_address_only_once_its_owner_confirmed(
    session: SessionType, jonah: Practitioner, ann: User
) -> None:
    session.practitioners.add(jonah)
    made = booked(session, jonah, attendee=SAM)
    page = at_work(jonah.user).get(f"/workspace/appointments/{made.uid}/").content.decode()
    assert "Booked by ann@example.com" in page
    assert "Ann Lee" not in page


def test_the_desk_is_told_when_someone_new_gave_a_known_address(
    session: SessionType, tess: Practitioner, ann: User
) -> None:
    said = {"client": "new", "type": "session", "practitioner": "any", "start": TEN.isoformat()}
    answer = at_work(tess.user).post(
        "/workspace/book/", {**said, "name": "Sam Smith", "email": "ann@example.com"}, follow=True
    )
    assert "so Sam Smith has a separate record" in answer.content.decode()


def test_a_series_at_the_desk_is_of_the_same_record_though_its_client_was_renamed(
    session: SessionType, tess: Practitioner
) -> None:
    made = booked(session, tess)
    User.objects.filter(pk=made.client_id).update(name="Ann Hart")
    desk, path = at_work(tess.user), f"/workspace/appointments/{made.uid}/series/"
    desk.post(path, {**hidden(desk.get(path)), "pick": [(TEN + 7 * DAY).isoformat()]})
    assert [one.client for one in Appointment.objects.all()] == [made.client, made.client]
