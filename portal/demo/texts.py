"""The demo's articles, lessons and exercises, from the content folders, and a collection of lessons."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from portal.models import Collection, CollectionLesson, Exercise, Lesson
from portal.starting_content.actions.make_rows import make_exercise, make_lesson
from portal.starting_content.content_files import exercise_files, items, lesson_folders, read_page
from practice.articles import doctor_page
from practice.models import Article, Practitioner

ARTICLES = Path(__file__).resolve().parents[2] / "practice" / "content" / "articles"
FIRST_TO_READ = (
    "why-we-begin-with-the-sacrum",
    "ribs-that-do-not-move",
    "your-back-and-your-ankles",
    "when-to-see-a-doctor-first",
)
FOR_THE_HIPS = ("let-the-floor-hold-you", "where-the-leg-begins", "a-boat-at-its-mooring")


def make_articles(authors: dict[str, Practitioner], *, now: dt.datetime) -> list[Article]:
    """Create every article of the folder; one dated ahead of `now` is published now."""
    made = []
    for path in sorted(ARTICLES.glob("*.md")):
        facts, body = read_page(path)
        dated = dt.datetime.fromisoformat(facts["published"]).replace(hour=15, tzinfo=dt.UTC)
        made.append(
            Article.objects.create(
                slug=facts["slug"],
                title=facts["title"],
                standfirst=facts["standfirst"],
                body=body,
                regions=items(facts["regions"]),
                author=authors[facts["author"]],
                art=facts.get("art", ""),
                is_doctors_page=facts["slug"] == doctor_page.SLUG,
                published_at=min(dated, now),
                order=FIRST_TO_READ.index(path.stem) if path.stem in FIRST_TO_READ else len(FIRST_TO_READ),
            )
        )
    return made


def make_lessons() -> list[Lesson]:
    """Create all lessons."""
    return [make_lesson(folder) for folder in lesson_folders()]


def make_collection() -> Collection:
    """Create the collection of lessons for the hips."""
    made = Collection.objects.create(
        slug="free-the-hips",
        name="Free the hips",
        text="From the floor to the feet: where the legs hang, what carries them, and how little it takes.",
        is_published=True,
    )
    for order, slug in enumerate(FOR_THE_HIPS):
        lesson = Lesson.objects.get(slug=slug)
        CollectionLesson.objects.create(collection=made, lesson=lesson, order=order)
    return made


def make_exercises() -> list[Exercise]:
    """Create all exercises."""
    return [make_exercise(path) for path in exercise_files()]
