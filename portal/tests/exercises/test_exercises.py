"""Exercises: closed to strangers, complete in words and picture, still until somebody asks."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError

from portal.demo.texts import make_exercises
from portal.exercises.figures import FIGURES
from portal.models import Exercise
from portal.starting_content.content_files import exercise_files, items, read_page, sections
from portal.testing import make_exercise
from portal.tests.test_content import PROMISE
from practice.core.body import BY_SLUG
from practice.testing import at_work, make_practice, make_practitioner, make_user

FILES = exercise_files()
every_text = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture
def ann(db, client):
    make_practice()
    ann = make_user("Ann Field")
    client.force_login(ann)
    return ann


def page(client, path):
    return client.get(path).content.decode()


# --- Who


@pytest.mark.parametrize("path", ["/portal/exercises/", "/portal/exercises/tilt/", "/portal/exercises/none/"])
def test_a_stranger_is_sent_to_sign_in_whether_it_exists_or_not(client, db, path):
    make_practice()
    make_exercise()
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_what_is_not_published_is_not_there_for_a_client(client, ann):
    make_exercise("draft", title="Secret bending", is_published=False)
    assert client.get("/portal/exercises/draft/").status_code == 404
    assert "Secret bending" not in page(client, "/portal/exercises/")


def test_anyone_who_works_here_may_look_at_it_before(client, db):
    make_practice()
    make_exercise("draft", is_published=False)
    at_work(make_practitioner().user, client)
    assert client.get("/portal/exercises/draft/").status_code == 200


def test_reading_is_all_one_can_do(client, ann):
    make_exercise()
    assert client.post("/portal/exercises/tilt/").status_code == 405
    assert client.post("/portal/exercises/").status_code == 405


# --- What


def test_the_page_says_what_to_do_feel_and_when_to_stop(client, ann):
    make_exercise(
        steps="1. Tuck the tail.", to_feel="A weight.", when_to_stop="It pulls.", dosage="Six times."
    )
    shown = page(client, "/portal/exercises/tilt/")
    assert all(words in shown for words in ("Tuck the tail.", "A weight.", "It pulls.", "Six times."))


def test_the_picture_is_told_in_words_to_who_cannot_see_it(client, ann):
    make_exercise(words='A "clock" <b>turns</b>.')
    shown = page(client, "/portal/exercises/tilt/")
    assert 'alt="A &quot;clock&quot; &lt;b&gt;turns&lt;/b&gt;."' in shown


def test_an_exercise_without_a_figure_has_its_words_and_no_broken_picture(client, ann):
    make_exercise(figure="")
    shown = page(client, "/portal/exercises/tilt/")
    assert "Somebody tilts." in shown
    assert "<img" not in shown + page(client, "/portal/exercises/")


def test_nothing_runs_from_the_texts(client, ann):
    make_exercise(title="<script>a</script>", steps="<script>b</script>", dosage="<script>c</script>")
    assert not re.search(
        r"<script>[abc]", page(client, "/portal/exercises/tilt/") + page(client, "/portal/exercises/")
    )


def test_no_exercise_yet_is_said(client, ann):
    assert "There is no exercise here yet." in page(client, "/portal/exercises/")


def test_the_sheet_asks_the_database_as_often_for_ten_as_for_one(
    client, ann, django_assert_num_queries, django_assert_max_num_queries
):
    make_exercise("one")
    with django_assert_max_num_queries(30) as first:
        client.get("/portal/exercises/")
    for number in range(9):
        make_exercise(f"more-{number}")
    with django_assert_num_queries(len(first)):
        client.get("/portal/exercises/")


def test_a_figure_nobody_drew_is_refused(db):
    with pytest.raises(ValidationError, match="There is no figure “handstand”"):
        make_exercise(figure="handstand").full_clean()


# --- The ten of the house


def test_there_are_ten_and_each_has_a_figure_of_its_own():
    assert sorted(read_page(path)[0]["figure"] for path in FILES) == sorted(FIGURES)


@every_text
def test_an_exercise_has_its_parts_in_order(path):
    facts, body = read_page(path)
    assert facts["slug"] == path.stem
    parts = ["Steps", "What to feel", "When to stop", "An easier way", "A harder way"]
    assert list(sections(body)) == parts
    assert all(sections(body).values())
    assert set(items(facts["regions"]) + items(facts["care_regions"])) <= set(BY_SLUG)
    assert all(facts[name] for name in ("title", "words", "position", "things", "dosage"))


@every_text
def test_an_exercise_promises_nothing(path):
    assert [found[0] for found in PROMISE.findall(path.read_text(encoding="utf-8"))] == []


def test_the_demo_has_them_as_valid_rows_with_files_to_show(db):
    for exercise in make_exercises():
        exercise.full_clean()
        assert finders.find(f"figures/{exercise.figure}.svg")
        assert finders.find(f"figures/moving/{exercise.figure}.svg")
    assert Exercise.objects.filter(is_published=True).count() == 10


# --- The back office


def test_the_back_office_offers_only_figures_that_are_drawn_and_keeps_what_is_sent(client, db):
    make_practice()
    at_work(make_practitioner(role="owner").user, client)
    address = "/backoffice/portal/exercise/add/"
    assert re.findall(r'<option value="([a-z-]+)"', page(client, address)) == list(FIGURES)
    form = {"title": "Tilt", "slug": "tilt", "words": "W", "position": "lying", "steps": "S", "order": 1}
    client.post(address, form | {"figure": "handstand"})
    assert not Exercise.objects.exists()
    client.post(address, form | {"figure": "pelvic-tilt", "regions": ["low-back"]})
    assert Exercise.objects.values_list("slug", "figure", "regions").get() == (
        "tilt",
        "pelvic-tilt",
        ["low-back"],
    )
