"""A restore is refused with a sentence that says what to do."""

from __future__ import annotations

import pytest

from practice.backup.engine.manifest import KeyPrints
from practice.backup.engine.refusals import SPARE, Disk, Place, refusals
from practice.tests.backup.samples import KEYS, make_manifest, make_place


def test_what_fits_is_not_refused() -> None:
    assert refusals(make_manifest(), make_place()) == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (make_place(engine="postgresql"), ["backup is of SQLite", "DATABASE_URL=sqlite:"]),
        (
            make_place(migrations={"practice": {"0001_initial"}, "booking": {"0001_initial"}}),
            ["newer version of the portal (1.2, commit 0123456789ab)", "practice 0002_more"],
        ),
        (
            make_place(keys=KeyPrints("secret-1", ("field-3", "field-2"))),
            ["FIELD_KEYS", "field-2, field-1;", "here: field-3, field-2", "/srv/var-keys"],
        ),
        (
            make_place(keys=KeyPrints("secret-9", KEYS.field_keys)),
            ["SECRET_KEY", "Needed: secret-1", "here: secret-9", "--new-secret-key"],
        ),
        (make_place(tables=("a", "b")), ["/srv/var/portal.sqlite3 is not empty", "2 tables"]),
        (make_place(strange_files=("lessons/x.m4a",)), ["/srv/var/media", "lessons/x.m4a (1 in all)"]),
        (
            make_place(disks=(Disk("/srv/var", 200_000_000, 200_000_000),)),
            ["not enough space on the disk of /srv/var", "250 MB are needed, 200 MB are free"],
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(place: Place, words: list[str]) -> None:
    (found,) = refusals(make_manifest(), place)
    assert [word for word in words if word not in found] == []


def test_all_reasons_are_told_at_once() -> None:
    place = make_place(engine="postgresql", keys=KeyPrints("secret-9", ("field-9",)), tables=("a",))
    assert len(refusals(make_manifest(), place)) == 4


def test_keys_that_were_added_since_do_no_harm() -> None:
    place = make_place(keys=KeyPrints("secret-1", ("field-3", *KEYS.field_keys)))
    assert refusals(make_manifest(), place) == []


def test_a_lost_secret_key_can_be_done_without_and_lost_field_keys_cannot() -> None:
    lost = make_place(keys=KeyPrints("secret-9", KEYS.field_keys))
    assert refusals(make_manifest(), lost, new_secret_key=True) == []
    both = make_place(keys=KeyPrints("secret-9", ("field-9",)))
    assert len(refusals(make_manifest(), both, new_secret_key=True)) == 1


def test_a_disk_that_just_fits_is_taken() -> None:
    assert refusals(make_manifest(), make_place(disks=(Disk("/srv", 1000, 1000 + SPARE),))) == []


def test_an_app_that_was_taken_out_since_is_no_reason() -> None:
    manifest = make_manifest(migrations={"old_app": "0001_initial", "practice": "0001_initial"})
    assert refusals(manifest, make_place()) == []
