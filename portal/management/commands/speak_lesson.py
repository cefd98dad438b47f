"""`manage.py speak_lesson DIR`: speak a lesson's script with a synthetic voice."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.audio.refusals import CannotPublish
from portal.audio.synthetic_voice.lesson_folder import speak_lesson
from portal.audio.synthetic_voice.script import UnreadableScript
from portal.audio.synthetic_voice.speak import Voice


class Command(BaseCommand):
    """The command that speaks DIR/script.md into DIR/audio.m4a, with its JSON files beside it."""

    help = "Read DIR/script.md aloud with espeak-ng; write audio.m4a, cues.json, chapters.json, audio.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder, and the settings of the voice."""
        usual = Voice()
        parser.add_argument("folder", type=Path)
        parser.add_argument("--voice", default=usual.name, help="an espeak-ng voice (default %(default)s)")
        parser.add_argument(
            "--speed", type=int, default=usual.speed, help="words a minute (default %(default)s)"
        )
        parser.add_argument("--pitch", type=int, default=usual.pitch, help="0 to 99 (default %(default)s)")

    def handle(self, *, folder: Path, voice: str, speed: int, pitch: int, **_: object) -> None:
        """Speak the lesson, or say in one sentence why not."""
        try:
            made = speak_lesson(folder, voice=Voice(name=voice, speed=speed, pitch=pitch))
        except (CannotPublish, UnreadableScript) as refusal:
            raise CommandError(str(refusal)) from refusal
        minutes, seconds = divmod(made.duration_ms // 1000, 60)
        self.stdout.write(f"{folder / 'audio.m4a'}: {minutes}:{seconds:02}, {made.size / 1e6:.1f} MB")
