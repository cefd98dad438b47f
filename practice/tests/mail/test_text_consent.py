"""Consent to text messages: for one number, proved with a code, ended by STOP; and signed reports alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from practice.core.texts.gateway_address import signature
from practice.mail.channels.text_messages.by_text import TextMessages
from practice.mail.delivery import deliver
from practice.models import Letter, TextMessage, TextNumber, User
from practice.models.text_messages import CODE_TRIES
from practice.security.limits import TooMany
from practice.testing import make_practice, make_user
from practice.tests.mail.text_gateway import TOKEN, TextGateway, text_gateway
from practice.texting.actions.consent import confirm, enter_number, send_code_again, set_way, withdraw

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
ANNS, OTHER = "+13035550142", "+13035550143"
INCOMING = "/text-messages/incoming/"


@pytest.fixture(autouse=True)
def gateway(settings: Settings) -> Iterator[TextGateway]:
    """The gateway that the setting names, and a practice."""
    make_practice()
    with text_gateway() as found:
        settings.TEXT_MESSAGES_URL = found.url
        yield found


def code_in(gateway: TextGateway) -> str:
    """The code in the last text, which is sent first."""
    deliver.drain()
    found = re.search(r"\b\d{6}\b", gateway.taken[-1]["body"])
    assert found
    return found[0]


def entered(user: User, number: str = ANNS, *, way: str = "text", now: dt.datetime | None = None) -> None:
    enter_number(user, number, way=way, text="I agree.", now=now or timezone.now())


def confirmed(user: User, gateway: TextGateway, number: str = ANNS) -> TextNumber:
    entered(user, number)
    found = confirm(user, code_in(gateway), now=timezone.now())
    assert found is not None
    return found


def test_the_code_goes_to_that_number_and_proves_it(gateway: TextGateway) -> None:
    ann, now = make_user("Ann Hale"), timezone.now()
    entered(ann, now=now)
    assert not TextNumber.objects.reachable().exists()
    code = code_in(gateway)
    assert [one["to"] for one in gateway.taken] == [ANNS]
    found = confirm(ann, f" {code[:3]} {code[3:]} ", now=now)
    assert found is not None
    assert (found.number, found.text, found.given_at) == (ANNS, "I agree.", now)
    assert TextNumber.objects.reachable().get() == found


def test_the_code_is_kept_nowhere(gateway: TextGateway) -> None:
    entered(make_user("Ann Hale"))
    code = code_in(gateway)
    letter = Letter.objects.get()
    letter.open_words()
    assert (letter.state, letter.text) == (Letter.State.SENT, "")
    assert code not in TextNumber.objects.get().code


def test_a_code_lives_ten_minutes_and_bears_five_tries(gateway: TextGateway) -> None:
    ann, now = make_user("Ann Hale"), timezone.now()
    entered(ann, now=now)
    code = code_in(gateway)
    assert confirm(ann, code, now=now + dt.timedelta(minutes=10)) is None
    for _ in range(CODE_TRIES):
        assert confirm(ann, "000000" if code != "000000" else "000001", now=now) is None
    assert confirm(ann, code, now=now) is None
    assert send_code_again(ann, now=now + dt.timedelta(microseconds=1))
    assert confirm(ann, code_in(gateway), now=now)


def test_another_number_is_another_consent(gateway: TextGateway) -> None:
    ann = make_user("Ann Hale")
    first = confirmed(ann, gateway)
    entered(ann, OTHER)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert not TextNumber.objects.reachable().exists()  # until that number's code was typed


def test_the_same_number_again_needs_no_code(gateway: TextGateway) -> None:
    ann = make_user("Ann Hale")
    confirmed(ann, gateway)
    entered(ann, way="both")
    assert [one.way for one in TextNumber.objects.reachable()] == ["both"]
    assert Letter.objects.count() == 1


def test_one_person_s_code_confirms_no_other_s_number(gateway: TextGateway) -> None:
    ann, ben = make_user("Ann Hale"), make_user("Ben Ortiz")
    entered(ann)
    code = code_in(gateway)
    entered(ben, OTHER)
    assert confirm(ben, code, now=timezone.now()) is None


def test_codes_are_limited_by_person_and_by_number(settings: Settings) -> None:
    settings.RATE_LIMITS = True
    ann, ben = make_user("Ann Hale"), make_user("Ben Ortiz")
    for _ in range(5):
        entered(ann)
    with pytest.raises(TooMany):
        entered(ann, OTHER)
    with pytest.raises(TooMany):
        entered(ben)
    assert TextNumber.objects.get().number == ANNS  # what was refused changed nothing


def test_withdrawn_is_withdrawn(gateway: TextGateway) -> None:
    ann = make_user("Ann Hale")
    confirmed(ann, gateway)
    withdraw(ann, now=timezone.now())
    set_way(ann, "both")
    assert not TextNumber.objects.reachable().exists()
    assert TextNumber.objects.get().withdrawn_at is not None  # that it was given stays on record


def signed(client: Client, path: str, settings: Settings, *, token: str = TOKEN, **form: str) -> int:
    """The answer's status to a form that the gateway sends."""
    mark = signature(token, settings.SITE_URL + path, form.items())
    answer = client.post(path, form, headers={"X-Twilio-Signature": mark})
    return answer.status_code


@pytest.mark.parametrize("word", ["STOP", "Unsubscribe", "alto"])
def test_stop_ends_all_texts_to_that_number(
    gateway: TextGateway, client: Client, settings: Settings, word: str
) -> None:
    ann, ben = make_user("Ann Hale"), make_user("Ben Ortiz")
    confirmed(ann, gateway)
    confirmed(ben, gateway)  # a couple with one phone
    assert signed(client, INCOMING, settings, From=ANNS, Body=word) == 200
    assert not TextNumber.objects.reachable().exists()
    assert signed(client, INCOMING, settings, From=ANNS, Body="START") == 200
    assert TextNumber.objects.reachable().count() == 2


def test_of_two_with_one_phone_the_one_who_confirms_it_again_gets_texts_again(gateway: TextGateway) -> None:
    ann, ben = make_user("Ann Hale"), make_user("Ben Ortiz")
    confirmed(ann, gateway)
    TextNumber.objects.update(stopped_at=timezone.now(), stopped_why="reply")
    TextNumber.objects.create(user=ben, number=ANNS, given_at=timezone.now())
    texts = TextMessages()
    assert texts.is_blocked(ANNS) is None
    assert (texts.recipient(ann).address, texts.recipient(ben).address) == ("", ANNS)


@pytest.mark.parametrize("word", ["HELP", "see you at nine", ""])
def test_another_reply_changes_nothing_and_is_not_answered(
    gateway: TextGateway, client: Client, settings: Settings, word: str
) -> None:
    confirmed(make_user("Ann Hale"), gateway)
    mark = signature(TOKEN, settings.SITE_URL + INCOMING, [("From", ANNS), ("Body", word)])
    answer = client.post(INCOMING, {"From": ANNS, "Body": word}, headers={"X-Twilio-Signature": mark})
    assert answer.content.decode().endswith("<Response/>")
    assert TextNumber.objects.reachable().exists()


def test_a_reply_from_a_stranger_is_taken_and_forgotten(client: Client, settings: Settings) -> None:
    assert signed(client, INCOMING, settings, From="+13035550199", Body="STOP") == 200


def test_start_does_not_bring_back_a_number_where_nothing_arrives(
    gateway: TextGateway, client: Client, settings: Settings
) -> None:
    confirmed(make_user("Ann Hale"), gateway)
    TextNumber.objects.update(stopped_at=timezone.now(), stopped_why="dead")
    signed(client, INCOMING, settings, From=ANNS, Body="START")
    assert not TextNumber.objects.reachable().exists()


def test_an_unsigned_form_finds_no_page_and_changes_nothing(
    gateway: TextGateway, client: Client, settings: Settings
) -> None:
    confirmed(make_user("Ann Hale"), gateway)
    assert signed(client, INCOMING, settings, token="another", From=ANNS, Body="STOP") == 404
    assert client.post(INCOMING, {"From": ANNS, "Body": "STOP"}).status_code == 404
    settings.TEXT_MESSAGES_URL = ""
    assert signed(client, INCOMING, settings, From=ANNS, Body="STOP") == 404
    assert TextNumber.objects.reachable().exists()


def test_a_signed_report_is_noted_and_repeated_without_harm(
    gateway: TextGateway, client: Client, settings: Settings
) -> None:
    entered(make_user("Ann Hale"))
    deliver.drain()
    path, sid = f"/text-messages/status/{Letter.objects.get().message_id}/", gateway.taken[0]["sid"]
    for said in ("sent", "delivered", "delivered", "sent"):
        assert signed(client, path, settings, MessageSid=sid, MessageStatus=said) == 204
    assert TextMessage.objects.get().status == "delivered"
    unknown = "/text-messages/status/text-unknown/"
    assert signed(client, unknown, settings, MessageSid="SM1", MessageStatus="sent") == 204
