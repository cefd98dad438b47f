"""What the practice wrote in its other language is read by those who read it, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from django.utils.crypto import get_random_string

from practice.articles.doctor_page import shipped
from practice.in_language import language_of_text, note_facts, print_of
from practice.models import Article, Practice, TranslatedText
from practice.shipped_texts import as_written, reading_in
from practice.testing import make_practice

pytestmark = pytest.mark.django_db
ENGLISH, SPANISH = "Sleep and your back", "Dormir y su espalda"


def translated(thing: Any, field: str, text: str, *, language: str = "es") -> TranslatedText:
    """Translate a text of a row, as the page of the workspace does."""
    original = thing._meta.get_field(field).value_from_object(thing)
    kind = thing._meta.label_lower
    made = TranslatedText.objects.create(
        kind=kind, thing=thing.pk, field=field, language=language, text=text, of=print_of(original)
    )
    Practice.objects.update(translations=get_random_string(12))
    note_facts(None)
    return made


@pytest.fixture
def article() -> Article:
    make_practice()
    made = Article.objects.create(slug="sleep", title=ENGLISH, body="## Rest\n\nEnough of it.")
    translated(made, "title", SPANISH)
    return made


def test_a_reader_of_spanish_reads_the_spanish_and_saving_keeps_the_original(article: Article) -> None:
    with translation.override("es"):
        found = Article.objects.get(pk=article.pk)
        assert (found.title, language_of_text(found.title)) == (SPANISH, "es")
        assert language_of_text(found.body) == "en"
        found.save()
    assert Article.objects.values_list("title", flat=True).get() == ENGLISH
    assert Article.objects.get(pk=article.pk).title == ENGLISH


def test_a_practice_at_home_in_spanish_is_read_in_english(article: Article) -> None:
    TranslatedText.objects.update(language="en")
    Practice.objects.update(home_locale="es-mx", translations=get_random_string(12))
    note_facts(None)
    with translation.override("en"):
        assert article.title == SPANISH
        assert language_of_text(article.body) == "es"
    with translation.override("es"):
        assert article.title == ENGLISH


def test_a_changed_original_is_still_read_in_spanish(article: Article) -> None:
    article.title = "Sleep, and your back"
    article.save()
    with translation.override("es"):
        assert article.title == SPANISH


def test_words_that_clients_agree_to_are_never_an_older_translation() -> None:
    practice = make_practice(treatment_consent="I come of my own choice.")
    translated(practice, "treatment_consent", "Vengo por decisión propia.")
    with translation.override("es"):
        practice = Practice.objects.get()
        assert practice.treatment_consent == "Vengo por decisión propia."
        practice.treatment_consent = "I come of my own free choice."
        practice.save()
        assert Practice.objects.get().treatment_consent == "I come of my own free choice."


def test_saved_by_a_reader_of_spanish_nobody_is_asked_to_agree_again() -> None:
    translated(make_practice(treatment_consent="I come of my own choice."), "treatment_consent", "Vengo.")
    version = Practice.objects.get().consent_version
    with translation.override("es"):
        Practice.objects.get().save()
    assert Practice.objects.get().consent_version == version


def test_a_practice_that_stopped_writing_in_spanish_is_read_as_written(article: Article) -> None:
    Practice.objects.update(translations="")
    note_facts(None)
    with translation.override("es"):
        assert article.title == ENGLISH


def test_at_work_it_is_as_written_and_an_email_from_there_is_in_its_readers_language(
    article: Article,
) -> None:
    with translation.override("es"), as_written():
        assert article.title == ENGLISH
        with reading_in("es"):
            assert article.title == SPANISH


def test_many_texts_take_one_query_until_one_of_them_changes(
    article: Article, django_assert_num_queries: Any
) -> None:
    others = [Article.objects.create(slug=f"a{n}", title=f"Article {n}", body="Text.") for n in range(20)]
    for one in others:
        translated(one, "title", f"Artículo {one.pk}")
    Practice.objects.get()
    with translation.override("es"), django_assert_num_queries(1):
        assert [one.title for one in others] == [f"Artículo {one.pk}" for one in others]
    TranslatedText.objects.filter(thing=article.pk).update(text="El sueño y su espalda")
    Practice.objects.update(translations=get_random_string(12))
    note_facts(None)
    with translation.override("es"):
        assert article.title == "El sueño y su espalda"


def test_an_emptied_original_shows_nothing(article: Article) -> None:
    article.title = ""
    with translation.override("es"):
        assert article.title == ""


@pytest.mark.parametrize(
    ("zone", "locale", "number"),
    [
        ("Europe/Madrid", "es-es", "112"),
        ("America/Denver", "es-us", "911"),
        ("Europe/London", "en-gb", "999"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_our_texts_name_the_emergency_number_of_the_country(
    zone: str, locale: str, number: str, language: str
) -> None:
    make_practice(zone=zone, home_locale=locale)
    note_facts(None)
    with translation.override(language):
        body = shipped().body
    assert number in body
    assert ("911" in body) == (number == "911")


def test_a_number_in_the_owners_own_words_stays() -> None:
    make_practice(zone="Europe/Madrid", home_locale="es-es")
    assert Article(title="In the US, call 911", body="x").title == "In the US, call 911"
