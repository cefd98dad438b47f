"""Measuring a recording: length and loudness. Pure of Django."""

import re
import wave
from dataclasses import dataclass
from pathlib import Path

from portal.audio.ffmpeg import ffmpeg
from portal.audio.refusals import CannotPublish, gettext_noop

RATE = 44_100
LONGEST_S = 3600  # a small file of very long silence would be decoded to gigabytes
OPPOSED_DB = 10.0  # the sum of two channels is at most 3 dB below them, unless they cancel each other
# Silence where the time of a recording jumps: else it would be shorter than it says, and heard too early.
IN_STEP = f"aresample={RATE}:async=1"
# The last lines of ebur128. In silence it writes -70.0 LUFS and a peak of -inf.
SUMMARY = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS.*?Peak:\s+(-?[\d.]+|-inf) dBFS", re.DOTALL)
HALVES = {"sum": "0.5*c0+0.5*c1", "difference": "0.5*c0-0.5*c1"}


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP (EBU R128)."""

    lufs: float
    true_peak: float


def loudness(source: Path) -> Loudness:
    """Return the loudness of a file that is already known to be readable, to a tenth.

    By ebur128 and not by loudnorm, which measures the same and levels it too: four times the work.
    """
    said = ffmpeg(
        *("-i", f"file:{source.resolve()}", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"),
        refusal=(
            refusal := CannotPublish(gettext_noop("The loudness of the recording could not be measured."))
        ),
    )
    found = SUMMARY.findall(said)
    if not found:
        raise refusal
    lufs, true_peak = found[-1]
    return Loudness(lufs=float(lufs), true_peak=float(true_peak))


def decode(arguments: list[str], target: Path, *, name: str, stereo: bool = False) -> None:
    """Decode the first sound stream to mono wave at 44.1 kHz, cut at an hour and 30 s for the bell.

    Two channels in opposite phase, as from a balanced cable in a stereo socket, are loud on headphones, but
    their sum is silence: of them the difference is taken.
    """
    if not stereo:
        _decode(arguments, ["-map", "0:a:0", "-af", IN_STEP, "-ac", "1"], target, name=name)
        return
    said = _decode(arguments, _mixing("sum"), target, name=name)
    if _mean(said, "channels") - _mean(said, "mix") > OPPOSED_DB:
        _decode(arguments, _mixing("difference"), target, name=name)


def _mixing(how: str) -> list[str]:
    """Return the arguments that make one channel of two, and measure how loud both are."""
    channels = "[a]aformat=sample_fmts=s16:channel_layouts=stereo,volumedetect@channels,anullsink"
    mix = f"[b]aformat=channel_layouts=stereo,pan=mono|c0={HALVES[how]},volumedetect@mix[out]"
    return ["-filter_complex", f"[0:a:0]{IN_STEP},asplit[a][b];{channels};{mix}", "-map", "[out]"]


def _mean(said: str, where: str) -> float:
    """Return the mean volume in dB that ffmpeg wrote for one of its two meters; 0 when it wrote none."""
    found = re.search(rf"^\[volumedetect@{where} .*mean_volume: (-?[\d.]+) dB", said, re.MULTILINE)
    return float(found[1]) if found else 0.0


def _decode(arguments: list[str], filters: list[str], target: Path, *, name: str) -> str:
    return ffmpeg(
        *arguments,
        *filters,
        *f"-vn -ar {RATE} -t {LONGEST_S + 30} -c:a pcm_s16le -f wav".split(),
        str(target),
        refusal=CannotPublish(
            gettext_noop("%(name)s could not be decoded. Please save it again, as m4a or mp3."), name=name
        ),
    )


def length(decoded: Path) -> int:
    """Return the length in ms, counted in samples."""
    with wave.open(str(decoded)) as sound:
        return round(sound.getnframes() * 1000 / sound.getframerate())
