"""A client who reads Spanish gets emails and receipts with the Spanish texts, also from the workspace."""

from __future__ import annotations

import pytest

from booking.models import SessionType
from booking.payments.actions.receipt import issue
from booking.payments.actions.record import record
from booking.testing import make_session_type
from booking.tests.other_language.test_other_language import NAME, SPANISH, save
from booking.tests.people import NOW, booked, denver, make_denver, make_tess
from practice.mail.send_check import preview_of
from practice.models import Consent, Letter, Practitioner, User
from practice.other_language.actions import begin_other_language
from practice.shipped_texts import as_written
from practice.testing import is_in_both_parts, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.other_language.actions")]
NOON = denver("2027-03-16 12:00")


@pytest.fixture
def tess() -> Practitioner:
    make_denver()
    begin_other_language()
    return make_tess()


@pytest.fixture
def service(tess: Practitioner) -> SessionType:
    found = make_session_type(tess, name=NAME, preparation="Eat little.")
    save("services", found, name=SPANISH, preparation="Coma poco.")
    return found


@pytest.fixture
def ann(db: None) -> User:
    return make_user("Ann Lee", email="ann@example.com", language="es")


def test_how_to_prepare_is_emailed_in_the_clients_language(
    tess: Practitioner, service: SessionType, ann: User
) -> None:
    with as_written():  # as a page of the workspace does
        booked(service, tess)
    assert is_in_both_parts(preview_of(Letter.objects.get(kind="prepare"), NOW), "Coma poco.")


def test_a_client_who_reads_english_gets_the_original(tess: Practitioner, service: SessionType) -> None:
    booked(service, tess)
    assert is_in_both_parts(preview_of(Letter.objects.get(kind="prepare"), NOW), "Eat little.")


def test_a_receipt_names_the_session_in_the_language_of_who_paid(
    tess: Practitioner, service: SessionType, ann: User
) -> None:
    one = booked(service, tess)
    with as_written():
        record(one, cents=9500, tip_cents=0, how="card", by=tess.user, key="k", now=NOON)
        assert issue(one, to="Ann Lee", by=tess.user, now=NOON).content["session"]["what"] == SPANISH


def test_what_was_agreed_to_is_kept_in_its_language(
    tess: Practitioner, service: SessionType, ann: User
) -> None:
    booked(service, tess)
    assert Consent.objects.get(kind="booking").language == "en"  # of the page on which it was booked
