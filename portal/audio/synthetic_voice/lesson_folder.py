"""A lesson's folder: script.md in; audio.m4a, cues.json, chapters.json, audio.json out. Pure of Django."""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from portal.audio.publish import Published, publish
from portal.audio.refusals import CannotPublish
from portal.audio.synthetic_voice.script import read_script
from portal.audio.synthetic_voice.speak import Voice, soften, speak
from portal.audio.transcript import ChapterMark, TranscriptSentence


def speak_lesson(folder: Path, *, voice: Voice) -> Published:
    """Speak `folder`/script.md and publish it beside the script, with the times of its words.

    Raises CannotPublish or UnreadableScript; then the folder is as it was.
    """
    script = folder / "script.md"
    if not script.is_file():
        raise CannotPublish(f"File not found: {script}.")
    beats = read_script(script.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="lesson-") as scratch:
        room = Path(scratch)
        spoken = speak(beats, room / "spoken.wav", voice=voice)
        soften(room / "spoken.wav", room / "softened.wav")
        published = publish(room / "softened.wav", target_dir=folder, bell=True)
    os.replace(published.path, folder / "audio.m4a")
    _write(folder / "cues.json", spoken.cues)
    _write(folder / "chapters.json", spoken.chapters)
    facts = {
        "sha256": published.sha256,
        "duration_ms": published.duration_ms,
        "size": published.size,
    }
    (folder / "audio.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
    return published


def _write(path: Path, rows: Sequence[TranscriptSentence | ChapterMark]) -> None:
    """Write one row a line, so that a change of one sentence is one line of a diff."""
    lines = ",\n".join("  " + json.dumps(asdict(row), ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
