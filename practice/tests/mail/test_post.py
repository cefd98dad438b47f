"""Promising a letter: one row, with its cause or not at all, and a head nobody else can write in."""

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction

from practice.mail.kinds import KINDS
from practice.mail.post import Attachment, Recipient, post
from practice.models import Letter
from practice.testing import is_in_both_parts, make_practice, make_user
from practice.tests.mail.builders import NOON

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
ANN = Recipient("Ann Hale", "ann@example.com")


def confirm(key="a:1", to=ANN, what="Ribs & back", kind="confirmation", **options):
    return post(kind, key=key, to=to, context={"what": what}, now=NOON, **options)


class Undone(Exception):
    """What went wrong with the cause."""


@pytest.mark.django_db(transaction=True)
def test_an_email_whose_cause_is_undone_was_never_planned():
    with pytest.raises(Undone), transaction.atomic():
        confirm()
        raise Undone
    assert not Letter.objects.exists()


def test_posting_sends_nothing():
    confirm()
    assert mail.outbox == []


def test_the_same_key_gives_the_existing_email():
    first = confirm(what="Ribs")
    assert confirm(what="Something else") == first
    assert Letter.objects.get().subject == "Booked: Ribs"


def test_every_fact_is_in_both_parts_and_only_html_is_escaped():
    letter = confirm(to=Recipient("Tess & Jonah", "two@example.com"))
    assert letter.subject == "Booked: Ribs & back"
    assert "Good morning, Tess & Jonah." in letter.text
    assert "Good morning, Tess &amp; Jonah." in letter.html
    assert is_in_both_parts(letter, "You come for Ribs")


def test_markup_in_a_name_stays_words():
    assert "<b>" not in confirm(to=Recipient("<b>Ann</b>", "ann@example.com")).html


def test_the_style_sheet_is_written_into_the_elements_and_the_dark_one_kept():
    html = confirm().html
    assert 'class="para" style="' in html
    assert "prefers-color-scheme: dark" in html
    assert "<link" not in html


def test_message_ids_are_derived_from_the_key_and_lie_on_our_domain(settings):
    settings.DEFAULT_FROM_EMAIL = "hello@juniper.example"
    letter = confirm(key="appointment:1:confirmation")
    assert letter.message_id.endswith("@juniper.example>")
    assert "appointment" not in letter.message_id
    Letter.objects.all().delete()
    assert confirm(key="appointment:1:confirmation").message_id == letter.message_id
    assert confirm(key="appointment:2:confirmation").message_id != letter.message_id


def test_a_strangers_name_is_no_megaphone_in_the_head():
    letter = confirm(to=Recipient("Buy at https://evil.example/now " + "a" * 150, "ann@example.com"))
    assert letter.to_name == ("Buy at https evil.example/now " + "a" * 150)[:60]


@pytest.mark.parametrize(
    "address",
    ["", None, "no address", "a@b.example\nBcc: c@d.example", "jürgen@example.com", "a@b@c.example"],
)
def test_no_usable_address_no_email(address):
    assert confirm(to=Recipient("Ann", address)) is None
    assert not Letter.objects.exists()


def test_a_user_without_an_address_gets_no_email():
    assert confirm(to=make_user("Ann Hale", email=None)) is None


def test_an_email_to_a_user_belongs_to_that_user():
    ann = make_user("Ann Hale")
    assert confirm(to=ann).user == ann


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\u2028", "\u2029", "\x00", "\x0b", "\x85"])
def test_nobody_adds_a_line_to_the_head(sign):
    evil = f"Ann{sign}Bcc: everyone@example.com"
    letter = confirm(to=Recipient(evil, "ann@example.com"), what=evil, from_name=evil)
    for line in (letter.to_name, letter.from_name, letter.subject):
        assert sign not in line
    assert "\x00" not in letter.text + letter.html


def test_only_the_way_out_may_be_added_to_the_head():
    letter = confirm(headers={"List-Unsubscribe": "<https://juniper.example/email/x/>\nBcc: a@b.example"})
    assert letter.headers == {"List-Unsubscribe": "<https://juniper.example/email/x/> Bcc: a@b.example"}
    with pytest.raises(ValueError, match="Bcc"):
        confirm(key="other", headers={"Bcc": "a@b.example"})


def test_it_comes_from_the_practice_and_answers_go_there():
    make_practice()
    letter = confirm()
    assert (letter.from_name, letter.reply_to) == ("Juniper Street Myopractic", "hello@juniper.example")


def test_a_code_lives_ten_minutes_and_a_caller_may_say_otherwise():
    assert KINDS["sign_in_code"].lives_for == dt.timedelta(minutes=10)
    assert confirm().not_after is None
    later = NOON + dt.timedelta(days=1)
    assert confirm(key="b", due_at=NOON, not_after=later).not_after == later


def test_a_calendar_file_is_kept_as_it_was_given():
    letter = confirm(attachments=[Attachment.calendar("BEGIN:VCALENDAR\r\n", method="REQUEST")])
    assert letter.attachments == [
        {
            "filename": "invite.ics",
            "content_type": "text/calendar; method=REQUEST; charset=UTF-8",
            "content": "BEGIN:VCALENDAR\r\n",
        }
    ]


def test_an_unknown_kind_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        confirm(kind="newsletter")
