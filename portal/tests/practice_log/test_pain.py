"""A rise of pain is seen however the entries of a sitting were joined; in doubt it is one."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from portal.models import PracticeEntry
from portal.practice_log.actions.listen import Batch, listen
from portal.practice_log.actions.pain import clear_pain
from portal.practice_log.actions.self_report import SelfReport, write_down
from portal.practice_log.listening import Report
from portal.testing import assign, make_lesson, make_recording
from practice.models import Letter
from practice.testing import make_practice, make_practitioner, make_user

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)  # 8 in the morning in Denver
HOUR = dt.timedelta(hours=1)
A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def tess(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_practice()
    return make_practitioner()


@pytest.fixture
def floor(tess):
    lesson = make_lesson("floor")
    make_recording(lesson)
    return lesson


@pytest.fixture
def ann(tess, floor):
    ann = make_user("Ann")
    assign(floor, ann, by=tess)
    return ann


@pytest.fixture
def heard(ann, floor):
    """Ann hears a minute of it."""

    def hear(uid, at=NOW, *, continues=None):
        batch = Batch(uid, [Report(0, 60_000, 120_000, 1, 60_000, 0)], continues=continues)
        return listen(ann, batch, recording=floor.recordings.get(), since=at - HOUR, now=at)

    return hear


@pytest.fixture
def wrote(ann, floor):
    """Ann writes on an entry."""

    def write(uid, at=NOW, *, client=ann, lesson=floor, **words):
        recording = lesson.recordings.first()
        said = SelfReport(**words)
        return write_down(client, said, uid=uid, lesson=lesson, recording=recording, since=at - HOUR, now=at)

    return write


def risen():
    """The entries at which somebody should look, in the order they were named above."""
    return [one.uid for one in PracticeEntry.objects.exclude(needs_human="").order_by("uid")]


def test_another_lesson_in_between_cut_the_play_through_in_two_and_the_rise_is_seen(heard, wrote):
    heard(A)
    wrote(A, pain_before=2, lying_before="left hip heavy")
    heard(B, NOW + HOUR / 4)
    wrote(B, NOW + HOUR / 4, pain_after=7)
    assert (risen(), Letter.objects.filter(kind="notice_pain").count()) == ([B], 1)


def test_told_in_the_other_order_it_is_seen_too(heard, wrote):
    heard(A)
    heard(B, NOW + HOUR / 4)
    wrote(B, NOW + HOUR / 4, pain_after=7)
    assert risen() == []
    wrote(A, NOW + HOUR / 2, pain_before=2)
    assert (risen(), Letter.objects.filter(kind="notice_pain").count()) == ([B], 1)


@pytest.mark.parametrize(
    ("hours", "rose"), [(3, True), (11, True), (14, False)], ids=["a rest", "half a day", "another day"]
)
def test_after_is_held_against_the_last_before_of_half_a_day(heard, wrote, hours, rose):
    heard(A)
    wrote(A, pain_before=2)
    heard(B, NOW + hours * HOUR)
    wrote(B, NOW + hours * HOUR, pain_after=7)
    assert risen() == ([B] if rose else [])


def test_past_midnight_it_is_the_same_night(heard, wrote):
    late = NOW + 15 * HOUR + HOUR / 2  # half past eleven in Denver
    heard(A, late)
    wrote(A, late, pain_before=2)
    heard(B, late + HOUR)
    assert wrote(B, late + HOUR, pain_after=4).needs_human == "pain_rose"


def test_of_several_before_it_the_last_counts(heard, wrote):
    for uid, told, at in ((A, 2, NOW), (B, 5, NOW + HOUR)):
        heard(uid, at)
        wrote(uid, at, pain_before=told)
    heard(C, NOW + 2 * HOUR)
    assert wrote(C, NOW + 2 * HOUR, pain_after=6).needs_human == ""
    assert wrote(C, NOW + 2 * HOUR, pain_after=7, was={"pain_after": "6"}).needs_human == "pain_rose"


def test_gone_on_with_days_later_it_is_held_against_where_it_began(heard, wrote):
    heard(A)
    wrote(A, pain_before=2)
    heard(B, NOW + 72 * HOUR, continues=A)
    wrote(B, NOW + 72 * HOUR, pain_after=4)
    assert risen() == [B]


def test_words_that_came_before_the_player_said_what_they_continue_from(heard, wrote):
    heard(A)
    wrote(A, pain_before=2)
    wrote(B, NOW + 72 * HOUR, pain_after=4)
    assert risen() == []
    heard(B, NOW + 72 * HOUR, continues=A)
    assert risen() == [B]


def test_of_the_stop_before_and_the_stop_today_the_earlier_counts(heard, wrote):
    heard(A)
    wrote(A, pain_before=5)
    wrote(C, NOW + 71 * HOUR, pain_before=1, noticing="heavy")
    heard(B, NOW + 72 * HOUR, continues=A)
    assert wrote(B, NOW + 72 * HOUR, pain_after=4).needs_human == "pain_rose"


def test_what_another_page_said_of_before_is_in_doubt_a_rise(heard, wrote):
    heard(A)
    wrote(A, pain_before=5)
    entry = wrote(A, pain_before=1, pain_after=4)
    assert (entry.pain_before, entry.needs_human) == ("5", "pain_rose")


def test_a_before_of_its_own_is_what_counts(heard, wrote):
    heard(A)
    wrote(A, pain_before=2)
    heard(B, NOW + HOUR)
    assert wrote(B, NOW + HOUR, pain_before=6, pain_after=7).needs_human == ""


def test_another_lesson_and_another_client_are_not_compared(heard, wrote, tess, floor):
    hips, ben = make_lesson("hips"), make_user("Ben")
    wrote(A, lesson=hips, pain_before=0, noticing="heavy")
    wrote(B, client=ben, pain_before=0, noticing="heavy")
    heard(C)
    assert wrote(C, pain_after=7).needs_human == ""


def test_after_someone_looked_a_before_told_late_asks_them_once_more(heard, wrote, tess):
    heard(A)
    clear_pain(wrote(B, felt="worse", pain_after=7), by=tess.user, now=NOW)
    wrote(A, NOW + HOUR, pain_before=2)
    wrote(A, NOW + HOUR, noticing="lighter")
    assert Letter.objects.filter(kind="notice_pain").count() == 2
