"""Emails between sessions: asked for, refused, and asked for again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import resolve
from django.utils import timezone

from practice.consents.actions.letter_preferences import agree_to_letters, decline_letters
from practice.core.reasons import as_written
from practice.mail.composing.headers import allowed
from practice.mail.post import post
from practice.mail.unsubscribe import email_token, read_token, unsubscribe_headers, unsubscribe_url
from practice.models import Consent, Letter, User
from practice.queries import has_declined_letters, wants_letters
from practice.testing import make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
WHY = "They asked for no more."


@pytest.fixture
def ann() -> User:
    return make_user("Ann Lee")


def waiting(user: User, key: str = "one", **fields: object) -> Letter:
    """A letter between sessions that is due tomorrow."""
    letter = Letter.objects.create(
        **{
            "key": key,
            "message_id": f"<{key}@juniper.example>",
            "kind": "follow_up",
            "category": Letter.Category.ENCOURAGEMENT,
            "user": user,
            "to_address": "ann@example.com",
            "subject": "A word",
            "text": "A word",
            "due_at": NOW + dt.timedelta(days=1),
            **fields,
        }
    )
    return letter


def test_nobody_wants_emails_who_was_never_asked(ann: User) -> None:
    assert (wants_letters(ann), has_declined_letters(ann)) == (False, False)


def test_what_was_agreed_to_is_kept_word_for_word_and_once(ann: User) -> None:
    first = agree_to_letters(ann, now=NOW)
    again = agree_to_letters(ann, now=NOW + dt.timedelta(days=1))
    assert (again, first.given_at, first.version) == (first, NOW, 2)
    assert "email" in first.text
    assert wants_letters(ann)


def test_declining_calls_off_what_waits_with_a_sentence(ann: User) -> None:
    agree_to_letters(ann, now=NOW)
    letter = waiting(ann)
    assert decline_letters(ann, now=NOW, why=WHY) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == (Letter.State.CANCELLED, WHY)
    assert (wants_letters(ann), has_declined_letters(ann)) == (False, True)


@pytest.mark.parametrize("state", [state for state in Letter.State if state != Letter.State.PLANNED])
def test_declining_leaves_alone_what_does_not_wait(ann: User, state: str) -> None:
    letter = waiting(ann, state=state, why=as_written("As it was."))
    decline_letters(ann, now=NOW, why=WHY)
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == (state, "As it was.")


@pytest.mark.parametrize(
    "category", [each for each in Letter.Category if each != Letter.Category.ENCOURAGEMENT]
)
def test_declining_leaves_emails_of_other_categories(ann: User, category: str) -> None:
    letter = waiting(ann, category=category)
    decline_letters(ann, now=NOW, why=WHY)
    letter.refresh_from_db()
    assert letter.state == Letter.State.PLANNED


def test_declining_leaves_the_emails_of_others(ann: User) -> None:
    letter = waiting(make_user("Ben Ode"))
    decline_letters(ann, now=NOW, why=WHY)
    letter.refresh_from_db()
    assert letter.state == Letter.State.PLANNED


def test_declining_twice_keeps_the_first_time(ann: User) -> None:
    agree_to_letters(ann, now=NOW)
    decline_letters(ann, now=NOW, why=WHY)
    decline_letters(ann, now=NOW + dt.timedelta(days=3), why=WHY)
    assert Consent.objects.get(user=ann).withdrawn_at == NOW


def test_a_no_before_any_question_is_remembered(ann: User) -> None:
    decline_letters(ann, now=NOW, why=WHY)
    assert has_declined_letters(ann)


def test_agreeing_again_is_a_row_of_its_own(ann: User) -> None:
    agree_to_letters(ann, now=NOW)
    decline_letters(ann, now=NOW, why=WHY)
    agree_to_letters(ann, now=NOW + dt.timedelta(days=3))
    assert (wants_letters(ann), has_declined_letters(ann)) == (True, False)
    assert Consent.objects.filter(user=ann).count() == 2


def test_sign_in_emails_go_whatever_is_declined(ann: User) -> None:
    decline_letters(ann, now=NOW, why=WHY)
    letter = post("sign_in_code", key="code", to=ann, context={"code": "BCDF-GHJK"}, now=timezone.now())
    decline_letters(ann, now=NOW, why=WHY)
    assert letter is not None
    letter.refresh_from_db()
    assert letter.state == Letter.State.PLANNED


def test_a_token_names_its_user_and_says_no_more(ann: User) -> None:
    token = email_token(ann)
    assert read_token(token) == ann.pk
    assert token.partition(".")[0] == str(ann.pk)


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "9" + t, lambda t: t + "A", lambda t: t * 3])
def test_a_spoilt_token_names_nobody(ann: User, spoil: object) -> None:
    assert read_token(spoil(email_token(ann))) is None  # type: ignore[operator]


@pytest.mark.parametrize("token", ["", ".", "1", "1.", "١.x", "a" * 100_000, "1.\u2028", "-1.x"])
def test_a_made_up_token_names_nobody(token: str) -> None:
    assert read_token(token) is None


def test_the_head_of_an_email_offers_one_click(ann: User) -> None:
    headers = allowed(unsubscribe_headers(ann))
    assert headers["List-Unsubscribe"] == f"<{unsubscribe_url(ann)}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(f"List-Unsubscribe: {headers['List-Unsubscribe']}") < 200
    assert resolve(f"/email/{email_token(ann)}/").view_name == "email_wishes"
