"""A script is read as it was meant, and its words are found where the cues say."""

import shutil
import wave
from pathlib import Path

import pytest

from portal.audio.synthetic_voice.script import Chapter, Pause, Sentence, UnreadableScript, read_script
from portal.audio.synthetic_voice.speak import Voice, speak

SCRIPT = "# A lesson\n\n## One\n\nLie down. Wait.\n[pause 3]\n\n## Two\n\nGet up.\n"


def test_a_pause_inside_a_sentence_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableScript, match="Line 2"):
        read_script("Lie down.\nWait [pause 3] here.\n")


def test_a_script_is_chapters_sentences_and_pauses() -> None:
    assert read_script(SCRIPT) == [
        Chapter("One"),
        Sentence("Lie down.", closes=False),
        Sentence("Wait.", closes=False),
        Pause(3),
        Chapter("Two"),
        Sentence("Get up.", closes=True),
    ]


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
def test_the_voice_speaks_inside_its_cues_and_nowhere_else(tmp_path: Path) -> None:
    spoken = speak(read_script(SCRIPT), tmp_path / "spoken.wav", voice=Voice())
    with wave.open(str(tmp_path / "spoken.wav")) as sound:
        rate, raw = sound.getframerate(), sound.readframes(sound.getnframes())
    heard = bytearray(raw)
    for cue in spoken.cues:
        a, b = (2 * (ms * rate // 1000) for ms in (cue.start_ms - 1, cue.end_ms + 1))
        assert any(heard[a:b])
        heard[a : b + 2] = bytes(b + 2 - a)
    assert not any(heard)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
def test_a_pause_lasts_as_long_as_it_was_asked_to(tmp_path: Path) -> None:
    spoken = speak(read_script("Wait.\n[pause 3]\nGo on.\n"), tmp_path / "spoken.wav", voice=Voice())
    first, second = spoken.cues
    assert second.start_ms - first.end_ms == pytest.approx(3500, abs=2)
