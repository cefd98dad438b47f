"""The second factor: its set-up and its codes, and what stays closed to staff without it."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError
from django.utils import timezone

from practice.management.commands import up
from practice.models import Letter
from practice.site import welcome
from practice.testing import make_practice, make_practitioner, make_user
from practice.tests.accounts.signing_in import (
    authenticator_app,
    digits,
    is_in,
    set_up_app,
    sign_in,
)

pytestmark = pytest.mark.django_db


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
