"""`manage.py check_mail` says what SPF, DKIM and DMARC lack, asking a real DNS server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from practice.sender_domain.dkim_record import check_dkim
from practice.sender_domain.dmarc import check_dmarc
from practice.sender_domain.finding import Finding
from practice.sender_domain.spf import check_spf
from practice.sender_domain.wording import in_one_sentence
from practice.tests.sender_domain.dns_server import dns_server
from practice.tests.sender_domain.keys import private_key, public_record

pytestmark = pytest.mark.django_db
SPF = "v=spf1 include:spf.relay.example ~all"
GOOD = {
    "juniper.example": ["google-site-verification=x", SPF],
    "spf.relay.example": ["v=spf1 ip4:192.0.2.0/24 -all"],
    "portal._domainkey.juniper.example": [public_record()],
    "_dmarc.juniper.example": ["v=DMARC1; p=quarantine; rua=mailto:dmarc@juniper.example"],
}
NAME = "portal._domainkey.juniper.example"


def answers(records: Mapping[str, list[str]]) -> Callable[[str], list[str]]:
    return lambda name: records.get(name, [])


def checked(records: Mapping[str, list[str]], *words: str, broken: tuple[str, ...] = ()) -> tuple[str, str]:
    """What the command prints, and how it ends."""
    said = StringIO()
    with dns_server(records, broken) as server:
        try:
            call_command("check_mail", *words, "--server", server.address, stdout=said)
        except CommandError as error:
            return said.getvalue(), str(error)
    return said.getvalue(), ""


def test_a_sound_domain_gets_one_line_for_each():
    said, ended = checked(GOOD, "juniper.example", "--selector", "portal")

    assert ended == ""
    assert said.splitlines() == [
        f"ok     SPF is there: {SPF}",
        f"ok     The DKIM key is there: {NAME}, RSA, 2048 bits.",
        "ok     DMARC is there: _dmarc.juniper.example, policy quarantine.",
        "ok     No email leaves this machine, so none can get lost.",
    ]


def test_it_says_whether_emails_arrive(settings):
    settings.EMAIL_URL = "smtp://mail.example"
    said, _ended = checked(GOOD, "juniper.example", "--selector", "portal")

    assert said.splitlines()[-1].startswith(
        "note   If a provider took our emails and lost them, nothing here would notice. The person who runs"
    )


def test_a_bare_domain_is_told_each_record_to_add():
    said, ended = checked({}, "juniper.example", "--selector", "portal")

    assert ended == "Something is lacking."
    assert said.count("Add this TXT record:") == 3
    assert f'{NAME}  "v=DKIM1; k=rsa; p={{the public key}}"' in said
    assert '_dmarc.juniper.example  "v=DMARC1; p=none"' in said


def test_without_a_selector_it_asks_for_one():
    assert "--selector NAME" in checked(GOOD, "juniper.example")[0]


def test_our_own_selector_is_checked_against_our_own_key(settings):
    settings.DKIM_SELECTOR, settings.DKIM_KEY = "portal", private_key(1024)

    said, _ = checked(GOOD, "juniper.example")
    assert "is not the one of DKIM_KEY_FILE" in said
    assert public_record(1024) in said


def test_an_international_domain_is_asked_for_in_its_ascii_form():
    records = {name.replace("juniper", "xn--bcher-kva"): texts for name, texts in GOOD.items()}

    assert checked(records, "Bücher.example.", "--selector", "portal")[1] == ""


@pytest.mark.parametrize(
    "domain", ["", "localhost", "☃.example", "a b.example", "x\r\ny.example", "a" * 300, "ü-.example"]
)
def test_what_is_no_domain_is_refused(domain):
    with pytest.raises(CommandError, match="is no domain"):
        call_command("check_mail", domain)


def test_a_silent_dns_is_not_a_missing_record():
    said, ended = checked(GOOD, "juniper.example", "--selector", "portal", broken=("juniper.example",))

    assert said.startswith("lacks  The DNS gives no answer")
    assert "There is no" not in said
    assert ended


def codes(found: list[Finding]) -> list[str]:
    assert all(in_one_sentence(one) for one in found)
    return [one.code for one in found]


MANY = {f"{number}.example": ["v=spf1 a mx ~all"] for number in range(4)}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ["spf_missing"]),
        (["v=spf10 -all", "spf1"], ["spf_missing"]),
        (["v=spf1 mx -all"], ["spf_fine"]),
        (["V=SPF1 MX -ALL"], ["spf_fine"]),
        (["v=spf1 mx -all", "v=spf1 a -all"], ["spf_several"]),
        (["v=spf1 mx +all"], ["spf_allows_all"]),
        (["v=spf1 mx all"], ["spf_allows_all"]),
        (["v=spf1 mx ?all"], ["spf_allows_all"]),
        (["v=spf1 mx"], ["spf_no_end"]),
        (["v=spf1 -all"], ["spf_allows_none"]),
        (["v=spf1"], ["spf_no_end", "spf_allows_none"]),
        (["v=spf1 redirect=0.example"], ["spf_fine"]),
        (["v=spf1 ipv4:192.0.2.1 mx -all"], ["spf_unreadable"]),
        (["v=spf1 mx unknown=modifier -all"], ["spf_fine"]),
        (["v=spf1 ptr -all"], ["spf_ptr"]),
        (["v=spf1 include:nowhere.example -all"], ["spf_include_broken"]),
        (["v=spf1 include:0.example include:1.example include:2.example mx -all"], ["spf_fine"]),
        (["v=spf1 include:0.example include:1.example include:2.example mx a -all"], ["spf_too_many"]),
        (["v=spf1 include:juniper.example -all"], ["spf_too_many"]),  # itself, without an end
    ],
)
def test_spf(texts, expected):
    assert codes(check_spf("juniper.example", answers({"juniper.example": texts, **MANY}))) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ["dkim_missing"]),
        ([public_record(), public_record()], ["dkim_several"]),
        ([public_record().replace("p=", "p= ")], ["dkim_fine"]),
        ([public_record().removeprefix("v=DKIM1; ")], ["dkim_fine"]),
        ([public_record(1024)], ["dkim_short"]),
        (["v=DKIM1; p="], ["dkim_revoked"]),
        (["v=DKIM1; k=rsa"], ["dkim_unreadable"]),
        (["v=DKIM1; p=nonsense"], ["dkim_unreadable"]),
        (["v=DKIM2; p=AAAA"], ["dkim_unreadable"]),
        (["nothing of the kind"], ["dkim_unreadable"]),
        (["v=DKIM1; k=ed25519; p=" + "A" * 43 + "="], ["dkim_fine_ed25519"]),
        (["v=DKIM1; k=ed25519; p=AAAA"], ["dkim_unreadable"]),
        ([public_record() + "; t=y:s"], ["dkim_fine", "dkim_testing"]),
    ],
)
def test_dkim(texts, expected):
    assert codes(check_dkim("juniper.example", "portal", answers({NAME: texts}))) == expected


def test_a_key_of_512_bits_is_too_short():
    short = (
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4"
        "p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="
    )
    records = {NAME: [f"v=DKIM1; p={short}"]}

    assert codes(check_dkim("juniper.example", "portal", answers(records))) == ["dkim_too_short"]


@pytest.mark.parametrize(
    ("record", "bounces", "expected"),
    [
        ("", "", ["dmarc_missing"]),
        ("v=DMARC2; p=none", "", ["dmarc_missing"]),
        ("v=DMARC1", "", ["dmarc_no_policy"]),
        ("v=DMARC1; p=maybe", "", ["dmarc_no_policy"]),
        ("v=DMARC1; p=none", "", ["dmarc_only_watches"]),
        ("v=DMARC1; p=reject; pct=10", "", ["dmarc_share"]),
        ("v=DMARC1;p=reject", "", ["dmarc_fine"]),
        ("v=DMARC1; p=reject", "bounces.juniper.example", ["dmarc_fine"]),
        ("v=DMARC1; p=reject; aspf=s", "bounces.juniper.example", ["dmarc_not_aligned"]),
        ("v=DMARC1; p=reject", "relay.example", ["dmarc_not_aligned"]),
    ],
)
def test_dmarc(record, bounces, expected):
    lookup = answers({"_dmarc.juniper.example": [record]})

    assert codes(check_dmarc("juniper.example", lookup, bounce_domain=bounces)) == expected


@pytest.mark.parametrize(("tag", "expected"), [("", ["dmarc_fine"]), ("; sp=none", ["dmarc_only_watches"])])
def test_a_domain_below_takes_the_policy_of_the_one_above(tag, expected):
    lookup = answers({"_dmarc.juniper.example": [f"v=DMARC1; p=reject{tag}"]})

    assert codes(check_dmarc("mail.juniper.example", lookup)) == expected


def test_two_dmarc_records_count_as_none():
    lookup = answers({"_dmarc.juniper.example": ["v=DMARC1; p=reject", "v=DMARC1; p=none"]})

    assert codes(check_dmarc("juniper.example", lookup)) == ["dmarc_several"]
