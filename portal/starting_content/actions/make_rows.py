"""Create lessons and exercises from the content folder."""

from __future__ import annotations

from pathlib import Path

from portal.lessons.actions.recordings import install_folder
from portal.models import Exercise, Lesson
from portal.starting_content.content_files import is_free, items, read_page, sections


def make_lesson(folder: Path) -> Lesson:
    """Create the lesson in a folder, with its recording, transcript and chapters.

    Raises CannotPublish, or OSError when the recording cannot be copied.
    """
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
        is_free=is_free(folder),
        is_published=True,
        order=int(facts["order"]),
    )
    install_folder(lesson, folder=folder)
    return lesson


def make_exercise(path: Path) -> Exercise:
    """Create the exercise in a file, with its figure."""
    facts, body = read_page(path)
    said = sections(body)
    return Exercise.objects.create(
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
        repetitions=int(facts["repetitions"]),
        hold_seconds=int(facts["hold_seconds"]),
        rest_seconds=int(facts["rest_seconds"]) or None,
        sides=int(facts["sides"]),
        easier=said["An easier way"],
        harder=said["A harder way"],
        care_regions=items(facts["care_regions"]),
        care=facts.get("care", ""),
        figure=facts["figure"],
        is_published=True,
        order=int(facts["order"]),
    )
