"""Who signed in long ago shows once more that it is them, before anything about the account changes."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from practice.accounts import one_time_links
from practice.models import Letter
from practice.testing import make_practitioner, make_user
from practice.tests.accounts.signing_in import (
    ASK_AGAIN,
    CONFIRM_AGAIN,
    OURS,
    SIGN_IN,
    authenticator_app,
    digits,
    half_an_hour_later,
    is_in,
    newest_code,
    next_of,
    path_of,
    set_up_app,
    show_a_code,
    sign_in,
    signed_in_long_ago,
)

pytestmark = pytest.mark.django_db
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
