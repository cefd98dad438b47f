"""Every form that takes an email address refuses, in words, what no email can be sent to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.test import Client
from django.urls import get_resolver, reverse

from practice.models import Letter
from practice.web.field_messages import validate_email_address, wrong_email

NOT_FULL = "Please enter a full email address, like ann@example.com."
NONE_GOES = "No email can be sent to this address. Please check it, or enter another one."
TOO_LONG = "This email address is too long. The longest possible one has 254 characters."


@pytest.mark.parametrize(
    "email",
    ["ann@example.com", "ann+back@bücher.example", "ann@xn--bcher-kva.example", '"ann..hale"@example.com'],
)
def test_what_can_be_emailed_is_an_address(email):
    assert wrong_email(email) == ""


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("ann.example.com", "This address is missing the @."),
        ("@example.com", "This address is missing the part before the @."),
        ("ann@example", "This address is missing the end after “example”, such as .com."),
        (
            f"{'a' * 288}@example.com",
            TOO_LONG,
        ),
        ("ann hale@example.com", NOT_FULL),
        ('"ann hale"@example.com', NOT_FULL),
        ("ann@example.com\r\nBcc: x@example.org", NOT_FULL),
        ("ann@exam\nple.com", NOT_FULL),
        ('"ann\r\nhale"@example.com', NOT_FULL),
        (
            '"ann\x01"@example.com',
            NONE_GOES,
        ),
        (
            "josé@example.com",
            "Many mail servers don’t accept these characters before the @. Please enter another address.",
        ),
        ("ann@☃.example", NONE_GOES),
        (
            f"ann@{'ü' * 60}.example",
            NONE_GOES,
        ),
    ],
)
def test_anything_else_is_refused_with_what_is_wrong(email, sentence):
    assert wrong_email(email) == sentence


def forms_made(kind: type = forms.BaseForm) -> Iterator[type]:
    """Every form of ours and of allauth's that is used here."""
    for one in kind.__subclasses__():
        yield one
        yield from forms_made(one)


def test_all_forms_judge_an_address_alike():
    assert get_resolver().url_patterns  # with these, the forms of all pages are there
    fields = [
        (one.__qualname__, name, field)
        for one in forms_made()
        for name, field in getattr(one, "base_fields", {}).items()
        if isinstance(field, forms.EmailField)
    ]
    unlike = [one for *one, field in fields if validate_email_address not in field.validators]

    assert len(fields) > 5
    assert unlike == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "field"),
    [("account_login", "login"), ("account_signup", "email"), ("account_reset_password", "email")],
)
def test_an_account_page_says_what_is_wrong_and_sends_nothing(page, field):
    answer = Client().post(reverse(page), {field: "ann@☃.example", "name": "Ann"})

    assert "No email can be sent to this address." in answer.content.decode()
    assert not Letter.objects.exists()
