"""The rests of a recording, found in real sound."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from portal.audio.refusals import CannotPublish
from portal.lesson_editing.silences import find_silences

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """Sound for two seconds, a rest of four, sound, a breath of two, sound, and quiet to the end."""
    path = tmp_path / "spoken.m4a"
    heard = "between(t,0,2)+between(t,6,8)+between(t,10,12)"
    tone = f"aevalsrc='0.3*sin(440*2*PI*t)*({heard})':d=16"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", tone, path], check=True)
    return path


def test_rests_are_found_also_at_the_end_and_a_breath_is_not(spoken: Path) -> None:
    found = [(round(start, -2), round(end, -2)) for start, end in find_silences(spoken)]
    assert found == [(2000, 6000), (12000, 16000)]


def test_a_file_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.m4a"
    path.write_text("words")
    with pytest.raises(CannotPublish):
        find_silences(path)
