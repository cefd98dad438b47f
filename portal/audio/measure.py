"""Measuring a recording: length, loudness and waveform. Pure of Django."""

import array
import json
import re
import sys
import wave
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from portal.audio.ffmpeg import ffmpeg

RATE = 44_100
PEAKS = 240
LONGEST_S = 3600  # a small file of very long silence would be decoded to gigabytes
BLOCK = RATE // 100  # 10 ms: fine enough to be folded into any number of peaks


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP (EBU R128)."""

    lufs: float
    true_peak: float


def loudness(source: Path) -> Loudness:
    """Return the loudness of a file that is already known to be readable."""
    said = ffmpeg(
        *("-i", f"file:{source.resolve()}", "-af", "loudnorm=print_format=json", "-f", "null", "-"),
        refusal=f"The loudness of {source.name} could not be measured.",
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


def length_and_peaks(decoded: Path) -> tuple[int, tuple[int, ...]]:
    """Return the length in ms, counted in samples, and 240 peaks, 0 to 100 (the loudest)."""
    with wave.open(str(decoded)) as sound:
        frames = sound.getnframes()
        rate = sound.getframerate()
        blocks = [_loudest(sound.readframes(BLOCK)) for _ in range(0, frames, BLOCK)]
    return round(frames * 1000 / rate), fold(blocks, PEAKS)


def fold(blocks: list[int], count: int) -> tuple[int, ...]:
    """Return fine peaks folded into `count` of them, scaled so that the highest is 100.

    Their mean, not their greatest: one word in a long rest would make it look like speech.
    """
    edges = [i * len(blocks) // count for i in range(count + 1)]
    means = [fmean(blocks[a : max(b, a + 1)] or [0]) for a, b in pairwise(edges)]
    top = max(means) or 1
    return tuple(round(100 * mean / top) for mean in means)


def _loudest(frames: bytes) -> int:
    samples = array.array("h", frames)
    if sys.byteorder == "big":
        samples.byteswap()
    if not samples:
        return 0
    highest, lowest = max(samples), min(samples)
    return max(highest, -lowest)
