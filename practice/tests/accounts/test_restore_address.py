"""What matters is done only by whoever shows that it is still them; a changed address can be put back."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from practice.accounts import address_changes
from practice.accounts.actions import sign_in_address
from practice.models import AccessLog, AddressChange, Letter, User
from practice.retention.chores import tidy
from practice.testing import make_practitioner, make_user
from practice.tests.accounts.signing_in import (
    APP_PAGE,
    ASK_AGAIN,
    authenticator_app,
    is_in,
    newest_code,
    show_a_code,
    sign_in,
    signed_in_long_ago,
)

pytestmark = pytest.mark.django_db
ADDRESS, CONFIRM_NEW = "/accounts/email/", "/accounts/confirm-email/"
OURS = {"origin": "http://localhost:8000"}
PASSWORD = {"password1": "a thief's long words", "password2": "a thief's long words"}


@pytest.fixture
def ann():
    return make_user("Ann")


# --- Every door ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (ADDRESS, {"email": "thief@example.com", "action_add": ""}),
        ("/accounts/password/set/", PASSWORD),
        ("/accounts/sessions/", {}),
        (APP_PAGE, {"code": "123456"}),
        ("/accounts/2fa/webauthn/add/", {"name": "mine"}),
    ],
)
@pytest.mark.parametrize("works_here", [True, False])
def test_who_signed_in_by_code_long_ago_shows_a_code_before_anything_that_matters(
    client, path, sent, works_here
):
    person = make_practitioner().user if works_here else make_user("Ann")
    signed_in_long_ago(client, person)
    letters = Letter.objects.count()
    answer = client.post(path, sent)
    # Staff without a second step reach only the pages to set one up.
    expected = ASK_AGAIN if not works_here or "2fa" in path else "/accounts/2fa/"

    assert urlsplit(answer.url).path == expected
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert Letter.objects.count() == letters


def test_other_sessions_end_once_the_code_is_shown(client, ann):
    signed_in_long_ago(client, ann)
    elsewhere = Client()
    sign_in(elsewhere, ann.email)
    client.post("/accounts/sessions/")
    assert elsewhere.get("/portal/").status_code == 200
    show_a_code(client, ann, "/accounts/sessions/")
    client.post("/accounts/sessions/")

    assert elsewhere.get("/portal/").status_code == 302
    assert client.get("/accounts/sessions/").status_code == 200


# --- The way back -------------------------------------------------------------------------------------------
def change_address(browser: Client, new: str) -> None:
    browser.post(ADDRESS, {"email": new, "action_add": ""})
    browser.post(CONFIRM_NEW, {"code": newest_code(new)})
    assert User.objects.filter(email=new).exists()


def way_back(old: str = "ann@example.com") -> str:
    """The link in the email that tells the old address of the change."""
    letter = Letter.objects.filter(kind="account_notice", to_address=old, text__isnull=False).latest("id")
    return re.search(r"http://localhost:8000(/address/\S+)", letter.text)[1]


@pytest.fixture
def thief(ann):
    """A browser in which Ann signed in; somebody else sits before it now, and changed her address."""
    browser = Client()
    sign_in(browser, ann.email)
    change_address(browser, "thief@example.com")
    return browser


def press(link: str):
    return Client().post(link, headers=OURS)


@pytest.mark.engines("practice.accounts.actions.restore_address")
def test_the_old_address_puts_itself_back_and_shuts_the_thief_out(thief, ann):
    thief.post("/accounts/password/set/", PASSWORD)
    authenticator_app(ann)
    page = Client().get(way_back())
    assert "ann@example.com" in page.text
    assert "thief" not in page.text
    answer = press(way_back())

    ann.refresh_from_db()
    assert (answer.url, ann.email, ann.has_usable_password()) == (
        "/accounts/login/",
        "ann@example.com",
        False,
    )
    assert thief.get("/portal/").status_code == 302
    assert not Authenticator.objects.exists()
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(ann.email, True, True)]
    line = AccessLog.objects.get()
    assert (line.whose, line.words) == (ann, "sign-in address restored")


def test_looking_changes_nothing_and_another_sites_button_neither(thief, ann):
    Client().get(way_back())
    assert Client().post(way_back(), headers={"origin": "https://evil.example"}).status_code == 403

    ann.refresh_from_db()
    assert ann.email == "thief@example.com"


def test_it_works_once_and_for_seven_days(thief, ann):
    AddressChange.objects.update(at=timezone.now() - dt.timedelta(days=7, seconds=-60))
    link = way_back()
    assert [press(link).status_code, press(link).status_code] == [302, 410]
    AddressChange.objects.update(at=timezone.now() - dt.timedelta(days=7), undone_at=None)

    assert Client().get(link).status_code == 410
    tidy(timezone.now())
    assert not AddressChange.objects.exists()


def test_the_first_address_wins_over_a_thief_who_changed_it_twice(thief, ann):
    first = way_back()
    change_address(thief, "other@example.com")
    second = way_back("thief@example.com")

    assert press(first).status_code == 302
    assert press(second).status_code == 410
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"


def test_an_address_that_is_someone_elses_by_now_is_not_taken_from_them(thief, ann):
    zoe = make_user("Zoe", email="ann@example.com")
    answer = press(way_back())

    assert (answer.status_code, "can’t be restored" in answer.text) == (409, True)
    assert User.objects.get(email="ann@example.com") == zoe


def corrected(ann: User, address: str) -> None:
    sign_in_address.change_address(ann, address, by=make_practitioner().user, now=timezone.now())


def test_what_the_owner_corrected_since_no_old_link_puts_back(thief, ann):
    """Else whoever reads the lost address takes the account for seven days more."""
    first = way_back()
    change_address(thief, "other@example.com")
    second = way_back("thief@example.com")
    corrected(ann, "new@example.com")

    assert [press(first).status_code, press(second).status_code] == [410, 410]
    ann.refresh_from_db()
    assert ann.email == "new@example.com"


def test_the_link_still_shuts_a_thief_out_after_the_owner_put_the_same_address_back(thief, ann):
    authenticator_app(ann)
    corrected(ann, "ann@example.com")

    assert press(way_back()).status_code == 302
    assert not Authenticator.objects.exists()


def test_a_link_of_another_purpose_puts_nothing_back(client, ann):
    link = address_changes.note_change(ann, "a@example.com", now=timezone.now()).split("/")[-2]

    assert client.get(f"/enter/{link}/").status_code == 410
    assert client.get("/address/1/").status_code == 410


def test_the_way_back_signs_in_by_code(thief, ann, client):
    press(way_back())
    sign_in(client)

    assert is_in(client)
