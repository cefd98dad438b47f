"""What a client reads in Spanish: shipped texts are not marked as English, what nobody translated is."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from portal.models import Exercise, Lesson
from portal.testing import assign, make_exercise, make_lesson
from practice.accounts import new_practice
from practice.models import Practice, User
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.other_language.actions")]
MARKED = re.compile(r'<[^<>]* lang="en"[^<>]*>[^<]*')


@pytest.fixture
def ann() -> User:
    make_practice(headline="", introduction="", standfirst="")
    tess = make_practitioner()
    new_practice.add_all(timezone.now())
    found = make_user("Ann", language="es")
    for one in (*Lesson.objects.all(), *Exercise.objects.all()):
        assign(one, found, by=tess)
    return found


def marked(browser: Client, address: str) -> list[str]:
    """The pieces of a Spanish page that are marked as English, but for the link to the English page."""
    answer = browser.get(address, headers={"accept-language": "es"})
    assert answer.status_code == 200, address
    return [one for one in MARKED.findall(answer.text) if "English" not in one]


def test_no_shipped_text_is_marked_as_english(ann: User, client: Client) -> None:
    client.force_login(ann)
    lesson, exercise = Lesson.objects.get(), Exercise.objects.all()[0]
    pages = [
        *(
            "/",
            "/articles/",
            "/lessons/",
            f"/lessons/{lesson.slug}/",
            "/articles/when-to-see-a-doctor-first/",
        ),
        *("/portal/", "/portal/lessons/", f"/portal/lessons/{lesson.slug}/", "/portal/exercises/"),
        *(exercise.get_absolute_url(), "/portal/history/"),
    ]
    assert {one: found for one in pages if (found := marked(client, one))} == {}


def test_what_is_only_in_english_is_marked_and_said_once(ann: User, client: Client) -> None:
    tess = Practice.objects.get() and ann.assignments.all()[0].assigned_by
    lesson = make_lesson(
        "hips", title="Free the hips", guidelines="## Slowly\n\nTake your time.\n\n## Rest\n\nOften."
    )
    exercise = make_exercise("lift", title="A small lift", steps="Lift it.\n\nRest.")
    for one in (lesson, exercise):
        assign(one, ann, by=tess)
    client.force_login(ann)
    for address, title in (
        (f"/portal/lessons/{lesson.slug}/", "Free the hips"),
        (exercise.get_absolute_url(), "A small lift"),
    ):
        page = client.get(address, headers={"accept-language": "es"}).text
        assert f'<h1><span lang="en">{title}</span></h1>' in page
        assert page.count("Este texto solo está en inglés.") == 1
