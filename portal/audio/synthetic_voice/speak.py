"""A synthetic voice for a script, so that a lesson can be heard before a person has read it.

Pure of Django. Each sentence is spoken by espeak-ng on its own and laid into the recording at a counted
sample, so the times of the cues are exact and not guessed from the words.
"""

import array
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from portal.audio.ffmpeg import ffmpeg, run
from portal.audio.refusals import CannotPublish
from portal.audio.synthetic_voice.script import Chapter, Pause, ScriptPart
from portal.audio.transcript import ChapterMark, TranscriptSentence

Samples: TypeAlias = "array.array[int]"  # signed, 16 bit

RATE = 22_050  # what espeak-ng gives
AFTER_SENTENCE = 0.5
AFTER_PARAGRAPH = 1.1
BEFORE_CHAPTER = 2.0
LEAD_IN = 1.5
TAIL = 2.0
HUSH = 60  # below this a sample is silence around the sentence, of 32,768

# A room around the voice: less of what is sharp in it, a little of what comes back from walls and a floor.
ROOM = "anoisesrc=color=brown:sample_rate=44100:amplitude=1:seed=7"
SOFTEN = (
    "[0:a]aresample=44100,highpass=f=75,equalizer=f=180:t=q:w=1:g=2,equalizer=f=3100:t=q:w=0.8:g=-5,"
    "lowpass=f=6200,"
    # A made voice has all its strength at one instant of each pulse; turned in phase it is rounder.
    "allpass=f=120:t=q:w=0.5,allpass=f=250:t=q:w=0.5,allpass=f=500:t=q:w=0.5,"
    "allpass=f=1000:t=q:w=0.5,allpass=f=2000:t=q:w=0.5,"
    "acompressor=threshold=0.06:ratio=3:knee=4:attack=4:release=140:makeup=3,"
    "aecho=1:0.9:19|37|61|89:0.16|0.11|0.07|0.04[voice];"
    "[1:a]lowpass=f=420,volume=-66dB[room];"
    "[voice][room]amix=inputs=2:duration=first:normalize=0[out]"
)


@dataclass(frozen=True)
class Voice:
    """The settings of espeak-ng: words per minute, pitch 0 to 99, extra rest between words in 10 ms."""

    name: str = "en-us"
    speed: int = 132
    pitch: int = 30
    word_gap: int = 1


@dataclass(frozen=True)
class Spoken:
    """The sentences and chapters spoken, with their times."""

    cues: tuple[TranscriptSentence, ...]
    chapters: tuple[ChapterMark, ...]
    duration_ms: int


def speak(beats: list[ScriptPart], target: Path, *, voice: Voice) -> Spoken:
    """Speak a script into the wave file `target`; raises CannotPublish (ToolMissing without espeak-ng)."""
    track = array.array("h", bytes(2 * int(LEAD_IN * RATE)))
    cues: list[TranscriptSentence] = []
    chapters: list[ChapterMark] = []
    with tempfile.TemporaryDirectory(prefix="speaking-") as folder:
        for beat in beats:
            if isinstance(beat, Chapter):
                _rest(track, BEFORE_CHAPTER if cues else 0)
                chapters.append(ChapterMark(_ms(track), beat.title))
            elif isinstance(beat, Pause):
                _rest(track, beat.seconds)
            else:
                start = _ms(track)
                track.extend(_say(beat.text, Path(folder) / "sentence.wav", voice=voice))
                cues.append(TranscriptSentence(start, _ms(track), beat.text))
                _rest(track, AFTER_PARAGRAPH if beat.closes else AFTER_SENTENCE)
    _rest(track, TAIL)
    _write(track, target)
    return Spoken(tuple(cues), tuple(chapters), _ms(track))


def soften(spoken: Path, target: Path) -> None:
    """Filter the voice and add quiet room sound. Times stay as they are."""
    ffmpeg(
        *("-i", str(spoken), "-f", "lavfi", "-i", ROOM),
        *("-filter_complex", SOFTEN, "-map", "[out]", "-ac", "1", "-c:a", "pcm_s16le", str(target)),
        refusal=CannotPublish("The spoken lesson could not be processed."),
    )


def _say(text: str, scratch: Path, *, voice: Voice) -> Samples:
    plain = text.replace("’", "'").replace("“", "").replace("”", "")
    told = ["-v", voice.name, "-s", str(voice.speed), "-p", str(voice.pitch), "-g", str(voice.word_gap)]
    if run("espeak-ng", *told, "-w", str(scratch), "--", plain).returncode:
        raise CannotPublish(f"The voice could not say: {text}")
    with wave.open(str(scratch)) as sound:
        samples = array.array("h", sound.readframes(sound.getnframes()))
    return _trim(samples)


def _trim(samples: Samples) -> Samples:
    """Return the sentence without the quiet around it, since our own rests are added."""
    loud = [i for i in range(0, len(samples), 64) if max(samples[i : i + 64]) > HUSH]
    return samples[loud[0] : loud[-1] + 128] if loud else samples


def _rest(track: Samples, seconds: float) -> None:
    track.frombytes(bytes(2 * int(seconds * RATE)))


def _ms(track: Samples) -> int:
    return round(len(track) * 1000 / RATE)


def _write(track: Samples, target: Path) -> None:
    if sys.byteorder == "big":
        track.byteswap()
    with wave.open(str(target), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(track.tobytes())
