"""A manifest says what was backed up; one that is cut off or changed is not taken for good."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from practice.backup.engine.manifest import (
    BadManifest,
    differing_counts,
    fingerprint,
    made_at_of,
    name_for,
    read_manifest,
)
from practice.tests.backup.samples import make_manifest


def test_what_was_written_is_read() -> None:
    assert read_manifest(make_manifest().to_json()) == make_manifest()


def test_its_size_is_told_to_people_who_look_into_it() -> None:
    assert json.loads(make_manifest().to_json())["size"] == 3000


def test_one_that_is_cut_off_anywhere_is_refused() -> None:
    whole = make_manifest().to_json()
    for length in range(len(whole)):
        with pytest.raises(BadManifest, match="cut off or damaged"):
            read_manifest(whole[:length])


def test_one_that_was_changed_is_refused() -> None:
    changed = make_manifest().to_json().replace(b'"practice_user": 3', b'"practice_user": 4')
    with pytest.raises(BadManifest, match="was changed"):
        read_manifest(changed)


def test_one_of_a_later_format_is_refused() -> None:
    with pytest.raises(BadManifest, match="format is 2"):
        read_manifest(make_manifest().to_json().replace(b'"format": 1', b'"format": 2'))


@pytest.mark.parametrize("text", [b"", b"[]", b"null", b"7", b"\xff\xfe", b"{}"])
def test_other_texts_are_refused(text: bytes) -> None:
    with pytest.raises(BadManifest):
        read_manifest(text)


def test_names_are_in_the_order_of_time_and_say_when() -> None:
    made = datetime(2027, 3, 2, 17, 7, 30, tzinfo=UTC)
    assert name_for(made) == "2027-03-02T17-07-30Z"
    assert made_at_of(name_for(made)) == made


def test_each_table_with_another_number_of_rows_is_named() -> None:
    assert differing_counts({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4, "d": 1}) == [
        "a: 0 rows instead of 1",
        "c: 4 rows instead of 3",
        "d: 1 rows instead of 0",
    ]


def test_a_fingerprint_tells_keys_apart_and_is_no_part_of_the_key() -> None:
    assert fingerprint("key-1") != fingerprint("key-2")
    assert fingerprint("key-1") == fingerprint("key-1")
    assert len(fingerprint("key-1")) == 16
