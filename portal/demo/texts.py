"""Loading articles, lessons and exercises from the content folders into rows."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from portal.lessons.actions.recordings import install_folder
from portal.models import Exercise, Lesson
from practice.models import Article, Practitioner

ARTICLES = Path(__file__).resolve().parents[2] / "practice" / "content" / "articles"
LESSONS = Path(__file__).resolve().parents[1] / "content" / "lessons"
EXERCISES = LESSONS.parent / "exercises"
FIRST_TO_READ = (
    "why-we-begin-with-the-sacrum",
    "ribs-that-do-not-move",
    "your-back-and-your-ankles",
    "when-to-see-a-doctor-first",
)


def read_page(path: Path) -> tuple[dict[str, str], str]:
    """Return a page's front matter (`name: value` lines between two `---`) and its Markdown.

    Raises ValueError without front matter.
    """
    found = re.match(r"---\n(.*?)\n---\n(.*)", path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise ValueError(f"{path.name} does not begin with its facts")
    return dict(line.split(": ", 1) for line in found[1].splitlines()), found[2].strip()


def items(value: str) -> list[str]:
    """Return "[a, b]" as a list."""
    return [item.strip() for item in value.strip("[]").split(",") if item.strip()]


def sections(body: str) -> dict[str, str]:
    """Return the Markdown under each first-level heading, by heading."""
    parts = re.split(r"^# (.+)$", body, flags=re.MULTILINE)[1:]
    return {heading.strip(): text.strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}


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
                published_at=min(dated, now),
                order=FIRST_TO_READ.index(path.stem) if path.stem in FIRST_TO_READ else len(FIRST_TO_READ),
            )
        )
    return made


def make_lessons() -> list[Lesson]:
    """Create every lesson of the folder, with its recording, transcript and chapters."""
    made = []
    for folder in sorted(path.parent for path in LESSONS.glob("*/lesson.md")):
        facts, body = read_page(folder / "lesson.md")
        said = sections(body)
        lesson = Lesson.objects.create(
            slug=facts["slug"],
            title=facts["title"],
            standfirst=facts["standfirst"],
            position=facts["position"],
            things=facts["things"].strip("[]"),
            regions=items(facts["regions"]),
            guidelines=said["Guidelines"],
            expectations=said["What you may expect"],
            what_happened=said["What happened"],
            voice=facts["voice_label"],
            is_free=facts["free"] == "true",
            is_published=True,
            order=int(facts["order"]),
        )
        install_folder(lesson, folder=folder)
        made.append(lesson)
    return made


def make_exercises() -> list[Exercise]:
    """Create every exercise of the folder, each with its figure."""
    made = []
    for path in sorted(EXERCISES.glob("*.md")):
        facts, body = read_page(path)
        said = sections(body)
        made.append(
            Exercise.objects.create(
                slug=facts["slug"],
                title=facts["title"],
                words=facts["words"],
                position=facts["position"],
                things=facts["things"],
                regions=items(facts["regions"]),
                steps=said["Steps"],
                to_feel=said["What to feel"],
                when_to_stop=said["When to stop"],
                dosage=facts["dosage"],
                figure=facts["figure"],
                is_published=True,
                order=int(facts["order"]),
            )
        )
    return made
