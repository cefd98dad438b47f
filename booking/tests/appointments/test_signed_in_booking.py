"""A signed-in client books: asked only what is not known, and nothing they write changes their record."""

from __future__ import annotations

import json

import pytest
import time_machine
from django.test import Client

from booking.models import Appointment, PackageUse, SessionType
from booking.packages import actions as packages_actions
from booking.testing import make_session_type
from booking.tests.people import NOW, TEN, denver
from booking.tests.web_client import browser, starts_on, words_of
from practice.models import Consent, Practice, User
from practice.testing import at_work, make_user

PRACTICE = "/backoffice/practice/practice/1/change/"
PRESS = {"practitioner": "tess", "tz": "America/Denver", "start": TEN.isoformat()}
ME = {"whom": "me", "agree": "on"}


@pytest.fixture(autouse=True)
def clock():
    """Monday, March 1, 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hourly(tess) -> SessionType:
    return make_session_type(tess)


@pytest.fixture
def ann(practice) -> User:
    return make_user("Ann Lee", phone="+13035550101")


@pytest.fixture
def her(ann) -> Client:
    return signed_in(ann)


def signed_in(user: User) -> Client:
    made = browser()
    made.force_login(user)
    return made


def keep(visitor: Client, **changes: str) -> str:
    """Press a time; the address of the form it leads to."""
    return visitor.post("/book/session/hold/", {**PRESS, **changes})["Location"]


def fields_on(answer) -> set[str]:
    form = answer.context["form"]
    return set(form.fields)


def test_what_is_known_is_not_asked_again(hourly, her):
    assert fields_on(her.get(keep(her))) == {"whom", "name", "agree"}


def test_what_is_missing_is_asked(hourly):
    nameless = signed_in(User.objects.create_user(email="x@example.com", name=""))
    assert fields_on(nameless.get(keep(nameless))) == {"name", "phone", "agree"}


def test_anyone_who_works_here_is_no_client_of_the_form(hourly, tess):
    at_desk = signed_in(tess.user)
    assert fields_on(at_desk.get(keep(at_desk))) == {"name", "email", "phone", "for_name", "agree"}


def test_one_press_books_it_for_oneself(hourly, her, ann):
    her.post(keep(her), ME)
    appointment = Appointment.objects.get(state="booked")
    kept = (appointment.client, appointment.attendee_name, appointment.phone)
    assert kept == (ann, "Ann Lee", str(ann.phone))


def test_one_may_book_for_someone_else_whose_name_is_on_the_appointment(hourly, her, ann):
    her.post(keep(her), {**ME, "whom": "other", "name": "Leo Lee"})
    appointment = Appointment.objects.get(state="booked")
    assert (appointment.contact, appointment.attendee_name) == (ann, "Leo Lee")


def test_for_someone_without_a_name_nothing_is_booked(hourly, her):
    answer = her.post(keep(her), {**ME, "whom": "other", "name": " "})
    assert answer.status_code == 422
    assert "Please tell us who it’s for." in words_of(answer)


def test_a_crafted_form_changes_nothing_that_is_kept_of_them(hourly, her, ann):
    before = User.objects.filter(pk=ann.pk).values().get()
    her.post(keep(her), {**ME, "whom": "other", "name": "Eve", "email": "eve@example.com", "phone": "1"})
    after = User.objects.filter(pk=ann.pk).values().get()
    assert (after, User.objects.filter(email="eve@example.com").count()) == (before, 0)


def test_who_agreed_to_these_rules_before_is_told_when_and_need_not_check_the_box(hourly, her):
    her.post(keep(her), ME)
    answer = her.get(keep(her, start=denver("2027-03-17 10:00").isoformat()))
    assert fields_on(answer) == {"whom", "name"}
    assert "You agreed to this policy on Monday, March 1, 2027." in words_of(answer)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("treatment_consent", "I come of my own choice."), ("late_percent", 100)),
        *(("free_hours", 48), ("locked_hours", 6), ("moves_allowed", 0)),
    ],
)
def test_rules_that_the_owner_changed_since_are_asked_about_again(hourly, her, practice, tess, name, value):
    her.post(keep(her), ME)
    desk = at_work(tess.user)
    form = desk.get(PRACTICE).context["adminform"].form
    sent = {key: form[key].value() for key in form.fields} | {name: value}
    sent["reminder_hours"] = json.dumps(practice.reminder_hours)
    assert (
        desk.post(PRACTICE, {key: "" if said is None else said for key, said in sent.items()}).status_code
        == 302
    )
    answer = her.get(keep(her, start=denver("2027-03-17 10:00").isoformat()))
    assert "agree" in fields_on(answer)


def test_a_change_of_something_else_or_of_a_line_break_asks_nobody_again(hourly, her, practice):
    practice.treatment_consent = "One.\nTwo."
    practice.save()
    her.post(keep(her), ME)
    practice.phone, practice.treatment_consent = "303 555 0199", "One.\r\nTwo. "
    practice.save()
    assert "agree" not in fields_on(her.get(keep(her, start=denver("2027-03-17 10:00").isoformat())))


def test_rules_that_are_changed_back_are_a_new_version_too(practice):
    for percent in (100, 50):
        practice.late_percent = percent
        practice.save(update_fields=["late_percent"])
    assert Practice.objects.get().consent_version == 3


def test_an_old_copy_of_the_practice_brings_no_old_version_back(practice):
    old = Practice.objects.get()
    practice.late_percent = 100
    practice.save()
    old.late_percent = 100
    old.save()
    assert Practice.objects.get().consent_version == 2


def test_every_booking_keeps_the_version_and_the_words_it_was_agreed_to(hourly, her, ann, practice):
    her.post(keep(her), ME)
    practice.late_percent, practice.treatment_consent = 100, "Other words."
    practice.save()
    her.post(keep(her, start=denver("2027-03-17 10:00").isoformat()), ME)
    before, after = Consent.objects.filter(user=ann).order_by("pk")
    assert (before.version, after.version) == (1, 2)
    for consent, words in ((before, "Moving and canceling as said above."), (after, "Other words.")):
        assert consent.text.endswith(words)
    assert ("half the price" in before.text, "the full price" in after.text) == (True, True)


def test_a_booking_under_known_rules_keeps_a_consent_of_its_own(hourly, her, ann):
    her.post(keep(her), ME)
    her.post(keep(her, start=denver("2027-03-17 10:00").isoformat()), {"whom": "me"})
    assert Consent.objects.filter(user=ann).count() == 2


def test_a_package_says_before_the_click_what_it_pays(hourly, her, ann, tess):
    packages_actions.sell(hourly, client=ann, sessions=3, price_cents=27000, by=tess.user, now=NOW)
    form = keep(her)
    assert (
        "covered by your package, with Tess Marlow. This uses 1 of the 3 sessions left in your package."
        in words_of(her.get(form))
    )
    assert "it counts as one session from your package" in words_of(her.get(form))
    her.post(form, ME)
    assert PackageUse.objects.get().number == 1


def test_who_works_here_and_books_as_a_guest_reads_nothing_of_a_package_of_their_own(hourly, tess):
    packages_actions.sell(hourly, client=tess.user, sessions=3, price_cents=27000, by=tess.user, now=NOW)
    at_desk = at_work(tess.user, browser())
    page = at_desk.get(keep(at_desk))
    assert (page.context["client"], page.context["left"]) == (None, 0)
    assert "package" not in words_of(page)


def test_a_visitor_with_her_address_reads_nothing_of_her_package(hourly, ann, tess):
    packages_actions.sell(hourly, client=ann, sessions=3, price_cents=27000, by=tess.user, now=NOW)
    visitor = browser()
    assert "package" not in words_of(visitor.get(keep(visitor)))


def test_who_it_is_for_travels_to_another_time_when_this_one_is_gone(hourly, her, ann, clock):
    form = keep(her)
    clock.shift(660)
    keep(browser())
    gone = her.post(form, {**ME, "whom": "other", "name": "Leo Lee"})
    assert gone.status_code == 409
    again = her.post(
        "/book/session/hold/", {**PRESS, "start": starts_on(gone)[0], "whom": "other", "name": "Leo Lee"}
    )
    assert again.context["form"]["name"].value() == "Leo Lee"


def test_a_time_let_go_says_so_and_not_that_time_ran_out(hourly, her):
    form = keep(her)
    her.post(f"{form.split('?')[0]}let-go/")
    assert "This time is no longer held for you" in words_of(her.get(form))
