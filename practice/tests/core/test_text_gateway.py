"""The setting that names a gateway, the signature of its forms, and what replies ask for."""

from __future__ import annotations

import pytest

from practice.core.texts.gateway_address import GatewayAddress, gateway_at, is_signed, signature
from practice.core.texts.replies import Reply, reply_in


def test_a_number_may_be_written_with_a_plain_plus() -> None:
    found = gateway_at("https://AC1:to%2Fken@api.twilio.com?from=+13035550100")
    assert found == GatewayAddress(
        host="api.twilio.com",
        port=None,
        is_secure=True,
        account="AC1",
        token="to/ken",
        sender="+13035550100",
    )


def test_a_messaging_service_in_place_of_a_number() -> None:
    found = gateway_at("https://AC1:token@api.twilio.com?service=MG0123456789")
    assert found is not None
    assert (found.sender, found.service) == ("", "MG0123456789")


def test_nothing_is_no_gateway() -> None:
    assert gateway_at("") is None


@pytest.mark.parametrize(
    "url",
    [
        "api.twilio.com",
        "smtp://AC1:token@api.twilio.com?from=+13035550100",
        "http://AC1:token@api.twilio.com?from=+13035550100",  # the token would go in plain text
        "https://api.twilio.com?from=+13035550100",
        "https://AC1@api.twilio.com?from=+13035550100",
        "https://AC1:token@api.twilio.com",
        "https://AC1:token@api.twilio.com?from=3035550100",
        "https://AC1:token@api.twilio.com?service=XX1",
        "https://AC1:token@api.twilio.com:port?from=+13035550100",
    ],
)
def test_a_wrong_setting_is_refused_without_its_token(url: str) -> None:
    with pytest.raises(ValueError) as refusal:
        gateway_at(url)
    assert "token@" not in str(refusal.value)


def test_the_signature_is_the_one_in_the_documentation() -> None:
    """Twilio's own example: "Validating requests are coming from Twilio"."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, form.items()) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize("given", ["", "x", "ü", "RSOYDt4T1cUTdK1PDd93/VVr8B8"])
def test_another_signature_is_wrong(given: str) -> None:
    assert not is_signed("12345", "https://mycompany.com/", [], given)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("STOP", Reply.STOP),
        (" stop. ", Reply.STOP),
        ("Stop All", Reply.STOP),
        ("UNSUBSCRIBE", Reply.STOP),
        ("cancel", Reply.STOP),
        ("End", Reply.STOP),
        ("quit!", Reply.STOP),
        ("revoke", Reply.STOP),
        ("OPTOUT", Reply.STOP),
        ("¡ALTO!", Reply.STOP),
        ("parar", Reply.STOP),
        ("Baja", Reply.STOP),
        ("START", Reply.START),
        ("unstop", Reply.START),
        ("help", Reply.HELP),
        ("Ayuda", Reply.HELP),
        ("please cancel my session", None),  # as at the carriers: one word alone
        ("stop by at nine?", None),
        ("", None),
    ],
)
def test_what_a_reply_asks_for(said: str, meant: Reply | None) -> None:
    assert reply_in(said) is meant


def test_the_gateway_s_own_judgment_comes_first() -> None:
    assert reply_in("no more please", "STOP") is Reply.STOP
