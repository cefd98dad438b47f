"""The texts we ship are read in the reader's language, and saved as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from practice import shipped_texts
from practice.core.locales.shipped_pages import Translated, pairs, read_page, sections, split_page
from practice.models import Article
from practice.shipped_texts import as_written, for_reader

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = (ROOT / "practice/content", ROOT / "portal/content")
PAGES = [(folder, path) for folder in FOLDERS for path in sorted((folder / "es").rglob("*.md"))]
ENGLISH = "Dolor and sacrum."
SPANISH = "Dolor y sacro."


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped_texts, "_catalog", {"es": {ENGLISH: SPANISH}}.get)


@pytest.fixture
def article(db: None, catalog: None) -> Article:
    return Article.objects.create(slug="a", title=ENGLISH, body="Mine.")


def test_saved_in_spanish_it_stays_as_it_was_written(article: Article) -> None:
    with translation.override("es"):
        found = Article.objects.get(pk=article.pk)
        assert found.title == SPANISH
        found.body = "Changed."
        found.save()
        Article.objects.bulk_update([found], ["title"])
    assert Article.objects.values_list("title", "body").get() == (ENGLISH, "Changed.")


def test_loaded_late_in_spanish_and_saved_it_stays_too(article: Article) -> None:
    with translation.override("es"):
        found = Article.objects.defer("title").get(pk=article.pk)
        assert found.title == SPANISH
        found.refresh_from_db()
        found.save()
    assert Article.objects.values_list("title", flat=True).get() == ENGLISH


def test_it_is_found_by_what_is_shown(article: Article) -> None:
    with translation.override("es"):
        assert Article.objects.filter(title=Article.objects.get().title).exists()


def test_one_row_is_read_by_two_readers(article: Article) -> None:
    with translation.override("es"):
        assert article.title == SPANISH
    assert article.title == ENGLISH


def test_at_work_it_is_as_written(article: Article) -> None:
    with translation.override("es"), as_written():
        assert article.title == ENGLISH


def test_what_the_owner_changed_is_shown_as_they_wrote_it(article: Article) -> None:
    article.title = "Dolor and sacrum!"
    with translation.override("es"):
        assert article.title == "Dolor and sacrum!"


@pytest.mark.parametrize("text", [f"{ENGLISH}\r\n", f" {ENGLISH}", f"{ENGLISH}  \n\n"])
def test_what_a_form_does_to_line_ends_is_no_change(text: str, catalog: None) -> None:
    with translation.override("es"):
        assert for_reader(text) == SPANISH


def test_a_translation_is_not_translated_again(catalog: None) -> None:
    with translation.override("es"):
        assert for_reader(Translated(SPANISH, ENGLISH)) == SPANISH
    assert for_reader(Translated(SPANISH, ENGLISH)) == ENGLISH


@pytest.mark.parametrize(("folder", "path"), PAGES, ids=lambda one: one.name)
def test_a_translation_has_the_facts_sections_and_links_of_its_page(folder: Path, path: Path) -> None:
    english, spanish = (
        split_page(one.read_text(encoding="utf-8"))
        for one in (folder / path.relative_to(folder / "es"), path)
    )
    assert list(spanish[0]) == list(english[0])
    assert list(sections(spanish[1])) == list(sections(english[1]))
    assert spanish[1].count("](") == english[1].count("](")
    assert spanish[1].count("\n\n") == english[1].count("\n\n")
    for name in {"slug", "figure", "order", "repetitions", "hold_seconds", "regions"} & english[0].keys():
        assert spanish[0][name] == english[0][name]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.parent.name)
def test_every_page_we_ship_has_its_translation(folder: Path) -> None:
    english = {path.relative_to(folder) for path in folder.rglob("*.md") if path.name != "script.md"}
    pages = {path for path in english if path.parts[0] != "es"}
    assert {path.relative_to("es") for path in english - pages} == pages


def test_one_text_has_one_translation() -> None:
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for text, other in pairs(folder, "es"):
            assert found.setdefault(text, other) == other, text


def test_a_page_without_facts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# Title\n", encoding="utf-8")
    with pytest.raises(ValueError, match="does not begin with its facts"):
        read_page(tmp_path / "page.md")
