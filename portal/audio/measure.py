"""Measuring a recording: length and loudness. Pure of Django."""

import json
import re
import wave
from dataclasses import dataclass
from pathlib import Path

from portal.audio.ffmpeg import ffmpeg

RATE = 44_100
LONGEST_S = 3600  # a small file of very long silence would be decoded to gigabytes


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP (EBU R128)."""

    lufs: float
    true_peak: float


def loudness(source: Path) -> Loudness:
    """Return the loudness of a file that is already known to be readable."""
    said = ffmpeg(
        *("-i", f"file:{source.resolve()}", "-af", "loudnorm=print_format=json", "-f", "null", "-"),
        refusal="The loudness of the recording could not be measured.",
    )
    found = json.loads(re.findall(r"\{[^{}]*\}", said)[-1])
    return Loudness(lufs=float(found["input_i"]), true_peak=float(found["input_tp"]))


def decode(arguments: list[str], target: Path, *, name: str) -> None:
    """Decode the first sound stream to mono wave at 44.1 kHz, cut at an hour and 30 s for the bell."""
    ffmpeg(
        *arguments,
        *f"-map 0:a:0 -vn -ac 1 -ar {RATE} -t {LONGEST_S + 30} -c:a pcm_s16le -f wav".split(),
        str(target),
        refusal=f"{name} could not be decoded.",
    )


def length(decoded: Path) -> int:
    """Return the length in ms, counted in samples."""
    with wave.open(str(decoded)) as sound:
        return round(sound.getnframes() * 1000 / sound.getframerate())
