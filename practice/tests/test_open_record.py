"""Who opened whose record is written down once an hour, and one's own never."""

from __future__ import annotations

import datetime as dt

import pytest

from practice.access.actions.open_record import opened
from practice.models import AccessLog, User
from practice.testing import make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
NOTE = "note of a session"


@pytest.fixture
def tess() -> User:
    return make_user("Tess", role=User.Role.OWNER)


@pytest.fixture
def ann() -> User:
    return make_user("Ann")


def test_who_opened_what_and_when_is_written_down(tess: User, ann: User) -> None:
    opened(tess, ann, NOTE, now=NOW)
    assert AccessLog.objects.values_list("reader", "whose", "what", "at").get() == (
        tess.pk,
        ann.pk,
        NOTE,
        NOW,
    )


@pytest.mark.parametrize(("minutes", "count"), [(0, 1), (59, 1), (60, 2), (61, 2)])
def test_the_same_again_within_an_hour_adds_nothing(tess: User, ann: User, minutes: int, count: int) -> None:
    opened(tess, ann, NOTE, now=NOW)
    opened(tess, ann, NOTE, now=NOW + dt.timedelta(minutes=minutes))
    assert AccessLog.objects.count() == count


def test_another_reader_person_or_thing_is_a_line_of_its_own(tess: User, ann: User) -> None:
    jonah, ben = make_user("Jonah", role=User.Role.PRACTITIONER), make_user("Ben")
    for reader, whose, what in (
        (tess, ann, NOTE),
        (jonah, ann, NOTE),
        (tess, ben, NOTE),
        (tess, ann, "chart"),
    ):
        opened(reader, whose, what, now=NOW)
    assert AccessLog.objects.count() == 4


def test_ones_own_record_is_no_news(ann: User) -> None:
    opened(ann, ann, NOTE, now=NOW)
    assert not AccessLog.objects.exists()


def test_a_record_erased_meanwhile_is_no_error(tess: User, ann: User) -> None:
    whose = User.objects.get(pk=ann.pk)
    ann.delete()
    opened(tess, whose, NOTE, now=NOW)
    assert not AccessLog.objects.exists()


def test_a_long_phrase_is_cut_and_still_known_again(tess: User, ann: User) -> None:
    for _ in range(2):
        opened(tess, ann, "x" * 200, now=NOW)
    assert AccessLog.objects.get().what == "x" * 80
