"""Who stands behind a booking: only the client confirms it, by a link of their own email or signed in."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client

from booking import links
from booking.access import clients_seen_by
from booking.appointments.actions.book import Attendee, book
from booking.appointments.actions.cancel import cancel
from booking.attendees.actions.confirm import confirm
from booking.intake.actions import begin, renew
from booking.models import Appointment, Intake, SessionType
from booking.packages.actions import sell
from booking.tests.people import ANN, NOW, TEN, booked
from practice.models import Letter, Practitioner, User
from practice.testing import as_it_leaves, at_work, both_parts, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
OURS = {"origin": "http://testserver"}
KEY = re.compile(r"/appointments/([0-9a-f]{32}(?:-[0-9a-f]{12})?\.[\w-]+)/")


def is_confirmed(appointment: Appointment) -> bool:
    return Appointment.objects.get(pk=appointment.pk).confirmed_at is not None


def key_in_the_email(appointment: Appointment) -> str:
    """What stands in the confirmation that went to the client."""
    letter = as_it_leaves(Letter.objects.get(about=appointment.about, kind="confirmation"))
    return KEY.findall(letter.text)[0]


def known(session: SessionType, tess: Practitioner) -> User:
    """Ann, who has a record here."""
    return make_user("Ann Lee", email=ANN.email, phone="303 555 0199")


def test_anyone_who_books_with_someones_address_cannot_confirm_it(
    session: SessionType, tess: Practitioner
) -> None:
    known(session, tess)
    made = booked(session, tess)
    path = links.appointment_path(made)
    answers = [Client().post(f"{path}{page}", headers=OURS).status_code for page in ("confirm/", "cancel/")]

    assert (answers, is_confirmed(made), made.is_claim) == ([404, 302], False, True)


def test_reading_the_page_of_the_email_confirms_nothing(session: SessionType, tess: Practitioner) -> None:
    made = booked(session, tess)
    page = Client().get(f"/appointments/{key_in_the_email(made)}/")

    assert ("Yes, this is my booking" in page.content.decode(), is_confirmed(made)) == (True, False)


@pytest.mark.parametrize("act", ["confirm", "move"])
def test_acting_on_it_from_the_email_does(session: SessionType, tess: Practitioner, act: str) -> None:
    made = booked(session, tess)
    path = f"/appointments/{key_in_the_email(made)}/{act}/"
    Client().post(path, {"start": "2027-03-17T10:00"}, headers=OURS)

    assert is_confirmed(made)


def test_one_of_a_series_confirms_all_that_was_booked_with_it(
    session: SessionType, tess: Practitioner
) -> None:
    series = uuid.uuid4()
    first, second, other = (booked(session, tess, TEN + dt.timedelta(weeks=week)) for week in range(3))
    Appointment.objects.filter(pk__in=[first.pk, second.pk]).update(series=series)
    confirm(first, now=NOW)

    assert [is_confirmed(one) for one in (first, second, other)] == [True, True, False]


def test_a_series_is_confirmed_for_its_own_client_alone(session: SessionType, tess: Practitioner) -> None:
    """The name of a series comes from a page: whoever names somebody else's confirms nothing of theirs."""
    ann, ben = known(session, tess), make_user("Ben Hart")
    hers = booked(session, tess)
    his = booked(session, tess, TEN + dt.timedelta(hours=2), client=ben, by=ben)
    Appointment.objects.update(series=uuid.uuid4())
    Appointment.objects.filter(pk=his.pk).update(confirmed_at=None)
    confirm(his, now=NOW)
    assert (hers.client, is_confirmed(hers), is_confirmed(his)) == (ann, False, True)


def test_the_email_asks_to_confirm_what_is_not_confirmed_yet(
    session: SessionType, tess: Practitioner
) -> None:
    ann = known(session, tess)
    guest, client = booked(session, tess), booked(session, tess, TEN.replace(hour=14), by=ann, client=ann)
    said = {}
    for made in (guest, client):
        letter = as_it_leaves(Letter.objects.get(about=made.about, kind="confirmation"))
        said[made.pk] = "Confirm, move or cancel" in letter.text

    assert said == {guest.pk: True, client.pk: False}


def test_people_at_work_cannot_confirm_with_the_clients_own_key(
    session: SessionType, tess: Practitioner
) -> None:
    made = booked(session, tess)
    answer = at_work(tess.user).post(f"/appointments/{key_in_the_email(made)}/confirm/", headers=OURS)

    assert (answer.status_code, is_confirmed(made)) == (404, False)


def test_the_ledger_shows_people_at_work_no_key_that_opens_anything(
    session: SessionType, tess: Practitioner
) -> None:
    made = booked(session, tess)
    key = key_in_the_email(made)
    browser = at_work(tess.user)
    shown = ""
    for letter in Letter.objects.filter(user=made.client):
        shown += browser.get(f"/workspace/letters/{letter.pk}/").content.decode()
        shown += browser.get(f"/workspace/letters/{letter.pk}/preview/").content.decode()

    assert "/appointments/…/" in shown
    assert "/intake/…/" in shown
    assert key not in shown
    assert re.findall(r"[0-9a-f]{32}(?:-[0-9a-f]{12})?\.[\w-]{43}", shown) == []


def test_a_client_who_books_signed_in_has_confirmed(session: SessionType, tess: Practitioner) -> None:
    ann = known(session, tess)
    made = booked(session, tess, by=ann, client=ann)

    assert (is_confirmed(made), made.is_claim) == (True, False)


def test_beginning_the_intake_of_the_email_confirms_its_session(
    session: SessionType, tess: Practitioner
) -> None:
    made = booked(session, tess)
    begin(Intake.objects.get(appointment=made), browser="x", now=NOW)

    assert is_confirmed(made)


def test_writing_an_intake_that_waits_confirms_no_claim_on_an_earlier_time(
    session: SessionType, tess: Practitioner
) -> None:
    ann = known(session, tess)
    booked(session, tess, TEN + dt.timedelta(weeks=1), client=ann, by=ann)
    claim = booked(session, tess, now=NOW + dt.timedelta(minutes=1))
    intake = Intake.objects.get()
    assert intake.appointment == claim
    begin(intake, browser="a browser", now=NOW)
    assert not is_confirmed(claim)


def test_nor_does_one_that_tells_what_has_changed(session: SessionType, tess: Practitioner) -> None:
    ann = known(session, tess)
    claim = booked(session, tess)
    Intake.objects.filter(client=ann).update(handed_in_at=NOW)
    assert renew(ann, now=NOW).appointment is None
    assert not is_confirmed(claim)


def test_a_practitioners_claim_uses_no_package_and_tells_of_none(
    both: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    ann = known(both, tess)
    package = sell(both, client=ann, sessions=2, price_cents=100, by=tess.user, now=NOW)
    made = booked(both, jonah, by=jonah.user)
    assert (made.client, made.is_claim, package.uses.count()) == (ann, True, 0)


def test_someone_new_makes_no_claim_the_person_who_books(session: SessionType, jonah: Practitioner) -> None:
    session.practitioners.add(jonah)
    made = booked(session, jonah, by=jonah.user)

    assert (made.is_claim, made.client in clients_seen_by(jonah.user)) == (False, True)


def test_a_colleagues_client_booked_by_their_address_is_neither_named_nor_found(
    session: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    ann = known(session, tess)
    booked(session, tess, by=ann, client=ann)
    session.practitioners.add(jonah)
    browser = at_work(jonah.user)
    form = {"client": "new", "type": session.slug, "name": "A. L.", "email": ANN.email, "phone": ""}
    browser.post("/workspace/book/", {**form, "start": TEN.replace(hour=14).isoformat()})
    made = Appointment.objects.get(practitioner=jonah)
    pages = "".join(
        browser.get(address).content.decode()
        for address in (
            f"/workspace/appointments/{made.uid}/",
            f"/workspace/clients/{ann.pk}/",
            f"/workspace/clients/{ann.pk}/packages/",
            "/workspace/clients/",
            "/workspace/letters/",
            "/workspace/book/?q=ann",
            "/workspace/search/?q=ann",
            "/workspace/search/suggest/?q=ann",
            f"/workspace/?day={made.starts_at:%Y-%m-%d}",
            "/backoffice/practice/user/",
            "/backoffice/booking/appointment/",
            f"/backoffice/booking/appointment/{made.pk}/change/",
        )
    )

    assert made.contact == ann
    assert "A. L." in pages
    assert ("Ann Lee" in pages, "555 0199" in pages) == (False, False)


@pytest.mark.parametrize("has_confirmed", [False, True])
def test_the_own_zone_of_whose_address_was_typed_is_read_once_they_confirm(
    has_confirmed: bool, session: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    ann = known(session, tess)
    User.objects.filter(pk=ann.pk).update(zone="Europe/Athens")
    session.practitioners.add(jonah)
    made = booked(session, jonah)
    if has_confirmed:
        confirm(made, now=NOW)
    page = at_work(jonah.user).get(f"/workspace/appointments/{made.uid}/").content.decode()
    assert ("as they chose in their portal" in page) == has_confirmed


def test_who_knows_someone_from_long_ago_opens_nothing_by_booking_them_again(
    session: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    session.practitioners.add(jonah)
    ann = known(session, tess)
    before = booked(session, jonah, by=ann, client=ann)
    cancel(before, by=ann, now=NOW)
    made = booked(session, jonah, by=jonah.user, client=ann)

    assert (ann in clients_seen_by(jonah.user), made.is_claim) == (True, True)


def test_anyone_who_comes_to_a_practitioner_is_booked_again_without_a_word(
    session: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    session.practitioners.add(jonah)
    ann = known(session, tess)
    booked(session, jonah, by=ann, client=ann)
    made = booked(session, jonah, TEN.replace(hour=14), by=jonah.user, client=ann)

    assert (made.is_claim, made.confirmed_at) == (False, None)


def test_the_page_says_that_a_record_is_closed_only_to_whom_it_is(
    session: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    session.practitioners.add(jonah)
    ann = known(session, tess)
    made = booked(session, jonah)
    page, closed = f"/workspace/appointments/{made.uid}/", "This record is not open to you yet"
    before = [closed in at_work(who.user).get(page).content.decode() for who in (tess, jonah)]
    booked(session, jonah, TEN.replace(hour=14), by=ann, client=ann)

    assert before == [False, True]
    assert closed not in at_work(jonah.user).get(page).content.decode()


def test_nor_through_the_public_form(session: SessionType, tess: Practitioner, jonah: Practitioner) -> None:
    ann = known(session, tess)
    session.practitioners.add(jonah)
    book(
        session,
        practitioners=[jonah],
        start=TEN,
        attendee=Attendee("A. L.", ANN.email),
        consent=True,
        now=NOW,
    )

    assert ann not in clients_seen_by(jonah.user)
    assert [one.name for one in clients_seen_by(jonah.user)] == ["A. L."]
    assert ann in clients_seen_by(tess.user)


def test_the_front_desk_books_for_everyone_it_knows(
    session: SessionType, tess: Practitioner, jonah: Practitioner
) -> None:
    known(session, tess)
    made = booked(session, tess, by=make_user("Faye", role=User.Role.FRONT_DESK))

    assert (made.is_claim, made.confirmed_at) == (False, None)


def test_an_email_of_ours_still_moves_and_cancels(session: SessionType, tess: Practitioner) -> None:
    made = booked(session, tess)
    letter = as_it_leaves(Letter.objects.get(about=made.about, kind="confirmation"))
    key = key_in_the_email(made)

    assert both_parts(letter).count(key) >= 2
    assert Client().get(f"/appointments/{key}/move/").status_code == 200
    assert Client().post(f"/appointments/{key}/cancel/", headers=OURS).status_code == 302
