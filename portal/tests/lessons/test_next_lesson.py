"""Which lesson is offered at the end of another one."""

from __future__ import annotations

import pytest

from portal.lessons.next_lesson import NextLesson, next_lesson

HIPS = ("hips", ("floor", "leg", "boat"))


@pytest.mark.parametrize(
    ("slug", "finished", "expected"),
    [
        ("floor", (), NextLesson("leg", "hips")),
        ("floor", ("floor",), NextLesson("leg", "hips")),
        ("floor", ("leg",), NextLesson("boat", "hips")),
        ("leg", (), NextLesson("boat", "hips")),
        ("boat", (), NextLesson("window")),  # the last of its collection: what is assigned
        ("floor", ("leg", "boat"), NextLesson("window")),
        ("elsewhere", (), NextLesson("window")),
    ],
)
def test_the_collection_comes_before_what_is_assigned(slug, finished, expected):
    found = next_lesson(slug, collections=[HIPS], assigned=["window"], finished=set(finished))
    assert found == expected


@pytest.mark.parametrize(
    ("slug", "finished", "expected"),
    [("b", (), "c"), ("c", (), "a"), ("b", ("c",), "a"), ("x", (), "a"), ("a", ("b", "c"), None)],
)
def test_assigned_lessons_follow_in_their_order_and_begin_again(slug, finished, expected):
    found = next_lesson(slug, collections=[], assigned=["a", "b", "c"], finished=set(finished))
    assert (found and found.slug) == expected


def test_a_lesson_in_two_collections_continues_the_first_that_goes_further():
    collections = [("ends", ("leg", "floor")), ("continues", ("floor", "boat"))]
    assert next_lesson("floor", collections=collections) == NextLesson("boat", "continues")


def test_a_lesson_never_follows_itself():
    assert next_lesson("floor", collections=[("one", ("floor",))], assigned=["floor"]) is None


def test_without_anything_there_is_none():
    assert next_lesson("floor", collections=[]) is None
