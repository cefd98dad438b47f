"""Sessions of those who work here end; the owner, or the server's command line, helps who is locked out."""

from __future__ import annotations

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command

from practice.models import AccessLog, Letter
from practice.testing import at_work, is_in_both_parts, make_practitioner, make_user
from practice.tests.accounts.signing_in import (
    APP_PAGE,
    authenticator_app,
    digits,
    is_in,
    set_up_app,
    sign_in,
)

pytestmark = pytest.mark.django_db
MONDAY = 1_800_000_000.0
HOUR = 3600
PAGE = "/workspace/settings/sign-in/"


# --- They end ----------------------------------------------------------------------------------------------
@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as travelled:
        yield travelled


def test_an_idle_hour_ends_the_session_of_the_person_who_works_here(clock):
    desk = at_work(make_practitioner().user)
    clock.shift(HOUR - 1)
    assert desk.get("/workspace/").status_code == 200
    clock.shift(HOUR)
    answer = desk.get("/workspace/", follow=True)

    assert answer.redirect_chain[0][0] == "/accounts/login/?next=/workspace/"
    assert "You were signed out after a while" in answer.text
    assert not is_in(desk)


def test_a_page_that_asks_by_itself_is_no_use_of_the_session(clock):
    desk = at_work(make_practitioner().user)
    for _ in range(7):
        clock.shift(600)
        desk.get("/workspace/week/version/", headers={"X-Unattended": "1"})

    assert not is_in(desk)


def test_twelve_hours_end_it_however_busy_it_was(clock):
    desk = at_work(make_practitioner().user)
    for _ in range(15):
        clock.shift(HOUR - 600)
        before = is_in(desk) and desk.get("/workspace/").status_code == 200

    assert (before, is_in(desk)) == (False, False)


def test_what_is_sent_after_an_idle_hour_changes_nothing(clock):
    desk = at_work(make_practitioner().user)
    clock.shift(HOUR)
    desk.post("/accounts/email/", {"email": "thief@example.com", "action_add": ""})

    assert not is_in(desk)


def test_a_session_that_does_not_say_when_it_began_is_over():
    desk = at_work(make_practitioner().user)
    session = desk.session
    del session["signed_in_at"]
    session.save()

    assert desk.get("/workspace/").status_code == 302


def test_clients_stay_signed_in_for_thirty_days(clock, client, settings):
    client.force_login(make_user("Ann"))
    clock.shift(29 * 24 * HOUR)

    assert client.get("/portal/").status_code == 200
    assert settings.SESSION_COOKIE_AGE == 30 * 24 * HOUR


def test_the_second_step_is_shown_again_in_each_session(client):
    tess = make_practitioner().user
    authenticator_app(tess)
    at_work(tess)

    assert sign_in(client, tess.email).url.startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)  # allauth says so on commit
def test_the_session_changes_its_key_when_a_second_step_is_added_and_stays_in_the_list(client):
    lena = make_practitioner("Lena Marsh").user
    sign_in(client, lena.email)
    before = client.session.session_key
    set_up_app(client)

    assert client.session.session_key != before
    assert client.get("/workspace/").status_code == 200
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [client.session.session_key]


# --- Help --------------------------------------------------------------------------------------------------
@pytest.fixture
def tess():
    return make_practitioner("Tess Marlow").user


@pytest.fixture
def jonah():
    return make_practitioner("Jonah Reyes", role="practitioner").user


@pytest.fixture
def owner(tess):
    """Tess at work, who has just shown once more that it is her."""
    secret = authenticator_app(tess)
    browser = at_work(tess)
    browser.post("/accounts/2fa/reauthenticate/", {"code": digits(secret)})
    return browser


@pytest.mark.engines("practice.accounts.actions.sign_in_help")
def test_the_owner_resets_a_lost_second_step(owner, tess, jonah):
    authenticator_app(jonah)
    lost = at_work(jonah)
    assert "Second step: an authenticator app." in owner.get(PAGE).text
    answer = owner.post(f"{PAGE}{jonah.pk}/reset/", follow=True)

    assert "The second sign-in step of Jonah Reyes was removed" in answer.text
    assert not Authenticator.objects.filter(user=jonah).exists()
    assert lost.get("/workspace/").status_code == 302
    assert not is_in(lost)
    assert is_in_both_parts(Letter.objects.get(to_address=jonah.email), "was removed for you")
    line = AccessLog.objects.get()
    assert (line.reader, line.whose, line.words) == (tess, jonah, "second step reset")


def test_who_was_helped_signs_in_with_a_code_and_sets_up_a_new_step(owner, jonah, client):
    authenticator_app(jonah)
    owner.post(f"{PAGE}{jonah.pk}/reset/")
    sign_in(client, jonah.email)

    assert client.get("/workspace/").url.startswith("/accounts/2fa/")
    assert client.get(APP_PAGE).status_code == 200


def test_the_owner_shows_once_more_that_it_is_them_before_a_reset(tess, jonah):
    authenticator_app(tess)
    authenticator_app(jonah)
    answer = at_work(tess).post(f"{PAGE}{jonah.pk}/reset/")

    assert answer.url.startswith("/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.filter(user=jonah).exists()


@pytest.mark.engines("practice.accounts.actions.sign_in_help")
def test_the_owner_signs_anyone_out_everywhere(owner, tess, jonah, client):
    ann = make_user("Ann")
    client.force_login(ann)
    UserSession.objects.all().delete()  # also a session that no list knows
    owner.post(f"{PAGE}{ann.pk}/end/")

    assert client.get("/portal/").status_code == 302
    assert AccessLog.objects.get().words == "signed out everywhere"
    assert owner.get("/workspace/").status_code == 200


def test_anyone_who_was_signed_out_signs_in_again(owner, jonah, client):
    ann = make_user("Ann")
    owner.post(f"{PAGE}{ann.pk}/end/")
    sign_in(client)

    assert client.get("/portal/").status_code == 200


@pytest.mark.parametrize("deed", ["end", "reset"])
def test_nobody_but_the_owner_helps_and_nobody_themselves(owner, tess, jonah, deed):
    assert at_work(jonah).post(f"{PAGE}{tess.pk}/{deed}/").status_code == 404
    assert owner.post(f"{PAGE}{tess.pk}/{deed}/").status_code == 404


def test_clients_are_found_by_name_or_address(owner):
    make_user("Ann")

    assert not re.search(r"\bAnn\b", owner.get(PAGE).text)  # as a word: tokens have letters too
    assert "ann@example.com" in owner.get(f"{PAGE}?name=ANN@").text


# --- The owner's own ---------------------------------------------------------------------------------------
def test_the_owners_own_lost_step_is_reset_on_the_server(tess, capsys):
    authenticator_app(tess)
    desk = at_work(tess)
    call_command("reset_second_step", "Tess@Example.com")

    assert "set up a new one" in capsys.readouterr().out
    assert desk.get("/workspace/").status_code == 302
    line = AccessLog.objects.get()
    assert (line.reader, line.whose) == (None, tess)


def test_a_reset_for_nobody_or_of_nothing_says_so(tess):
    with pytest.raises(CommandError, match="No account uses zoe@"):
        call_command("reset_second_step", "zoe@example.com")
    with pytest.raises(CommandError, match="has no second step set up"):
        call_command("reset_second_step", tess.email)
