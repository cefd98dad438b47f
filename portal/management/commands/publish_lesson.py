"""`manage.py publish_lesson FILE --lesson SLUG`: publish a recording, or a prepared folder, on its lesson."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.audio.refusals import CannotPublish
from portal.lessons.actions.recordings import install_folder, publish_audio
from portal.models import Lesson


class Command(BaseCommand):
    """The command that publishes a recording at once, in this process, and prints the result."""

    help = "Publish a recording for a lesson. FILE: an audio file, or a folder with a prepared lesson."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--lesson", required=True, metavar="SLUG", help="The web address of the lesson.")
        parser.add_argument("--no-bell", action="store_true", help="Do not add the bell at the end.")

    def handle(self, *args: Any, **options: Any) -> None:
        lesson = Lesson.objects.filter(slug=options["lesson"]).first()
        if lesson is None:
            known = ", ".join(Lesson.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no lesson “{options['lesson']}”. Known lessons: {known}.")
        if not options["file"].exists():
            raise CommandError(f"File not found: {options['file']}.")
        try:
            if options["file"].is_dir():
                recording = install_folder(lesson, folder=options["file"])
            else:
                recording = publish_audio(lesson, source=options["file"], bell=not options["no_bell"])
        except CannotPublish as refusal:
            raise CommandError(str(refusal)) from refusal
        minutes, seconds = divmod(recording.duration_ms // 1000, 60)
        self.stdout.write(f"“{lesson.title}” now plays {recording.file}, {minutes}:{seconds:02}.")
