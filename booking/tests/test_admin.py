"""The back office changes appointments by the same actions as the pages, and nothing by hand."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, SessionType
from booking.testing import make_appointment
from practice.models import Letter, Practitioner, User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
LIST = "/backoffice/booking/appointment/"
NO_INLINES = {"changes-TOTAL_FORMS": "0", "changes-INITIAL_FORMS": "0"}


@pytest.fixture
def ann(db: None) -> User:
    return make_user("Ann Whitfield")


@pytest.fixture
def browser(tess: Practitioner) -> Client:
    return at_work(tess.user)


def at_ten(days: int) -> dt.date:
    """The day, so many days ahead."""
    return (timezone.now() + dt.timedelta(days=days)).date()


@pytest.fixture
def booked(session: SessionType, tess: Practitioner, ann: User) -> Appointment:
    """Ann's session in five days, at ten in Denver."""
    start = dt.datetime.combine(at_ten(5), dt.time(17), dt.UTC)
    return make_appointment(session_type=session, practitioner=tess, start=start, client=ann)


def new(session: SessionType, tess: Practitioner, ann: User, wall: str, **more: str) -> dict[str, object]:
    """The form of a new appointment in six days, at a time on the practice's clock."""
    return {
        "session_type": session.pk,
        "practitioner": tess.pk,
        "client": ann.pk,
        "starts_at_0": at_ten(6).isoformat(),
        "starts_at_1": wall,
        "override_note": "",
        **more,
    }


def test_a_new_appointment_is_booked_with_its_email(
    browser: Client, session: SessionType, tess: Practitioner, ann: User
) -> None:
    browser.post(f"{LIST}add/", new(session, tess, ann, "10:00"))
    assert Letter.objects.filter(about=Appointment.objects.get().about, kind="confirmation").count() == 1


def test_its_time_is_the_practices_own(
    browser: Client, session: SessionType, tess: Practitioner, ann: User
) -> None:
    browser.post(f"{LIST}add/", new(session, tess, ann, "10:00"))
    assert Appointment.objects.get().starts_at.astimezone(dt.UTC).hour in (16, 17)


def test_outside_the_hours_it_is_refused_in_a_sentence(
    browser: Client, session: SessionType, tess: Practitioner, ann: User
) -> None:
    page = browser.post(f"{LIST}add/", new(session, tess, ann, "22:00"), follow=True).content.decode()
    assert ("outside the opening hours" in page, Appointment.objects.count()) == (True, 0)


def test_never_over_someone_else_whatever_the_reason(
    browser: Client, session: SessionType, tess: Practitioner, ann: User
) -> None:
    browser.post(f"{LIST}add/", new(session, tess, ann, "10:00"))
    browser.post(f"{LIST}add/", new(session, tess, ann, "10:30", override_note="She insists"))
    assert Appointment.objects.count() == 1


def test_a_new_start_moves_it_with_an_email(browser: Client, booked: Appointment) -> None:
    browser.post(
        f"{LIST}{booked.pk}/change/",
        {"new_start_0": at_ten(6).isoformat(), "new_start_1": "11:00", "reason": "", **NO_INLINES},
    )
    assert Letter.objects.filter(about=booked.about, kind="moved").count() == 1


def test_the_state_cannot_be_written_by_hand(browser: Client, booked: Appointment) -> None:
    browser.post(
        f"{LIST}{booked.pk}/change/",
        {"state": "cancelled", "starts_at_0": at_ten(6).isoformat(), "starts_at_1": "11:00", **NO_INLINES},
    )
    booked.refresh_from_db()
    assert (booked.state, booked.sequence) == ("booked", 0)


def test_cancelling_from_the_list_writes_the_email(browser: Client, booked: Appointment) -> None:
    browser.post(LIST, {"action": "cancel_them", "_selected_action": [booked.pk]})
    assert Letter.objects.filter(about=booked.about, kind="cancelled").count() == 1


def test_nothing_is_deleted(browser: Client, booked: Appointment) -> None:
    assert browser.post(f"{LIST}{booked.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "model",
    ["booking/sessiontype", "booking/openinghours", "booking/closure", "practice/article", "practice/user",
     "practice/practitioner", "practice/practice", "practice/room", "practice/letter", "portal/lesson"],
)  # fmt: skip
def test_everything_there_is_can_be_found(browser: Client, booked: Appointment, model: str) -> None:
    assert browser.get(f"/backoffice/{model}/?q=a").status_code == 200


def test_a_practitioner_cannot_become_the_owner(jonah: Practitioner) -> None:
    user = jonah.user
    at_work(user).post(
        f"/backoffice/practice/user/{user.pk}/change/",
        {"name": user.name, "email": user.email, "role": "owner", "language": "en", "zone": "", "phone": ""},
    )
    user.refresh_from_db()
    assert user.role == User.Role.PRACTITIONER


def test_nor_change_the_owners_address(jonah: Practitioner, tess: Practitioner) -> None:
    answer = at_work(jonah.user).post(
        f"/backoffice/practice/user/{tess.user.pk}/change/", {"name": "Tess", "email": "jonah@evil.example"}
    )
    assert answer.status_code == 302  # as if there were no such row
    assert User.objects.get(pk=tess.user.pk).email == tess.user.email


def test_a_month_of_the_list_begins_and_ends_on_the_practices_clock(
    browser, session: SessionType, tess: Practitioner, ann: User
) -> None:
    """Half past eleven at night on March 31 in Denver is April 1 in UTC."""
    for name, at in (("late in March", "2027-04-01T05:30Z"), ("early in April", "2027-04-01T06:30Z")):
        start = dt.datetime.fromisoformat(at)
        make_appointment(
            session_type=session, practitioner=tess, start=start, client=ann, attendee_name=name, minutes=30
        )
    page = browser.get(LIST).content.decode()
    march = re.search(r'href="(\?starts_at__gte[^"]+)">March 2027<', page)
    assert march
    found = browser.get(LIST + march[1].replace("&amp;", "&")).content.decode()

    assert "late in March" in found
    assert "early in April" not in found
