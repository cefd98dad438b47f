"""What a client notices rests encrypted; one thing practised an entry; segments are only appended."""

import datetime as dt

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from portal.models import PracticeEntry, Segment
from portal.testing import make_lesson
from practice.security.crypto import Unreadable
from practice.testing import make_user

NOW = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
HEALTH = ("lying_before", "lying_after", "noticing", "pain_before", "pain_after", "felt")
MARKS = {name: f"canary-{name}-ä" for name in HEALTH}

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def entry(db):
    return PracticeEntry.objects.create(client=make_user("Ann"), lesson=make_lesson(), since=NOW, **MARKS)


def at_rest(entry):
    """The row as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(HEALTH)} FROM portal_practiceentry WHERE id = %s", [entry.pk])
        return dict(zip(HEALTH, cursor.fetchone()))


def test_what_was_noticed_comes_back(entry):
    again = PracticeEntry.objects.get()
    assert {name: getattr(again, name) for name in HEALTH} == MARKS
    assert dict(PracticeEntry.objects.values(*HEALTH)[0]) == MARKS


def test_the_database_holds_no_plain_word_of_it(entry):
    kept = at_rest(entry)
    assert not [name for name in HEALTH if "canary" in kept[name] or not kept[name].startswith("gAAAA")]


def test_nor_after_a_change_of_many_rows_at_once(entry):
    PracticeEntry.objects.update(noticing="canary again")
    assert "canary" not in at_rest(entry)["noticing"]
    assert PracticeEntry.objects.get().noticing == "canary again"


def test_the_same_words_look_different_each_time(entry):
    before = at_rest(entry)["noticing"]
    entry.save(update_fields=["noticing"])
    assert at_rest(entry)["noticing"] != before


def test_nothing_said_stays_nothing(entry):
    PracticeEntry.objects.update(pain_before=None, noticing="")
    kept, again = at_rest(entry), PracticeEntry.objects.get()
    assert (kept["pain_before"], kept["noticing"]) == (None, "")
    assert (again.pain_before, again.noticing) == (None, "")
    assert PracticeEntry.objects.filter(pain_before__isnull=True).count() == 1


def test_an_old_key_still_reads_and_a_lost_one_says_so(entry, settings):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert PracticeEntry.objects.get().noticing == MARKS["noticing"]
    settings.FIELD_KEYS = [new]
    with pytest.raises(Unreadable):
        PracticeEntry.objects.get()


@pytest.mark.parametrize("lookup", ["noticing", "noticing__contains", "pain_after__gte", "noticing__in"])
def test_nobody_can_search_in_it_by_mistake(lookup):
    with pytest.raises(FieldError):
        PracticeEntry.objects.filter(**{lookup: "7"}).exists()


def test_an_entry_names_itself_by_its_number_only(entry):
    assert str(entry) == f"practice entry {entry.pk}"


def test_an_entry_is_of_a_lesson_or_of_an_exercise(entry):
    with pytest.raises(IntegrityError, match="a_lesson_or_an_exercise"), transaction.atomic():
        PracticeEntry.objects.create(client=entry.client, since=NOW)


def test_a_number_is_given_once(entry):
    def heard():
        return Segment.objects.create(
            entry=entry, seq=1, start_ms=0, end_ms=9, began_at=NOW, ended_at=NOW, received_at=NOW
        )

    heard()
    with pytest.raises(IntegrityError), transaction.atomic():
        heard()
