"""Whoever has the address has the account: who may change it, and what follows."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from booking.testing import make_appointment, make_session_type
from practice.accounts.actions.sign_in_address import AddressChangeNotAllowed, change_address
from practice.models import AccessLog, Letter, User
from practice.testing import at_work, is_in_both_parts, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NEW = "new@example.com"


@pytest.fixture
def tess(db: None) -> User:
    make_practice()
    return make_practitioner().user


@pytest.fixture
def ann(tess: User) -> User:
    """Ann has signed in; she comes to Jonah."""
    jonah = make_practitioner("Jonah Reed", role=User.Role.PRACTITIONER)
    ann = make_user("Ann Lee")
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    kind = make_session_type(jonah)
    make_appointment(session_type=kind, practitioner=jonah, start=timezone.now(), client=ann)
    return ann


def form_of(person: User, **changed: str) -> dict[str, str]:
    known = {"name": person.name, "email": person.email or "", "phone": "", "zone": "", "language": "en"}
    return {**known, "role": person.role, "is_active": "on", **changed}


def page_of(person: User) -> str:
    return f"/backoffice/practice/user/{person.pk}/change/"


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/portal/").status_code == 200


@pytest.mark.parametrize("who", ["Jonah Reed", "Faye"])
def test_people_at_work_change_the_phone_number_of_their_own_clients_and_never_the_address(
    ann: User, who: str
) -> None:
    make_user("Faye", role=User.Role.FRONT_DESK)
    browser = at_work(User.objects.get(name=who))
    answer = browser.post(page_of(ann), form_of(ann, email="mine@evil.example", phone="+13035550133"))
    ann.refresh_from_db()

    assert (answer.status_code, ann.email, ann.phone.as_e164) == (302, "ann@example.com", "+13035550133")


def test_nor_does_the_action_under_the_page(ann: User) -> None:
    with pytest.raises(AddressChangeNotAllowed):
        change_address(ann, NEW, by=User.objects.get(name="Jonah Reed"), now=timezone.now())


def test_the_owner_does_and_the_old_address_is_told(tess: User, ann: User) -> None:
    at_work(tess).post(page_of(ann), form_of(ann, email=NEW))
    letter = Letter.objects.get(kind="account_notice")
    letter.open_words()

    assert User.objects.get(pk=ann.pk).email == NEW
    assert letter.to_address == "ann@example.com"
    assert is_in_both_parts(letter, "The practice changed the email address of your account")


def test_the_client_can_read_who_did_it(tess: User, ann: User) -> None:
    at_work(tess).post(page_of(ann), form_of(ann, email=NEW))

    line = AccessLog.objects.get(whose=ann, code="access:address_changed")
    assert line.reader == tess


def test_every_session_of_that_person_ends_and_no_other(tess: User, ann: User) -> None:
    phone, laptop, desk = signed_in(ann), signed_in(ann), at_work(tess)
    before = [is_in(phone), is_in(laptop)]
    desk.post(page_of(ann), form_of(ann, email=NEW))

    assert before == [True, True]
    assert [is_in(phone), is_in(laptop)] == [False, False]
    assert desk.get("/workspace/").status_code == 200


def test_a_code_for_the_old_address_signs_nobody_in(tess: User, ann: User) -> None:
    at_work(tess).post(page_of(ann), form_of(ann, email=NEW))
    Client().post("/accounts/login/", {"login": "ann@example.com"})

    assert not Letter.objects.filter(kind="sign_in_code", user=ann).exists()


def test_saved_again_with_the_same_address_nothing_is_written_and_nobody_signed_out(
    tess: User, ann: User
) -> None:
    phone = signed_in(ann)
    at_work(tess).post(page_of(ann), form_of(ann, email="ANN@example.com", phone="+13035550133"))

    assert is_in(phone)
    assert Letter.objects.filter(kind="account_notice").count() == 0


def test_anyone_who_changes_their_own_stays_signed_in_there_and_is_signed_out_elsewhere(
    tess: User, ann: User, settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    here, elsewhere = signed_in(ann), signed_in(ann)
    here.post("/accounts/email/", {"email": NEW, "action_add": ""})
    code = Letter.objects.filter(to_address=NEW, kind="sign_in_code").latest("id")
    code.open_words()
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", code.text, re.M)
    assert found is not None
    here.post("/accounts/confirm-email/", {"code": found[1]})

    assert User.objects.get(pk=ann.pk).email == NEW
    assert (is_in(here), is_in(elsewhere)) == (True, False)
