"""Each refusal is one line: what, which row, who by number, where from as a hash; nothing they typed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from booking.links import appointment_token
from booking.testing import make_appointment, make_session_type
from practice.models import User
from practice.observability import requests
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.django_db


def refusals(lines) -> list[tuple]:
    said = [line for line in lines if line["event"] == "refused"]
    return [(line["status"], line["route"], line["row"], line["who"]) for line in said]


@pytest.fixture
def zoe(client) -> User:
    make_practice()
    person = make_user("Zoe")
    client.force_login(person)
    return person


def test_a_stranger_on_a_page_of_the_practice_is_named_by_number(client, zoe, lines_of):
    letter = make_letter()
    with lines_of() as lines:
        answer = client.get(f"/workspace/letters/{letter.pk}/?q=ann@example.com")

    assert refusals(lines) == [(404, "workspace_letter", str(letter.pk), zoe.pk)]
    assert lines[-1]["request_id"] == answer["X-Request-ID"]
    assert len(lines[-1]["place"]) == 32
    assert "example.com" not in str(lines[-1])


def test_a_wrong_key_is_a_line_and_the_key_is_not_in_it(client, lines_of):
    make_practice()
    tess = make_practitioner()
    made = make_appointment(
        start=timezone.now(), session_type=make_session_type(tess), practitioner=tess, client=make_user("Ann")
    )
    token = appointment_token(made)[:-1] + "x"
    with lines_of() as lines:
        client.get(f"/appointments/{token}/")

    assert refusals(lines) == [(404, "appointment", None, None)]
    assert token not in str(lines[-1])


def test_what_is_not_there_for_anybody_is_none(client, zoe, lines_of):
    with lines_of() as lines:
        client.get("/nothing/")
        client.get("/articles/never-written/")

    assert refusals(lines) == []


def test_a_refusal_by_role_is_one(lines_of):
    make_practice()
    jonah = make_practitioner("Jonah Reyes", role="practitioner").user
    with lines_of() as lines:
        at_work(jonah).get("/backoffice/admin/logentry/")

    assert refusals(lines) == [(403, "admin:admin_logentry_changelist", None, jonah.pk)]


def test_a_form_without_its_token_is_two_lines_that_do_not_repeat_what_it_said(lines_of):
    make_practice()
    browser = Client(enforce_csrf_checks=True)
    with lines_of() as lines:
        browser.post(
            "/accounts/login/", {"login": "ann@example.com"}, headers={"origin": "https://kanarie.example"}
        )

    assert [line["why"] for line in lines if line["event"] == "form refused"] == ["Origin checking failed"]
    assert refusals(lines) == [(403, "account_login", None, None)]
    assert "kanarie" not in str(lines)
    assert "example.com" not in str(lines)


def test_too_many_tries_are_one(client, lines_of, settings):
    make_practice()
    with lines_of() as lines:
        for _ in range(40):
            client.post("/accounts/login/", {"login": "zoe@example.com", "password": "never right"})

    assert set(refusals(lines)) == {(429, "account_login", None, None)}


def test_a_webhook_with_a_wrong_signature_is_a_warning(client, lines_of, settings):
    settings.TEXT_MESSAGES_URL = "https://AC1:token@texts.example?from=+13035550100"
    with lines_of() as lines:
        client.post("/text-messages/incoming/", {"From": "+13035550199", "Body": "kanarie"})

    assert [(line["by"], line["log_level"]) for line in lines if line["event"] == "wrong signature"] == [
        ("text messages", "warning")
    ]
    assert "kanarie" not in str(lines)
    assert "3035550199" not in str(lines)


def test_the_log_asks_the_database_nothing(rf, django_assert_num_queries):
    request = rf.get("/")
    request.resolver_match = None
    request.user = User(pk=7)
    with django_assert_num_queries(0):
        requests.log_refusal(request, 403)
