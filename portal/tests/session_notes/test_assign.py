"""What a client is given: three things at most, in the order of work, edited and never issued anew."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from portal.models import Assignment, Exercise, Lesson
from portal.session_notes.actions.assign import AssignedTwice, NewAssignment, NotReady, TooMany, assign_all
from portal.testing import assign, make_exercise, make_lesson, make_recording
from practice.models import Practitioner, User
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NOW = dt.datetime(2027, 3, 16, 17, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=14)


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(db: None) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def floor(db: None) -> Lesson:
    lesson = make_lesson("floor", regions=["pelvis-sacrum", "neck"])
    make_recording(lesson)
    return lesson


@pytest.fixture
def tilt(db: None) -> Exercise:
    return make_exercise("tilt", regions=["low-back"])


@pytest.fixture
def book(db: None) -> Exercise:
    return make_exercise("book", regions=["ribs", "shoulders"])


def live(client: User) -> list[str]:
    return [str(one.what) for one in Assignment.objects.filter(client=client, ended_at=None)]


def test_a_fourth_is_refused_and_nothing_changes(tess, ann, floor, tilt, book) -> None:
    assign(floor, ann, by=tess)
    four = [NewAssignment(one) for one in (floor, tilt, book, make_exercise("fourth"))]
    with pytest.raises(TooMany, match="Three assignments"):
        assign_all(ann, four, by=tess, now=NOW)
    assert live(ann) == ["Floor"]


def test_the_same_thing_twice_is_refused(tess, ann, tilt) -> None:
    with pytest.raises(AssignedTwice, match="“Tilt” is listed twice"):
        assign_all(ann, [NewAssignment(tilt, "mornings"), NewAssignment(tilt, "evenings")], by=tess, now=NOW)
    assert live(ann) == []


@pytest.mark.parametrize("fields", [{"is_published": False}, {}])
def test_a_lesson_nobody_could_hear_is_refused(fields, tess, ann) -> None:
    silent = make_lesson("silent", **fields)
    if fields:
        make_recording(silent)
    with pytest.raises(NotReady, match="“Silent” can’t be assigned"):
        assign_all(ann, [NewAssignment(silent)], by=tess, now=NOW)


def test_an_exercise_that_is_not_published_is_refused(tess, ann, tilt) -> None:
    with pytest.raises(NotReady):
        assign_all(
            ann,
            [NewAssignment(tilt), NewAssignment(make_exercise("draft", is_published=False))],
            by=tess,
            now=NOW,
        )
    assert live(ann) == []


def test_they_are_in_the_order_of_work_then_as_given(tess, ann, floor, tilt, book) -> None:
    nowhere = make_exercise("nowhere", regions=[])
    assign_all(ann, [NewAssignment(nowhere), NewAssignment(book), NewAssignment(floor)], by=tess, now=NOW)
    assert live(ann) == ["Floor", "Book", "Nowhere"]
    ribs = make_exercise("ribs", regions=["ribs"])
    assign_all(ann, [NewAssignment(ribs), NewAssignment(book), NewAssignment(tilt)], by=tess, now=NOW)
    assert live(ann) == ["Tilt", "Ribs", "Book"]


def test_what_they_have_is_edited_in_place(tess, ann, tilt) -> None:
    (before,) = assign_all(ann, [NewAssignment(tilt, "once a day", "Slowly.")], by=tess, now=NOW)
    (after,) = assign_all(ann, [NewAssignment(tilt, "twice a day", "More slowly.")], by=tess, now=LATER)
    row = Assignment.objects.get()
    assert (after.pk, row.pk, row.created_at) == (before.pk, before.pk, NOW)
    assert (row.dosage, row.word) == ("twice a day", "More slowly.")


def test_what_is_missing_ends_and_is_not_deleted(tess, ann, tilt, book) -> None:
    assign_all(ann, [NewAssignment(tilt), NewAssignment(book)], by=tess, now=NOW)
    assign_all(ann, [NewAssignment(book)], by=tess, now=LATER)
    assert live(ann) == ["Book"]
    assert Assignment.objects.get(exercise=tilt).ended_at == LATER


def test_what_ended_before_keeps_the_day_it_ended(tess, ann, tilt, book) -> None:
    old = assign(tilt, ann, by=tess, ended_at=NOW)
    assign_all(ann, [NewAssignment(book)], by=tess, now=LATER)
    old.refresh_from_db()
    assert old.ended_at == NOW


def test_what_comes_back_is_the_same_row_open_again(tess, ann, tilt) -> None:
    (before,) = assign_all(ann, [NewAssignment(tilt)], by=tess, now=NOW)
    assign_all(ann, [], by=tess, now=NOW)
    (after,) = assign_all(ann, [NewAssignment(tilt, "again")], by=tess, now=LATER)
    assert (after.pk, after.ended_at, Assignment.objects.count()) == (before.pk, None, 1)


def test_of_an_ended_and_a_live_row_of_one_thing_the_live_one_is_edited(tess, ann, tilt) -> None:
    assign(tilt, ann, by=tess, ended_at=LATER)
    current = assign(tilt, ann, by=tess)
    (after,) = assign_all(ann, [NewAssignment(tilt, "again")], by=tess, now=LATER)
    assert after.pk == current.pk


def test_who_rewords_it_is_who_gave_it(tess, ann, tilt, book) -> None:
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    assign_all(ann, [NewAssignment(tilt), NewAssignment(book)], by=tess, now=NOW)
    assign_all(ann, [NewAssignment(tilt), NewAssignment(book, "mornings")], by=jonah, now=LATER)
    by = dict(Assignment.objects.values_list("exercise__slug", "assigned_by"))
    assert by == {"tilt": tess.pk, "book": jonah.pk}


def test_anothers_assignments_are_left_alone(tess, ann, tilt) -> None:
    ben = make_user("Ben Hart")
    assign_all(ben, [NewAssignment(tilt)], by=tess, now=NOW)
    assign_all(ann, [], by=tess, now=NOW)
    assert live(ben) == ["Tilt"]


def test_the_personal_word_is_encrypted(tess, ann, tilt) -> None:
    assign_all(ann, [NewAssignment(tilt, word="Your left hip first.")], by=tess, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM portal_assignment")
        (sealed,) = cursor.fetchone()
    assert sealed
    assert "left hip" not in sealed  # any three letters may come up in what is sealed
