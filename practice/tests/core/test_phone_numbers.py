"""A phone number is read as people type it, kept in one form, and shown as it is written here."""

from __future__ import annotations

import importlib

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from practice.core.locales import phone_numbers
from practice.models import Practice, User
from practice.models.phone import PhoneNumber, number_of
from practice.testing import make_practice, make_user


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("303 555 0142", "+13035550142"),
        ("(720) 555-0100", "+17205550100"),
        ("1-303-555-0142", "+13035550142"),
        ("303 555 0142 x12", "+13035550142;ext=12"),
        ("303 555 0142 ext. 12", "+13035550142;ext=12"),
        ("+13035550142;ext=12", "+13035550142;ext=12"),
        ("+49 30 901820", "+4930901820"),
        ("999 999 9999", "+19999999999"),  # nobody has this area code yet
    ],
)
def test_a_number_is_kept_in_one_form(typed, kept):
    assert phone_numbers.read(typed, region="US") == kept
    assert phone_numbers.read(kept, region="DE") == kept


@pytest.mark.parametrize(
    "typed",
    ["11111", "1", "999 999", "555 0142", "911", "303 555 01422", "call me", "303 555 0101 or 0102", ""],
)
def test_what_nobody_could_dial_from_elsewhere_is_no_number(typed):
    assert phone_numbers.read(typed, region="US") == ""
    assert phone_numbers.kept(typed, region="US") == typed
    assert phone_numbers.shown(typed, region="US") == typed


@pytest.mark.parametrize(
    ("kept", "region", "shown"),
    [
        ("+13035550142", "US", "303 555 0142"),
        ("+13035550142;ext=12", "US", "303 555 0142 ext. 12"),
        ("+13035550142", "DE", "+1 303 555 0142"),
        ("+4930901820", "DE", "030 901820"),
        ("+4930901820", "US", "+49 30 901820"),
        ("+19999999999", "US", "999 999 9999"),
    ],
)
def test_it_is_shown_as_its_country_writes_it_and_elsewhere_with_the_prefix(kept, region, shown):
    assert phone_numbers.shown(kept, region=region) == shown
    assert phone_numbers.read(shown, region=region) == kept


@pytest.mark.parametrize(
    ("zone", "locale", "region"),
    [
        ("America/Denver", "en-us", "US"),
        ("Europe/Berlin", "en-us", "DE"),  # the clock says where a practice is
        ("Europe/London", "en-gb", "GB"),
        ("UTC", "en-gb", "GB"),
        ("UTC", "en", "US"),
    ],
)
def test_the_country_of_a_practice_is_that_of_its_clock_else_of_its_language(zone, locale, region):
    assert phone_numbers.region_of(zone, locale) == region


def test_the_link_dials_the_extension():
    assert phone_numbers.link("303 555 0142 x12", region="US") == "tel:+13035550142;ext=12"
    assert phone_numbers.link("ask at 12", region="US") == "tel:12"


def test_a_value_tells_extensions_apart_and_is_equal_however_it_is_written():
    assert number_of("303 555 0142") == "+1 (303) 555-0142"
    assert number_of("303 555 0142 x12") != number_of("303 555 0142 x13")
    assert hash(number_of("303 555 0142")) == hash(number_of("+13035550142"))
    assert isinstance(number_of("11111"), PhoneNumber)
    assert not number_of("11111").is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["303 555 0142 x12", "999 999 9999", "ask at the desk", ""])
def test_a_row_gives_back_what_it_got(phone):
    ann = make_user("Ann Lee", phone=phone)
    found = User.objects.get(pk=ann.pk)
    assert str(found.phone) == phone_numbers.kept(phone, region="US")
    found.save()
    assert User.objects.get(pk=ann.pk).phone == found.phone


def apps_before(*migrations: tuple[str, str]):
    """The models as they were after these migrations: the column held a text."""
    return MigrationExecutor(connection).loader.project_state(list(migrations)).apps


BEFORE_AND_AFTER = [
    ("303 555 0142", "America/Denver", "+13035550142"),
    ("030 901820", "Europe/Berlin", "+4930901820"),
    ("303 555 0142 or 720 555 0100", "America/Denver", "303 555 0142 or 720 555 0100"),
    ("11111", "America/Denver", "11111"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "zone", "after"), BEFORE_AND_AFTER)
def test_the_migration_reads_what_is_a_number_and_keeps_what_is_none(before, zone, after):
    practice = make_practice(zone=zone)
    earlier = apps_before(("practice", "0019_plain_labels"))
    earlier.get_model("practice", "Practice").objects.update(phone=before)
    importlib.import_module("practice.migrations.0024_read_phone_number").read_number(earlier, None)
    found = Practice.objects.get(pk=practice.pk)
    assert str(found.phone) == after
    assert found.phone_shown == before
