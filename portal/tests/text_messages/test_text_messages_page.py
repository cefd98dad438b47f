"""The client's page of text messages: a number, a code, a choice, an end; the owner's page of the cost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from booking.links import appointment_path
from booking.testing import make_appointment, make_session_type
from practice.mail.delivery import deliver
from practice.models import TextMessage, TextNumber, User
from practice.retention.periods import unconfirmed_numbers
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.text_gateway import TextGateway, text_gateway
from practice.texting.queries import months_of_texts

pytestmark = [pytest.mark.engines("practice.texting.actions.consent"), pytest.mark.django_db]
PAGE, COSTS = "/portal/text-messages/", "/workspace/text-messages/"


@pytest.fixture
def gateway(settings: Settings) -> Iterator[TextGateway]:
    """The gateway that the setting names, and a practice."""
    make_practice()
    with text_gateway() as found:
        settings.TEXT_MESSAGES_URL = found.url
        yield found


@pytest.fixture
def ann(gateway: TextGateway, client: Client) -> User:
    """Ann, signed in."""
    found = make_user("Ann Hale", phone="303 555 0142")
    client.force_login(found)
    return found


def page(client: Client) -> str:
    """The page, with plain spaces in place of those that hold a number together."""
    return client.get(PAGE).content.decode().replace("\u00a0", " ")


def press(client: Client, do: str, **fields: str) -> int:
    return client.post(PAGE, {"do": do, **fields}).status_code


def code_in(gateway: TextGateway) -> str:
    deliver.drain()
    found = re.search(r"\b\d{6}\b", gateway.taken[-1]["body"])
    assert found
    return found[0]


def test_from_a_number_to_texts_and_back(ann: User, client: Client, gateway: TextGateway) -> None:
    assert 'value="303 555 0142"' in page(client)  # the number on file is a suggestion
    assert TextNumber.objects.count() == 0  # and a page that is opened writes nothing
    assert press(client, "enter", number="(303) 555-0199", way="text") == 302
    assert "We texted a code to 303 555 0199" in page(client)
    assert press(client, "confirm", code="12345") == 422
    assert press(client, "confirm", code=code_in(gateway)) == 302
    assert "We text you at 303 555 0199" in page(client)
    assert press(client, "way", way="both") == 302
    assert [(one.number, one.way) for one in TextNumber.objects.reachable()] == [("+13035550199", "both")]
    assert press(client, "stop") == 302
    assert "I agree. Text me a code" in page(client)
    assert not TextNumber.objects.reachable().exists()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "Please enter your cell phone number."),
        ("12", "Please enter a phone number with area code"),
        ("+49 170 1234567", "We can only text numbers in our own country."),
        ("303 555 0142 ext 12", "This number takes no texts."),
        ("800 555 0142", "This number takes no texts."),
    ],
)
def test_a_number_that_cannot_be_texted_is_refused(
    ann: User, client: Client, gateway: TextGateway, number: str, said: str
) -> None:
    answer = client.post(PAGE, {"do": "enter", "number": number, "way": "text"})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert TextNumber.objects.count() == 0


def test_too_many_codes_are_refused_in_words(
    ann: User, client: Client, gateway: TextGateway, settings: Settings
) -> None:
    settings.RATE_LIMITS = True
    press(client, "enter", number="303 555 0199", way="text")
    for _ in range(4):
        assert press(client, "again") == 302
    answer = client.post(PAGE, {"do": "again"})
    assert (answer.status_code, "as many codes as we can today" in answer.content.decode()) == (422, True)


def test_who_replied_stop_reads_how_to_start_again(ann: User, client: Client, gateway: TextGateway) -> None:
    now = timezone.now()
    TextNumber.objects.create(
        user=ann, number="+13035550142", given_at=now, stopped_at=now, stopped_why="reply"
    )
    assert "reply START" in page(client)


def test_without_the_setting_there_is_no_page_and_no_link(
    ann: User, client: Client, settings: Settings
) -> None:
    assert PAGE in client.get("/portal/preferences/").content.decode()
    settings.TEXT_MESSAGES_URL = ""
    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/portal/preferences/").content.decode()


def test_the_page_of_an_appointment_leads_its_reader_there(
    ann: User, client: Client, settings: Settings
) -> None:
    tess = make_practitioner("Tess Marlow")
    start = timezone.now() + dt.timedelta(days=5)
    session = make_session_type(tess)
    shown = appointment_path(
        make_appointment(session_type=session, practitioner=tess, start=start, client=ann)
    )
    assert PAGE in client.get(shown).content.decode()
    assert PAGE not in Client().get(shown).content.decode()  # the holder of a link
    settings.TEXT_MESSAGES_URL = ""
    assert PAGE not in client.get(shown).content.decode()


def test_a_number_that_was_never_confirmed_is_forgotten_after_a_day(ann: User) -> None:
    now = timezone.now()
    TextNumber.objects.create(user=ann, number="+13035550142", created_at=now - dt.timedelta(hours=23))
    assert unconfirmed_numbers(now) == 0
    assert unconfirmed_numbers(now + dt.timedelta(hours=2), dry=True) == 1
    assert unconfirmed_numbers(now + dt.timedelta(hours=2)) == 1
    assert not TextNumber.objects.exists()


def test_the_privacy_page_names_the_company_in_between(gateway: TextGateway, settings: Settings) -> None:
    words = "the company that delivers our texts"
    assert words in Client().get("/privacy/").content.decode()
    settings.TEXT_MESSAGES_URL = ""
    assert words not in Client().get("/privacy/").content.decode()


def test_the_owner_reads_the_cost_of_each_month(gateway: TextGateway, client: Client) -> None:
    tess = make_practitioner("Tess Marlow")
    at_work(tess.user, client)
    assert "No text has been sent yet." in client.get(COSTS).content.decode()
    for number, price in enumerate(["0.01580", "0.00790", None]):
        TextMessage.objects.create(
            sid=f"SM{number}",
            price=Decimal(price) if price else None,
            currency="USD",
            segments=2,
            status="failed" if price is None else "delivered",
        )
    shown = " ".join(client.get(COSTS).content.decode().split())
    assert "March 2027" in shown
    assert "$0.02" in shown
    assert "3 texts, charged as 6, 1 not delivered, 1 without a price yet" in shown


def test_a_month_begins_by_the_practices_clock(gateway: TextGateway) -> None:
    denver, sent = ZoneInfo("America/Denver"), dt.datetime(2027, 2, 1, 6, 59, tzinfo=dt.UTC)
    for seconds in (0, 60):
        TextMessage.objects.create(sid=f"SM{seconds}", sent_at=sent + dt.timedelta(seconds=seconds))
    found = months_of_texts(denver, most=3, now=sent + dt.timedelta(days=20))
    assert [(one.month, one.messages) for one in found] == [
        (dt.date(2027, 2, 1), 1),
        (dt.date(2027, 1, 1), 1),
    ]


def test_the_cost_is_the_owners_alone(gateway: TextGateway, client: Client) -> None:
    at_work(make_practitioner("Jonah Reyes", role="practitioner").user, client)
    assert client.get(COSTS).status_code == 404
