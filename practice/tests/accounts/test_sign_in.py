"""Signing in: by code, by password, by a link that works once; and what nobody learns of an address."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from practice.accounts import one_time_links
from practice.accounts.account_notice_texts import NOTICES
from practice.accounts.forms.account_pages import SignUpPageForm
from practice.models import Letter, Practice, User
from practice.testing import at_work, is_in_both_parts, make_practice, make_practitioner, make_user
from practice.tests.accounts.signing_in import (
    CONFIRM,
    OURS,
    SIGN_IN,
    ask,
    authenticator_app,
    is_in,
    newest_code,
    path_of,
    sign_in,
)

pytestmark = pytest.mark.django_db


# --- A code by email --------------------------------------------------------------------------------
def test_a_guest_made_by_a_booking_signs_in_by_code_and_that_confirms_the_address(client):
    guest = make_user("Ann")
    assert not EmailAddress.objects.exists()

    answer = sign_in(client)

    assert answer.status_code == 302
    assert is_in(client)
    assert EmailAddress.objects.get(user=guest).verified


def test_clients_come_to_their_page_and_practitioners_to_the_one_they_chose(client):
    make_user("Ann")
    make_practitioner("Tess Marlow")

    assert sign_in(client).url == "/portal/"
    assert sign_in(Client(), "tess@example.com").url == "/workspace/first/"


def test_the_code_is_in_both_parts_of_the_email_and_neither_in_subject_nor_key(client):
    make_user("Ann")
    ask(client)
    letter = Letter.objects.get()

    assert is_in_both_parts(letter, newest_code())
    assert newest_code() not in f"{letter.subject} {letter.key} {letter.about} {letter.message_id}"


def test_a_code_opens_nothing_after_ten_minutes(client):
    make_user("Ann")
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        ask(client)
        clock.shift(dt.timedelta(minutes=10, seconds=1))
        client.post(CONFIRM, {"code": newest_code()})

    assert not is_in(client)


def test_a_wrong_code_opens_nothing_and_the_third_ends_it(client):
    make_user("Ann")
    ask(client)
    for _ in range(3):
        client.post(CONFIRM, {"code": "AAAAAA"})
    client.post(CONFIRM, {"code": newest_code()})

    assert not is_in(client)


def test_a_code_works_in_the_browser_that_asked_for_it_only(client):
    make_user("Ann")
    ask(client)
    other = Client()
    other.post(CONFIRM, {"code": newest_code()})

    assert not is_in(other)


def test_the_session_changes_its_key_at_sign_in(client):
    make_user("Ann")
    ask(client)
    before = client.session.session_key
    client.post(CONFIRM, {"code": newest_code()})

    assert client.session.session_key != before


def test_an_address_in_capitals_is_the_same_person(client):
    make_user("Ann")
    ask(client, "ANN@Example.com")

    assert Letter.objects.get().kind == "sign_in_code"


# --- Known and unknown addresses ---------------------------------------------------------------------
def answers(email: str, path: str, field: str, **more: str) -> tuple[int, str, str]:
    browser = Client()
    first = browser.post(path, {field: email, **more})
    page = browser.get(first.headers.get("Location", path))
    words = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text)
    return first.status_code, first.headers.get("Location", ""), words.replace(email, "someone")


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        (SIGN_IN, "login", {}),
        (SIGN_IN, "login", {"password": "a wrong password"}),
        ("/accounts/login/code/", "email", {}),
        ("/accounts/signup/", "email", {"name": "Somebody"}),
        ("/accounts/password/reset/", "email", {}),
    ],
)
def test_known_and_unknown_addresses_get_the_same_answer(path, field, more):
    make_user("Ann", password="one long password")

    assert answers("ann@example.com", path, field, **more) == answers("zoe@example.com", path, field, **more)


def test_an_unknown_address_is_told_by_email_how_to_book(client):
    ask(client, "zoe@example.com")
    letter = Letter.objects.get()

    assert letter.kind == "account_notice"
    assert is_in_both_parts(letter, "/book/")
    assert not User.objects.filter(email="zoe@example.com").exists()


def test_signing_up_with_a_known_address_changes_nothing_about_the_person(client):
    ann = make_user("Ann")
    client.post("/accounts/signup/", {"email": "ann@example.com", "name": "Mallory"})
    ann.refresh_from_db()

    assert ann.name == "Ann"
    assert Letter.objects.get().subject == NOTICES["account/email/account_already_exists"].subject


def test_signing_up_makes_a_client_once_the_code_came_back(client):
    client.post("/accounts/signup/", {"email": "zoe@example.com", "name": "Zoe"})
    assert not is_in(client)
    client.post("/accounts/confirm-email/", {"code": newest_code("zoe@example.com")})

    zoe = User.objects.get(email="zoe@example.com")
    assert (zoe.name, zoe.role, is_in(client)) == ("Zoe", User.Role.CLIENT, True)


def test_a_second_press_of_sign_up_in_the_meantime_makes_no_second_account_and_no_mistake(
    client, monkeypatch
):
    looked = SignUpPageForm.clean

    def before_the_other_press(form):
        found = looked(form)
        make_user("Zoe")
        return found

    monkeypatch.setattr(SignUpPageForm, "clean", before_the_other_press)
    answer = client.post("/accounts/signup/", {"email": "zoe@example.com", "name": "Zoe"})

    assert (answer.url, User.objects.count()) == ("/accounts/confirm-email/", 1)
    assert Letter.objects.get().subject == NOTICES["account/email/account_already_exists"].subject


def test_an_inactive_person_gets_no_code(client):
    make_user("Ann", is_active=False)
    ask(client)

    assert not Letter.objects.filter(kind="sign_in_code").exists()


def test_an_address_that_was_changed_no_longer_signs_in(client):
    ann = make_user("Ann")
    sign_in(client)
    ann.email = "new@example.com"
    ann.save()
    Letter.objects.all().delete()
    ask(Client())

    assert not Letter.objects.filter(kind="sign_in_code").exists()


# --- A password, for those who want one ---------------------------------------------------------------
def test_a_password_signs_in_the_person_who_confirmed_the_address(client):
    ann = make_user("Ann", password="one long password")
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    client.post(SIGN_IN, {"login": ann.email, "password": "one long password"})

    assert is_in(client)


def test_a_password_alone_does_not_open_an_unconfirmed_account(client):
    make_user("Ann", password="one long password")
    client.post(SIGN_IN, {"login": "ann@example.com", "password": "one long password"})

    assert not is_in(client)


def test_nobody_has_a_password_by_default():
    assert not make_user("Ann").has_usable_password()
    assert not make_practitioner("Tess Marlow").user.has_usable_password()


@pytest.mark.parametrize("weak", ["123456789012", "Juniper Street Myopractic 1", "ann.lee@example.com"])
def test_numbers_the_practices_name_and_ones_own_address_are_no_passwords(client, weak):
    make_practice()
    ann = make_user("Ann", email="ann.lee@example.com")
    sign_in(client, ann.email)
    page = client.post("/accounts/password/set/", {"password1": weak, "password2": weak})

    ann.refresh_from_db()
    assert (page.status_code, ann.has_usable_password()) == (200, False)


def test_sign_out_is_a_post(client):
    make_user("Ann")
    sign_in(client)
    client.get("/accounts/logout/")
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_signing_out_of_the_back_office_clears_it_too_and_asks_the_same():
    desk = at_work(make_practitioner().user)
    page = desk.get("/backoffice/")

    assert "has not reached us yet" in page.text
    assert "js/leave." in page.text
    assert desk.post("/backoffice/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_signing_out_clears_what_the_browser_keeps_and_a_session_that_ran_out_does_not(client):
    make_user("Ann")
    sign_in(client)
    assert client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in client.post("/accounts/logout/").headers
    desk = at_work(make_practitioner().user)
    session = desk.session
    session["signed_in_at"] -= 4000
    session.save()
    assert "Clear-Site-Data" not in desk.get("/workspace/").headers


# --- Links that work once -------------------------------------------------------------------------------
@pytest.mark.engines("practice.accounts.actions.enter")
def test_a_sign_in_link_shows_a_button_and_only_the_button_signs_in(client):
    link = path_of(one_time_links.enter_url(make_user("Ann"), now=timezone.now()))
    assert client.get(link).status_code == 200
    assert not is_in(client)
    assert client.post(link, headers=OURS).status_code == 302
    assert is_in(client)


def test_a_sign_in_link_works_once(client):
    link = path_of(one_time_links.enter_url(make_user("Ann"), now=timezone.now()))
    client.post(link, headers=OURS)
    other = Client()

    assert other.get(link).status_code == 410
    assert other.post(link, headers=OURS).status_code == 410
    assert not is_in(other)


def test_a_sign_in_link_works_once_though_limits_are_off(client, settings):
    settings.RATE_LIMITS = False
    link = path_of(one_time_links.enter_url(make_user("Ann"), now=timezone.now()))
    client.post(link, headers=OURS)

    assert Client().post(link, headers=OURS).status_code == 410


def test_a_sign_in_link_expires(client):
    long_ago = timezone.now() - dt.timedelta(days=1, seconds=1)
    link = path_of(one_time_links.enter_url(make_user("Ann"), now=long_ago))

    assert client.post(link, headers=OURS).status_code == 410


def test_a_sign_in_link_of_another_purpose_opens_nothing(client):
    make_practice()
    link = path_of(one_time_links.set_up_url(now=timezone.now())).replace("set-up", "enter")

    assert client.post(link, headers=OURS).status_code == 410


def test_a_sign_in_link_pressed_on_another_site_does_nothing(client):
    link = path_of(one_time_links.enter_url(make_user("Ann"), now=timezone.now()))

    assert client.post(link, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(link).status_code == 403


def test_a_sign_in_link_does_not_replace_the_second_factor(client):
    tess = make_practitioner("Tess Marlow").user
    authenticator_app(tess)
    client.post(path_of(one_time_links.enter_url(tess, now=timezone.now())), headers=OURS)

    assert not is_in(client)


SET_UP = {
    "name": "Tess Marlow",
    "email": "tess@example.com",
    "practice_name": "Juniper Street",
    "zone": "America/Denver",
}


def test_the_set_up_link_makes_the_owner_once(client):
    link = path_of(one_time_links.set_up_url(now=timezone.now()))
    assert client.get(link).status_code == 200
    client.post(link, SET_UP, headers=OURS)
    owner = User.objects.get()

    assert (owner.is_superuser, owner.practitioner.slug, Practice.objects.get().name) == (
        True,
        "tess",
        "Juniper Street",
    )
    assert Client().post(link, {**SET_UP, "email": "eve@example.com"}, headers=OURS).status_code == 410
    assert User.objects.count() == 1


def test_no_set_up_link_makes_a_second_owner(client):
    link = path_of(one_time_links.set_up_url(now=timezone.now()))
    make_practitioner("Tess Marlow")

    assert client.post(link, {**SET_UP, "email": "eve@example.com"}, headers=OURS).status_code == 410


def test_a_set_up_with_a_wrong_zone_says_so_and_keeps_the_link(client):
    link = path_of(one_time_links.set_up_url(now=timezone.now()))
    answer = client.post(link, {**SET_UP, "zone": "Mars/Olympus"}, headers=OURS)

    assert answer.status_code == 422
    assert client.get(link).status_code == 200


# --- Letters ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("template", sorted(NOTICES))
def test_every_notice_is_an_email_with_a_link_to_a_page_of_ours(template, client, settings):
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    from practice.accounts.adapter import AccountAdapter

    ann = make_user("Ann")
    AccountAdapter().send_mail(template, ann.email, {})

    assert is_in_both_parts(Letter.objects.get(), f"http://localhost:8000{reverse(NOTICES[template].page)}")
