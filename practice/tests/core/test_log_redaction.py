"""What a log line never shows: addresses, the values of a row, keys of links."""

from __future__ import annotations

import pytest

from practice.core.log_redaction import mask_keys, without_keys

REFUSED = (
    'psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "one_address"\n'
    "DETAIL:  Key (email)=(ann@example.com) already exists.\n\nMore of the row: knee\n\n"
    "The above exception was the direct cause of the following exception:\n\nTraceback"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("550 <ann.hale+knee@mail.example.com>: no such user", "550 <…>: no such user"),
        ("no answer from smtp://portal:secret@mail.example:587", "no answer from smtp://portal:…:587"),
        ("letters@worker-1 is ready", "letters@worker-1 is ready"),
        ("ann@example.com+ben@example.com", "…"),
        ("/look/ann@example.com/cara@example.com.", "/look/…/…."),
    ],
)
def test_addresses_are_blanked(text, shown):
    assert without_keys(text) == shown


def test_a_long_path_is_read_once():
    """Long addresses must not keep a process busy: tried from each letter, this one takes minutes."""
    word = "a." * 200_000
    assert without_keys(f"/hold/{word} from ann@example.com") == f"/hold/{word} from …"


def test_the_values_that_a_database_quotes_are_blanked_and_its_sentence_stays():
    shown = without_keys(REFUSED)

    assert shown.startswith("psycopg.errors.UniqueViolation: duplicate key value violates")
    assert shown.partition("DETAIL: ")[2].startswith("…\n\nThe above exception was the direct cause")


def test_the_ids_of_requests_and_emails_stay():
    line = {"message_id": "<3f@portal.example>", "request_id": "f" * 32}

    assert mask_keys(None, "", line | {"to": "ann@b.example"}) == line | {"to": "…"}
