"""Every sentence has its Spanish, with the same placeholders, and the compiled catalogs are up to date."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools.catalogs import PARTS, ROOT, catalog_file, collect, compiled, read, texts, untranslated

MARKS = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w+[^>]*>")


def sentences(below: Path, part: str) -> Iterator[Message]:
    """The messages of a part, without the head of its file."""
    return (one for one in read(catalog_file(part, below=below)) if one.id)


def has_same_marks(message: Message) -> bool:
    """Whether each form has the marks of its English; "one day" may leave out its number in either."""
    english, spanish = (
        [sorted(MARKS.findall(one)) for one in texts(each)] for each in (message.id, message.string)
    )
    return spanish[0] in english and all(one == english[-1] for one in spanish[1:])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source whose catalogs were just brought up to date."""
    below = tmp_path_factory.mktemp("source")
    for part in PARTS:
        shutil.copytree(
            ROOT / part, below / part, ignore=shutil.ignore_patterns("tests", "__pycache__", "*.mo")
        )
    collect(below)
    return below


@pytest.mark.parametrize("part", PARTS)
def test_every_sentence_is_in_the_catalog_and_translated(fresh: Path, part: str) -> None:
    missing = [one.id for one in untranslated(catalog_file(part, below=fresh))]
    assert missing == [], "run `python -m tools.catalogs` and write the Spanish"


@pytest.mark.parametrize("part", PARTS)
def test_no_sentence_is_kept_that_the_code_has_no_more(fresh: Path, part: str) -> None:
    gone = {one.id for one in sentences(ROOT, part)} - {one.id for one in sentences(fresh, part)}
    assert gone == set(), "run `python -m tools.catalogs`"


@pytest.mark.parametrize("part", PARTS)
def test_each_translation_has_the_placeholders_and_tags_of_its_sentence(part: str) -> None:
    assert [one.id for one in sentences(ROOT, part) if not has_same_marks(one)] == []


@pytest.mark.parametrize("part", PARTS)
def test_the_compiled_catalog_is_that_of_its_source(part: str) -> None:
    path = catalog_file(part)
    kept, made = (
        vars(GNUTranslations(BytesIO(each)))["_catalog"]
        for each in (path.with_suffix(".mo").read_bytes(), compiled(path))
    )
    assert kept == made, "run `python -m tools.catalogs`"


@pytest.mark.parametrize("part", PARTS)
def test_no_translation_speaks_to_the_reader_as_a_friend(part: str) -> None:
    friendly = re.compile(r"\b(tú|tienes|puedes|quieres|eres|estás|haz clic|vuestr\w+|vos)\b", re.I)
    assert [one.string for one in sentences(ROOT, part) if friendly.search(str(one.string))] == []


def test_a_new_sentence_is_noticed(fresh: Path, tmp_path: Path) -> None:
    below = tmp_path / "planted"
    shutil.copytree(fresh, below)
    (below / "booking" / "planted.py").write_text('_("A sentence that nobody translated.")\n')
    collect(below)
    found = untranslated(catalog_file("booking", below=below))
    assert [one.id for one in found] == ["A sentence that nobody translated."]
