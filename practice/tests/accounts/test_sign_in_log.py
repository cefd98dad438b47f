"""Each event of signing in is one line: what, who, from where, how; and nothing that opens anything."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from practice.models import Letter
from practice.testing import at_work, make_practitioner, make_user
from practice.tests.accounts.signing_in import (
    CONFIRM,
    SIGN_IN,
    ask,
    authenticator_app,
    digits,
    newest_code,
    set_up_app,
    sign_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    with capture_logs() as captured:
        yield captured


def said(lines, event):
    return [line for line in lines if line["event"] == event]


def test_a_sign_in_names_the_person_the_way_and_a_hashed_place(client, lines):
    ann = make_user("Ann")
    sign_in(client)
    (line,) = said(lines, "signed in")

    assert (line["who"], line["how"], line["log_level"]) == (ann.pk, "code", "info")
    assert len(line["place"]) == 32
    assert "127.0.0.1" not in str(lines)


def test_a_wrong_code_and_a_wrong_password_are_each_one_line(client, lines):
    ann = make_user("Ann", password="one long password")
    ask(client)
    client.post(CONFIRM, {"code": "AAAAAA"})
    client.post(SIGN_IN, {"login": ann.email, "password": "not her password"})
    client.post(SIGN_IN, {"login": "zoe@example.com", "password": "not her password"})

    assert [line["who"] for line in said(lines, "wrong code")] == [ann.pk]
    assert [line["who"] for line in said(lines, "wrong password")] == [ann.pk, None]


def test_each_wrong_second_step_is_a_line_and_the_right_one_is_one(client, lines):
    tess = make_practitioner().user
    secret = authenticator_app(tess)
    sign_in(client, tess.email)
    for _ in range(4):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": digits(secret)})

    assert [line["who"] for line in said(lines, "wrong second step")] == [tess.pk] * 4
    assert [line["kind"] for line in said(lines, "second step used")] == ["totp"]
    assert said(lines, "signed in")[0]["how"] == "code+mfa"


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)  # allauth says so on commit
def test_a_second_step_added_or_removed_is_a_line(client, lines):
    mara = make_practitioner("Mara Quist").user
    sign_in(client, mara.email)
    set_up_app(client)
    client.post("/accounts/2fa/totp/deactivate/")

    first = said(lines, "second step added")[0]
    assert (first["who"], first["kind"]) == (mara.pk, "totp")
    assert said(lines, "second step removed")


def test_no_line_holds_an_address_a_code_or_a_password(client, lines):
    make_user("Ann", password="one long password")
    client.post(SIGN_IN, {"login": "ann@example.com", "password": "not her password"})
    sign_in(client)
    client.post("/accounts/logout/")

    assert said(lines, "signed out")
    assert Letter.objects.exists()
    for secret in ("ann@example.com", "not her password", newest_code()):
        assert secret not in str(lines)


def test_the_log_of_the_back_office_is_the_owners_to_read():
    path = "/backoffice/admin/logentry/"

    assert at_work(make_practitioner().user).get(path).status_code == 200
    assert at_work(make_practitioner("Jonah Reyes", role="practitioner").user).get(path).status_code == 403
