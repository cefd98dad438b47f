"""Signing in: by code, by passkey, by password; twice for those who work here."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from practice.accounts import one_time_links
from practice.accounts.account_notice_texts import NOTICES
from practice.accounts.forms.account_pages import SignUpPageForm
from practice.management.commands import up
from practice.models import Letter, Practice, User
from practice.site import welcome
from practice.testing import at_work, is_in_both_parts, make_practice, make_practitioner, make_user
from practice.tests.accounts.signing_in import (
    ASK_AGAIN,
    CONFIRM,
    CONFIRM_AGAIN,
    SIGN_IN,
    ask,
    authenticator_app,
    digits,
    half_an_hour_later,
    is_in,
    newest_code,
    next_of,
    set_up_app,
    show_a_code,
    sign_in,
    signed_in_long_ago,
)

pytestmark = pytest.mark.django_db
OURS = {"origin": "http://localhost:8000"}


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


# --- The second factor ---------------------------------------------------------------------------------
def test_the_secret_of_an_authenticator_app_is_encrypted():
    secret = authenticator_app(make_user("Ann"))
    row = Authenticator.objects.get(type=Authenticator.Type.TOTP)

    assert secret not in str(row.data)
    assert TOTP(row).validate_code(digits(secret))


@pytest.mark.parametrize(("steps_ago", "counts"), [(1, True), (-1, True), (2, False)])
def test_digits_that_changed_while_they_were_typed_count_and_older_ones_do_not(steps_ago, counts):
    secret = authenticator_app(make_user("Ann"))
    app = TOTP(Authenticator.objects.get())
    with time_machine.travel(1_800_000_010, tick=False):  # ten seconds into a step
        assert app.validate_code(digits(secret, steps_ago=steps_ago)) is counts


def test_recovery_codes_are_encrypted(client):
    tess = make_practitioner("Tess Marlow").user
    sign_in(client, tess.email)
    set_up_app(client)
    kept = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)

    assert all(code not in str(kept.data) for code in kept.wrap().get_unused_codes())


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)  # allauth says so on commit
def test_setting_up_an_authenticator_app_opens_the_back_office_at_once(client):
    tess = make_practitioner("Tess Marlow").user
    sign_in(client, tess.email)
    assert client.get("/backoffice/").url.startswith("/accounts/2fa/")
    set_up_app(client)

    assert client.get("/backoffice/").status_code == 200
    assert Letter.objects.filter(kind="account_notice", to_address=tess.email).exists()


def test_the_code_from_the_app_at_sign_in_opens_the_back_office(client):
    tess = make_practitioner("Tess Marlow").user
    secret = authenticator_app(tess)
    assert sign_in(client, tess.email).url.startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": digits(secret)})

    assert client.get("/backoffice/").status_code == 200


def test_a_session_without_the_second_factor_opens_nothing_though_the_app_is_set_up(client):
    tess = make_practitioner("Tess Marlow").user
    authenticator_app(tess)
    client.force_login(tess)

    for path in (
        "/backoffice/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/email/",
    ):
        assert client.get(path).url.startswith("/accounts/2fa/reauthenticate/")


def test_a_second_factor_counts_for_one_person_only(client):
    tess = make_practitioner("Tess Marlow").user
    jonah = make_practitioner("Jonah Reyes", role="practitioner").user
    client.force_login(tess)
    session = client.session
    session["second_factor"] = str(tess.pk)
    session["_auth_user_id"] = str(jonah.pk)
    session["_auth_user_hash"] = jonah.get_session_auth_hash()
    session.save()

    assert client.get("/backoffice/").status_code == 302


def test_staff_without_a_second_factor_reach_its_set_up_and_sign_out(client):
    client.force_login(make_practitioner("Tess Marlow").user)

    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/email/").status_code == 302


def test_the_demo_asks_nobody_for_a_second_factor(client, settings):
    settings.DEMO = True
    make_practice(is_demo=True)
    client.force_login(make_practitioner("Tess Marlow").user)

    assert client.get("/backoffice/").status_code == 200


def test_demo_switched_on_over_a_real_practice_opens_nothing(client, settings):
    settings.DEMO = True
    make_practice()
    client.force_login(make_practitioner("Tess Marlow").user)

    assert client.get("/backoffice/").status_code == 302
    assert welcome.sign_in_links(now=timezone.now()) == []


@pytest.mark.engines("practice.management.commands.up")
def test_up_refuses_the_demo_on_a_database_that_the_demo_did_not_create(settings):
    settings.DEMO = True
    make_practice()
    with pytest.raises(CommandError, match="DEMO=1 is on, but"):
        up.Command().refuse_a_demo_elsewhere()


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_the_recovery_codes_are_shown_right_after_the_set_up(client):
    sign_in(client, make_practitioner("Tess Marlow").user.email)
    set_up_app(client)

    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_removing_the_last_second_factor_closes_staff_pages(client):
    tess = make_practitioner("Tess Marlow").user
    sign_in(client, tess.email)
    set_up_app(client)
    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(type="totp").exists()
    assert client.get("/backoffice/").status_code == 302


def test_a_client_may_add_a_passkey(client):
    make_user("Ann")
    sign_in(client)
    page = client.get("/accounts/2fa/webauthn/add/")

    assert page.status_code == 200
    assert page.context["js_data"]["creation_options"]["publicKey"]["rp"]["id"] == "testserver"


# --- Is it still you? ---------------------------------------------------------------------------------
APP, PASSKEY, ADDRESS = "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/email/"


@pytest.mark.parametrize("wanted", [APP, PASSKEY])
@pytest.mark.parametrize("works_here", [True, False])
def test_who_signed_in_long_ago_shows_a_code_and_comes_to_the_page_they_wanted(client, wanted, works_here):
    person = make_practitioner("Tess Marlow").user if works_here else make_user("Ann")
    signed_in_long_ago(client, person)
    sent_away = client.get(wanted)
    assert (urlsplit(sent_away.url).path, next_of(sent_away)) == (ASK_AGAIN, wanted)
    assert person.email in client.get(sent_away.url).content.decode()

    assert show_a_code(client, person, wanted).url == wanted
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("works_here", [True, False])
@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("password", [None, "one long password"])
@pytest.mark.parametrize("wanted", [APP, PASSKEY])
def test_nobody_is_sent_in_a_circle(client, works_here, confirmed, password, wanted):
    person = make_practitioner("Tess Marlow").user if works_here else make_user("Ann")
    signed_in_long_ago(client, person)
    if not confirmed:
        EmailAddress.objects.all().delete()
    if password:
        person.set_password(password)
        person.save()
        session = client.session
        session["_auth_user_hash"] = person.get_session_auth_hash()
        session.save()
    page = client.get(wanted, follow=True)  # a circle would raise RedirectCycleError

    assert page.status_code == 200
    assert len(page.redirect_chain) == 1


@pytest.mark.django_db(transaction=True)  # allauth says so on commit
@pytest.mark.engines
def test_a_set_up_begun_with_the_code_opens_the_workspace(client):
    lena = make_practitioner("Lena Frost").user  # nobody else's: what was committed counts for limits too
    signed_in_long_ago(client, lena)
    show_a_code(client, lena, APP)
    set_up_app(client)

    assert client.get("/workspace/").status_code == 200


def test_a_new_address_written_before_the_code_is_kept(client):
    ann = make_user("Ann")
    signed_in_long_ago(client, ann)
    sent_away = client.post(ADDRESS, {"email": "ann@new.example", "action_add": ""})
    assert (urlsplit(sent_away.url).path, next_of(sent_away)) == (ASK_AGAIN, ADDRESS)
    show_a_code(client, ann, ADDRESS)

    assert newest_code("ann@new.example")


@pytest.mark.parametrize(("seconds", "asked"), [(299, False), (301, True)])
def test_a_sign_in_by_code_counts_for_five_minutes(client, seconds, asked):
    make_user("Ann")
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        sign_in(client)
        clock.shift(dt.timedelta(seconds=seconds))

        assert (client.get(PASSKEY).status_code == 302) is asked


def test_who_has_a_password_is_asked_for_it_at_once_or_for_a_code(client):
    ann = make_user("Ann", password="one long password")
    sign_in(client)
    sent_away = client.get(PASSKEY)
    assert sent_away.url.startswith("/accounts/reauthenticate/?")
    page = client.get(sent_away.url).content.decode()
    assert "With a code by email" in page
    assert ASK_AGAIN in page

    assert show_a_code(client, ann, PASSKEY).url == PASSKEY


@pytest.mark.parametrize("works_here", [True, False])
def test_no_code_by_email_replaces_the_second_factor(client, works_here):
    person = make_practitioner("Tess Marlow").user if works_here else make_user("Ann")
    secret = authenticator_app(person)
    sign_in(client, person.email)
    client.post("/accounts/2fa/authenticate/", {"code": digits(secret)})
    assert is_in(client)
    before = Letter.objects.count()
    switch_off = "/accounts/2fa/totp/deactivate/"
    sent_away = client.get(switch_off)
    assert sent_away.url.startswith("/accounts/2fa/reauthenticate/?")
    assert "code by email" not in client.get(sent_away.url).content.decode()
    for answer in (client.get(ASK_AGAIN), client.post(ASK_AGAIN, {"recipient": person.email})):
        assert answer.url == "/accounts/2fa/reauthenticate/"
    assert Letter.objects.count() == before

    again = {"code": digits(secret, steps_ago=-1), "next": switch_off}
    assert client.post("/accounts/2fa/reauthenticate/", again).url == switch_off
    assert client.get(switch_off).status_code == 200


def test_a_session_without_the_second_factor_gets_no_code_either(client):
    tess = make_practitioner("Tess Marlow").user
    authenticator_app(tess)
    client.force_login(tess)

    for path in (ASK_AGAIN, CONFIRM_AGAIN):
        assert client.get(path).url.startswith("/accounts/2fa/reauthenticate/")


def test_without_a_confirmed_address_signing_in_again_is_the_way(client):
    tess = make_practitioner("Tess Marlow").user
    client.post(path_of(one_time_links.enter_url(tess, now=timezone.now())), headers=OURS)
    assert client.get(APP).status_code == 200
    half_an_hour_later(client)
    sent_away = client.get(APP)
    assert sent_away.url.startswith("/accounts/logout/?")
    page = client.get(sent_away.url).content.decode()
    assert "we need to check that it’s you" in page
    assert f'name="next" value="{APP}"' in page
    client.post("/accounts/logout/", {"next": APP})
    assert not is_in(client)
    asked = client.post(SIGN_IN, {"login": tess.email, "next": APP})

    assert client.post(asked.url, {"code": newest_code(tess.email), "next": APP}).url == APP
    assert client.get(APP).status_code == 200


def test_the_third_wrong_code_leads_back_to_asking_and_shows_nothing(client):
    ann = make_user("Ann")
    signed_in_long_ago(client, ann)
    client.post(ASK_AGAIN, {"recipient": ann.email})
    for _ in range(2):
        assert client.post(CONFIRM_AGAIN, {"code": "AAAAAA"}).status_code == 200
    assert client.post(CONFIRM_AGAIN, {"code": "AAAAAA"}).url == ASK_AGAIN
    client.post(CONFIRM_AGAIN, {"code": newest_code()})

    assert client.get(PASSKEY).status_code == 302


def test_no_code_goes_to_an_address_that_is_not_theirs(client):
    signed_in_long_ago(client, make_user("Ann"))
    make_user("Ben")
    before = Letter.objects.count()
    page = client.post(ASK_AGAIN, {"recipient": "ben@example.com"})

    assert 'role="alert"' in page.content.decode()
    assert Letter.objects.count() == before


# --- Links that work once -------------------------------------------------------------------------------
def path_of(url: str) -> str:
    return url.removeprefix("http://localhost:8000")


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
