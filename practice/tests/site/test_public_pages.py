"""The practice's own pages: who works here, and one way on that fits what was read."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from portal.testing import make_lesson, make_recording
from practice.models import Article, User
from practice.testing import make_practice, make_practitioner

pytestmark = pytest.mark.django_db
DOCTOR = "when-to-see-a-doctor-first"


@pytest.fixture
def tess(db: None):
    make_practice()
    return make_practitioner(bio="I listen first.")


def article(slug: str, **fields) -> str:
    Article.objects.create(
        **{"slug": slug, "title": slug, "body": "Words.", "published_at": timezone.now(), **fields}
    )
    return Client().get(f"/articles/{slug}/").content.decode()


def main_buttons(page: str) -> list[str]:
    return re.findall(r'<a class="button" href="([^"]+)"', page)


def free_lesson() -> None:
    make_recording(make_lesson("free", title="Free for everyone", is_free=True))


def test_the_page_about_warning_signs_ends_in_a_call_and_not_in_a_lesson(tess):
    free_lesson()
    assert main_buttons(article(DOCTOR)) == ["tel:+13035550142"]


def test_every_other_article_ends_in_the_free_lesson(tess):
    free_lesson()
    assert main_buttons(article("the-floor")) == ["/lessons/free/"]


def test_an_article_begins_with_its_title_and_not_with_its_regions(tess):
    page = article("the-floor", regions=["low-back", "hips"])
    assert page.index("<h1") < page.index("?region=low-back")


def test_who_works_here_is_said_of_everyone(tess):
    make_practitioner("Jonah Reed", role=User.Role.PRACTITIONER, order=1, bio="I work slowly.")
    page = Client().get("/").content.decode()
    assert 0 < page.index("I listen first.") < page.index("I work slowly.") < page.index("Jonah Reed</p>")


def test_one_free_lesson_begins_by_a_button(tess):
    free_lesson()
    assert main_buttons(Client().get("/lessons/").content.decode()) == ["/lessons/free/"]
