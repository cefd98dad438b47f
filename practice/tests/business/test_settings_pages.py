"""The owner's pages about the practice save what was typed, and never over someone else's change."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from practice.models import Article, Practice, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines("practice.business.actions")]
WORDS = reverse("workspace_words")


@pytest.fixture
def owner() -> Client:
    make_practice(headline="Life is motion")
    return at_work(make_practitioner().user)


def form_of(browser: Client, address: str) -> dict[str, str]:
    """The fields of the page's form as a browser would send them."""
    form = browser.get(address).context["form"]
    return {bound.html_name: bound.value() if bound.value() is not None else "" for bound in form}


def test_of_two_tabs_the_second_is_told_and_keeps_what_was_typed(owner: Client) -> None:
    first, second = form_of(owner, WORDS), form_of(owner, WORDS)
    owner.post(WORDS, {**first, "headline": "From the ground up"})
    answer = owner.post(WORDS, {**second, "headline": "Come as you are"})
    assert answer.status_code == 422
    assert "Someone else changed these settings" in answer.text
    assert "Come as you are" in answer.text
    assert Practice.objects.get().headline == "From the ground up"


def test_who_was_told_can_save_again(owner: Client) -> None:
    old = form_of(owner, WORDS)
    owner.post(WORDS, {**old, "headline": "From the ground up"})
    told = owner.post(WORDS, {**old, "headline": "Come as you are"}).context["form"]
    owner.post(WORDS, {**old, "headline": "Come as you are", "seen": told["seen"].value()})
    assert Practice.objects.get().headline == "Come as you are"


def test_two_pages_of_settings_do_not_disturb_each_other(owner: Client) -> None:
    old = form_of(owner, WORDS)
    owner.post(
        reverse("workspace_details"), {**form_of(owner, reverse("workspace_details")), "name": "Juniper"}
    )
    assert owner.post(WORDS, {**old, "headline": "New"}).status_code == 302
    assert Practice.objects.get().name == "Juniper"


def test_a_preview_shows_the_words_and_saves_nothing(owner: Client) -> None:
    seen = owner.post(reverse("workspace_home_preview"), {**form_of(owner, WORDS), "headline": "Not yet"})
    assert "<h1>Not yet</h1>" in seen.text
    assert "nothing is saved" in seen.text
    assert Practice.objects.get().headline == "Life is motion"


def test_a_locale_that_does_not_exist_is_refused(owner: Client) -> None:
    address = reverse("workspace_details")
    assert owner.post(address, {**form_of(owner, address), "home_locale": "xx-yy"}).status_code == 422


def test_policies_show_the_sentences_of_what_was_typed_before_saving(owner: Client) -> None:
    address = reverse("workspace_policies")
    seen = owner.post(address, {**form_of(owner, address), "free_hours": "48", "preview": "1"})
    assert "Until 48 hours before" in seen.text
    assert Practice.objects.get().free_hours == 24


def test_no_policy_locks_what_is_still_free(owner: Client) -> None:
    address = reverse("workspace_policies")
    answer = owner.post(address, {**form_of(owner, address), "free_hours": "2", "locked_hours": "3"})
    assert "Enter at most 2." in answer.text
    assert "Until 24 hours before" in answer.text  # the page shows what applies, not half of what was typed


ARTICLE = {"title": "Why the ribs matter", "body": "## Breath\n\nSlowly.", "regions": ["ribs"]}


def test_an_article_gets_its_address_from_its_first_title_and_keeps_it(owner: Client) -> None:
    owner.post(reverse("workspace_article_new"), ARTICLE)
    owner.post(reverse("workspace_article_new"), ARTICLE)
    first, second = Article.objects.order_by("pk")
    owner.post(reverse("workspace_article", args=[first.pk]), {**ARTICLE, "title": "Breathe"})
    first.refresh_from_db()
    assert (first.title, first.slug, second.slug) == (
        "Breathe",
        "why-the-ribs-matter",
        "why-the-ribs-matter-2",
    )


def test_a_title_in_another_script_still_has_an_address(owner: Client) -> None:
    owner.post(reverse("workspace_article_new"), {**ARTICLE, "title": "呼吸"})
    assert Article.objects.get().slug == "article"


def test_a_draft_is_not_on_the_site_until_visitors_can_read_it(owner: Client) -> None:
    owner.post(reverse("workspace_article_new"), ARTICLE)
    draft = Article.objects.get()
    assert Client().get(draft.get_absolute_url()).status_code == 404
    owner.post(reverse("workspace_article", args=[draft.pk]), {**ARTICLE, "is_published": "on"})
    assert Client().get(draft.get_absolute_url()).status_code == 200


def test_a_preview_of_an_article_saves_nothing(owner: Client) -> None:
    seen = owner.post(reverse("workspace_article_preview_new"), ARTICLE)
    assert "<h2>Breath</h2>" in seen.text
    assert not Article.objects.exists()


def test_a_practitioner_changes_only_their_own_articles(owner: Client) -> None:
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    owner.post(reverse("workspace_article_new"), ARTICLE)
    theirs = at_work(jonah.user)
    assert theirs.get(reverse("workspace_article", args=[Article.objects.get().pk])).status_code == 404
    theirs.post(reverse("workspace_article_new"), {**ARTICLE, "title": "Knees", "author": ""})
    assert Article.objects.get(title="Knees").author == jonah


def test_the_front_desk_writes_no_article(owner: Client) -> None:
    desk = at_work(make_user("Faye", role=User.Role.FRONT_DESK))
    assert desk.get(reverse("workspace_article_new")).status_code == 404
