"""One id goes with a request: into its log lines, the emails it causes, their delivery, and its answer."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging

import pytest
import structlog

from practice import tasks
from practice.celery import app, begin_lines, end_lines
from practice.mail.delivery import deliver
from practice.models import Letter
from practice.observability.request_id import is_well_formed
from practice.testing import make_practice, make_user
from practice.tests.accounts.signing_in import ask
from practice.tests.mail.builders import make_letter

AGES_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
THEIRS = "0123456789abcdef0123456789abcdef"


def id_of(client, path="/livez", **headers) -> str:
    return client.get(path, headers=headers)["X-Request-ID"]


def test_each_request_has_an_id_of_its_own(client):
    first, second = id_of(client), id_of(client)

    assert is_well_formed(first)
    assert is_well_formed(second)
    assert first != second


def test_an_id_is_taken_from_our_proxy_only(client, settings):
    assert id_of(client, **{"X-Request-ID": THEIRS}) != THEIRS
    settings.TRUSTED_PROXY_COUNT = 1
    assert id_of(client, **{"X-Request-ID": THEIRS}) == THEIRS


@pytest.mark.parametrize("wrong", ["", "short", THEIRS * 3, f"{THEIRS}\n", f"{THEIRS} x", "а" * 32, '"' * 32])
def test_an_id_that_is_not_well_formed_is_replaced(client, settings, wrong):
    settings.TRUSTED_PROXY_COUNT = 1
    given = id_of(client, **{"X-Request-ID": wrong})

    assert given != wrong
    assert is_well_formed(given)


def test_a_refused_request_has_one_too(client):
    assert is_well_formed(client.get("/livez", headers={"host": "elsewhere.example"})["X-Request-ID"])


@pytest.mark.django_db
def test_an_email_is_delivered_under_the_id_of_the_request_that_caused_it(client, settings, lines_of):
    settings.TRUSTED_PROXY_COUNT = 1
    make_practice()
    make_user("Ann")
    client.defaults["HTTP_X_REQUEST_ID"] = THEIRS
    ask(client)
    letter = Letter.objects.get(kind="sign_in_code")
    assert letter.request_id == THEIRS

    with lines_of() as lines:
        deliver.step()
    (line,) = [one for one in lines if one["event"] == "letter sent"]
    assert (line["request_id"], line["letter"]) == (THEIRS, letter.pk)
    assert line["message_id"] == letter.message_id


@pytest.mark.django_db
def test_the_tick_that_delivers_keeps_its_own_id_for_its_other_lines(lines_of):
    make_practice()
    make_letter(request_id=THEIRS, due_at=AGES_AGO)
    make_letter(due_at=AGES_AGO)
    begin_lines("tick-0123456789abcdef", app.tasks["practice.deliver"])
    with lines_of() as lines:
        tasks.deliver()
    end_lines()

    sent = [one["request_id"] for one in lines if one["event"] == "letter sent"]
    assert sent == [THEIRS, "tick-0123456789abcdef"]
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.django_db
def test_an_email_that_a_task_plans_names_the_task():
    begin_lines("tick-0123456789abcdef", app.tasks["practice.tidy"])
    assert structlog.contextvars.get_contextvars()["task"] == "practice.tidy"
    end_lines()


@pytest.mark.django_db
def test_every_line_of_a_request_has_its_id_djangos_own_too(client):
    formatter = logging.getLogger().handlers[0].formatter
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    try:
        answer = client.get("/nothing/?q=Ann", headers={"host": "localhost"})
    finally:
        logging.getLogger().removeHandler(handler)

    (line,) = [json.loads(one) for one in heard.getvalue().splitlines()]
    assert (line["event"], line["request_id"]) == ("Not Found: /nothing/", answer["X-Request-ID"])
    assert structlog.contextvars.get_contextvars() == {}
