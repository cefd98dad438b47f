"""A mistyped address is corrected while a code is pending: no page waits ten minutes for the first one."""

from __future__ import annotations

import re

import pytest

from practice.models import Letter
from practice.testing import make_user
from practice.tests.accounts.signing_in import (
    CONFIRM,
    SIGN_IN,
    ask,
    authenticator_app,
    is_in,
    newest_code,
    sign_in,
)

pytestmark = pytest.mark.django_db
SIGN_UP, CONFIRM_ADDRESS = "/accounts/signup/", "/accounts/confirm-email/"


@pytest.fixture
def ann():
    return make_user("Ann")


@pytest.mark.parametrize(("path", "field"), [(SIGN_IN, "login"), ("/accounts/login/code/", "email")])
def test_another_address_typed_while_a_code_is_pending_starts_over(client, ann, path, field):
    ask(client, "anne@example.com")
    assert client.post(path, {field: ann.email}).url.startswith(CONFIRM)
    client.post(CONFIRM, {"code": newest_code(ann.email)})

    assert is_in(client)


def test_the_page_of_the_code_leads_to_the_form_and_keeps_where_one_was_going(client, ann):
    client.post(SIGN_IN, {"login": "anne@example.com", "next": "/portal/history/"})
    page = client.get(f"{CONFIRM}?next=/portal/history/")
    link = re.search(r'href="(/accounts/login/\?another=1[^"]*)">\s*Use another address', page.text)[1]
    form = client.get(link.replace("&amp;", "&"))

    assert 'name="login"' in form.text
    assert 'name="next" value="/portal/history/"' in form.text


def test_looking_at_the_form_again_drops_nothing(client, ann):
    ask(client)
    client.get(f"{SIGN_IN}?another=1")
    assert client.get(SIGN_IN).url == CONFIRM
    client.post(CONFIRM, {"code": newest_code()})

    assert is_in(client)


def test_the_code_for_the_first_address_opens_nothing_after_another_was_asked_for(client, ann):
    zoe = make_user("Zoe")
    ask(client, zoe.email)
    ask(client, ann.email)
    client.post(CONFIRM, {"code": newest_code(zoe.email)})

    assert not is_in(client)


def test_a_sign_up_with_a_mistyped_address_starts_over_too(client):
    client.post(SIGN_UP, {"email": "zoee@example.com", "name": "Zoe"})
    assert "/accounts/signup/?another=1" in client.get(CONFIRM_ADDRESS).text
    assert client.get(f"{SIGN_UP}?another=1").status_code == 200
    client.post(SIGN_UP, {"email": "zoe@example.com", "name": "Zoe"})
    client.post(CONFIRM_ADDRESS, {"code": newest_code("zoe@example.com")})

    assert is_in(client)


def test_starting_over_skips_no_second_step(client, ann):
    authenticator_app(ann)
    sign_in(client)
    before = Letter.objects.count()
    ask(client, ann.email)
    client.post(CONFIRM, {"code": newest_code()})

    assert Letter.objects.count() == before + 1
    assert not is_in(client)
