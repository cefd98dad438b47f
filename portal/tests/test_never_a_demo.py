"""From an empty database by the owner's link to a practice under its own name, with nothing missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from portal.lessons.actions import recordings
from portal.models import Exercise, Lesson
from portal.starting_content.actions.new_practice import add_exercises_and_lesson
from practice.accounts import new_practice, one_time_links
from practice.articles import doctor_page
from practice.models import Article, Practice, User
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.accounts.actions.enter.set_up")]
DOCTOR = f"/articles/{doctor_page.SLUG}/"
OF_THE_DEMO = re.compile(r"Juniper|Tess|Jonah|Marlow|Denver|303.555|Ann Whitfield", re.I)
OWNER = {
    "name": "Elma Street",
    "email": "elma@elm.example",
    "practice_name": "Elm Street Bodywork",
    "zone": "America/Chicago",
}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def set_up(**changes: str) -> None:
    """Open the link that `manage.py up` prints, and fill in the form."""
    link = urlsplit(one_time_links.set_up_url(now=timezone.now())).path
    answer = Client().post(link, {**OWNER, **changes}, headers={"origin": "http://testserver"})
    assert answer.status_code == 302


def seen(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_visitor_finds_every_page_under_the_practices_own_name() -> None:
    set_up()
    lesson, article = Lesson.objects.get(), Article.objects.get()
    paths = ("/", "/book/", "/lessons/", "/articles/", "/privacy/", DOCTOR)
    pages = {path: seen(Client(), path) for path in (*paths, lesson.get_absolute_url())}
    assert article.get_absolute_url() == DOCTOR
    assert [path for path, html in pages.items() if "Elm Street Bodywork" not in html] == []
    assert {path: OF_THE_DEMO.findall(html) for path, html in pages.items() if OF_THE_DEMO.search(html)} == {}
    assert (lesson.title in pages["/"], "You take something home" in pages["/"]) == (True, True)
    assert (
        "lesson__player" in pages[lesson.get_absolute_url()] or "<audio" in pages[lesson.get_absolute_url()]
    )


def test_a_client_finds_ten_exercises_and_the_lesson_can_be_heard() -> None:
    set_up()
    browser = Client()
    browser.force_login(make_user("Ann"))
    pages = [seen(browser, "/portal/exercises/")]
    pages += [seen(browser, f"/portal/exercises/{one.slug}/") for one in Exercise.objects.all()]
    recording = Lesson.objects.get().recordings.get(is_current=True)
    assert len(pages) == 11
    assert [html for html in pages if OF_THE_DEMO.search(html)] == []
    assert (recording.minutes, recording.cues.exists(), recording.chapters.exists()) == (21, True, True)


def test_nobody_of_the_demo_is_there_and_the_owner_is_told_what_is_left_to_do(settings: Any) -> None:
    settings.EMAIL_URL = ""
    set_up()
    assert list(User.objects.values_list("name", "is_demo")) == [("Elma Street", False)]
    assert not Practice.objects.get().is_demo
    today = seen(at_work(User.objects.get()), "/workspace/")
    assert ("First steps" in today, "No email leaves this machine yet" in today) == (True, True)
    assert OF_THE_DEMO.search(today) is None


def test_twice_is_once_and_nothing_that_the_owner_changed_is_overwritten() -> None:
    set_up()
    Exercise.objects.filter(slug="cat-and-cow").update(title="Our cat")
    Lesson.objects.update(title="Our lesson")
    Article.objects.update(slug="see-a-doctor", body="Our words.")
    Practice.objects.update(approach="## Ours")
    new_practice.add_all(timezone.now())
    assert Exercise.objects.get(slug="cat-and-cow").title == "Our cat"
    assert (Exercise.objects.count(), Lesson.objects.get().title) == (10, "Our lesson")
    assert (Article.objects.get().body, Practice.objects.get().approach) == ("Our words.", "## Ours")


def test_what_the_owner_deleted_does_not_come_back_with_the_next_owner() -> None:
    set_up()
    Exercise.objects.all().delete()
    Practice.objects.update(approach="")
    User.objects.update(is_active=False)
    set_up(email="ned@elm.example", name="Ned Street")
    assert User.objects.get(is_active=True).name == "Ned Street"
    assert (Exercise.objects.count(), Practice.objects.get().approach) == (0, "")


def test_a_recording_that_cannot_be_stored_keeps_no_owner_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(recordings, "_keep", full)
    set_up()
    assert (Lesson.objects.count(), Exercise.objects.count()) == (0, 10)
    add_exercises_and_lesson(timezone.now())
    assert "There is no free lesson here yet." in seen(Client(), "/lessons/")


def test_the_doctors_page_is_found_whatever_the_owner_calls_it() -> None:
    set_up()
    Article.objects.update(slug="warning-signs", title="Warning signs", body="Our words.")
    pages = [seen(Client(), path) for path in (DOCTOR, "/articles/warning-signs/")]
    assert ["Our words." in html and "Call 911" not in html for html in pages] == [True, True]


@pytest.mark.parametrize("change", [{"published_at": None}, {"is_doctors_page": False, "slug": "mine"}])
def test_a_withdrawn_doctors_page_leads_to_the_built_in_one(change: dict[str, Any]) -> None:
    set_up()
    Article.objects.update(body="Our words.", **change)
    html = seen(Client(), DOCTOR)
    assert ("Our words." in html, "Call 911" in html, "Not sure if this applies to you?" in html) == (
        *(False, True),
        True,
    )


def test_without_any_article_every_link_to_a_doctor_still_leads_to_the_page() -> None:
    set_up()
    Article.objects.all().delete()
    assert DOCTOR in seen(Client(), "/")
    assert "Call 911" in seen(Client(), DOCTOR)


def test_a_second_doctors_page_is_refused_in_a_sentence() -> None:
    set_up()
    other = Article.objects.create(slug="other", title="Other", body="Words.")
    browser = at_work(User.objects.get())
    form = {"title": "Other", "slug": "other", "body": "Words.", "order": "0", "is_doctors_page": "on"}
    answer = browser.post(f"/backoffice/practice/article/{other.pk}/change/", form)
    assert "Another article is the doctor’s page." in answer.content.decode()


def test_the_owner_edits_the_home_page_where_the_practice_is_edited() -> None:
    set_up()
    form = seen(at_work(User.objects.get()), "/backoffice/practice/practice/1/change/")
    assert [f'name="{name}"' in form for name in ("headline", "introduction", "approach")] == [True] * 3
    Practice.objects.update(headline="Come <in>\nand rest", introduction="We are on <b>Elm</b> Street.")
    home = seen(Client(), "/")
    assert "Come &lt;in&gt;<br>and rest</h1>" in home
    assert "We are on &lt;b&gt;Elm&lt;/b&gt; Street." in home


def test_the_home_page_says_of_the_lesson_only_what_is_true_of_it() -> None:
    set_up()
    Lesson.objects.update(
        title="Standing at the sink", position="standing", things="", regions=["ankles-feet"]
    )
    Practice.objects.update(approach="")
    doctor = Article.objects.get()
    Article.objects.create(slug="other", title="Other", body="Words.", published_at=doctor.published_at)
    for path in ("/", "/lessons/", "/articles/other/"):
        main = seen(Client(), path).partition("<main")[2].partition("</main>")[0]
        said = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main, flags=re.DOTALL)
        assert "Standing at the sink" in said
        assert [word for word in ("blanket", "lying", "lie down", "the floor") if word in said.lower()] == []
