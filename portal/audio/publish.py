"""Turning a recording into the file that clients hear. Pure of Django.

Decode, level in two passes, add the bell, encode as AAC-LC in an m4a whose index comes first, then decode the
result once more: what is stored about it was measured on the very file that is sent.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.audio import measure
from portal.audio.accept import accept
from portal.audio.ffmpeg import ffmpeg, in_time, reading
from portal.audio.measure import RATE
from portal.audio.progress import ENCODED, MEASURED, READ, Step, round_of, stretch
from portal.audio.refusals import CannotPublish, full_disk_noticed, gettext_noop
from practice.storage.folder import folder_for_group

TARGET_LUFS = -16.0
TRUE_PEAK = -1.5
TOLERANCE = 0.5
MOST_EXTRA = 3.0  # more gain against the limiter would be heard as pressing
ROUNDS = 4
# The encoder adds up to two decibels to a peak, and each round costs as much as the one before: so the
# limiter begins lower, and goes a little further than what was too much.
AT_FIRST, A_LITTLE = 2.7, 0.5
ROUNDED = 0.05  # a peak is measured to a tenth of a decibel
SILENCE_LUFS = -60.0
BITRATE = "48k"
PLAIN = "aformat=sample_fmts=fltp:channel_layouts=mono"
BELL_AFTER_MS = 1200
BELL_SECONDS = 7
# Three partials of a small bowl; the lowest beats slowly against its neighbor. It is part of the file
# because a bell rung by a script does not sound on a locked phone.
BELL = (
    "0.10*min(1,t*60)*("
    "exp(-0.62*t)*(sin(2*PI*329.6*t)+0.6*sin(2*PI*330.5*t))"
    "+0.45*exp(-1.3*t)*sin(2*PI*893*t)+0.16*exp(-2.6*t)*sin(2*PI*1697*t))"
)


@dataclass(frozen=True)
class Published:
    """A file ready to be served. Its name is its hash; length in ms, size in bytes."""

    path: Path
    sha256: str
    duration_ms: int
    size: int


def publish(source: Path, *, target_dir: Path, bell: bool, name: str = "") -> Published:
    """Prepare `source` and put `<sha256>.m4a` into `target_dir`.

    −16 LUFS, true peak at most −1.5 dB (EBU R128), mono, 44.1 kHz. Where both cannot be had, the peak wins
    and the file is a little quieter. Raises CannotPublish with a sentence for the person who sent it, which
    calls the file `name`, else by its own name; then nothing is left in `target_dir`. It is a NotNow where
    the machine is in the way and not the recording.
    """
    name = name or source.name
    with in_time(), full_disk_noticed(), _room(target_dir) as room:
        accept(source, room / "decoded.wav", name=name)
        _level(room / "decoded.wav", room / "ready.m4a", bell=bell, name=name)
        with stretch(Step.PUBLISHING, ENCODED, 100):
            measure.decode(reading(room / "ready.m4a"), room / "check.wav", name=name)
            return _keep(room / "ready.m4a", target_dir, duration_ms=measure.length(room / "check.wav"))


@contextmanager
def _room(target_dir: Path) -> Iterator[Path]:
    """Yield a folder below `target_dir` that is gone afterward, with all that is in it."""
    folder_for_group(target_dir)
    with tempfile.TemporaryDirectory(dir=target_dir, prefix=".publishing-") as folder:
        yield Path(folder)


def _level(decoded: Path, target: Path, *, bell: bool, name: str) -> None:
    """Bring the whole file to the target loudness by one gain, again where the encoder missed it."""
    lasts = measure.length(decoded)
    first = gain = TARGET_LUFS - _loud_enough(decoded, lasts, name=name)
    ceiling = TRUE_PEAK - AT_FIRST
    safe: tuple[float, float] | None = None  # the last gain and ceiling that kept below the peak
    for number in range(ROUNDS):
        begin, encoded, checked = round_of(number)
        with stretch(Step.ENCODING, begin, encoded, sound_ms=lasts):
            _encode(decoded, target, gain=gain, ceiling=ceiling, bell=bell, name=name)
        with stretch(Step.CHECKING, encoded, checked, sound_ms=lasts):
            found = measure.loudness(target)
        too_loud = found.true_peak > TRUE_PEAK - ROUNDED
        missing = TARGET_LUFS - found.lufs
        if not too_loud and (abs(missing) <= TOLERANCE or gain >= first + MOST_EXTRA):
            return
        safe = safe if too_loud else (gain, ceiling)
        ceiling -= found.true_peak - TRUE_PEAK + A_LITTLE if too_loud else 0.0
        gain = min(gain + missing, first + MOST_EXTRA)
    if too_loud:  # what the encoder still adds; the limiter could not know it
        gain, ceiling = safe or (gain - 3, ceiling - 3)
        _encode(decoded, target, gain=gain, ceiling=ceiling, bell=bell, name=name)


def _loud_enough(decoded: Path, lasts: int, *, name: str) -> float:
    """Return the loudness in LUFS; raise CannotPublish for silence."""
    with stretch(Step.MEASURING, READ, MEASURED, sound_ms=lasts):
        found = measure.loudness(decoded)
    if not found.lufs > SILENCE_LUFS:
        raise CannotPublish(
            gettext_noop(
                "%(name)s is silent, or nearly so. "
                "Please check the microphone and the file, and upload the recording again."
            ),
            name=name,
        )
    return found.lufs


def _encode(decoded: Path, target: Path, *, gain: float, ceiling: float, bell: bool, name: str) -> None:
    """Encode with this gain and ceiling in dB; peaks are caught at four times the rate.

    Not loudnorm's own second pass: where a peak is in the way it turns dynamic and lifts the room's noise in
    the long rests, which are most of a lesson.
    """
    level = (
        f"[0:a]volume={gain:.2f}dB,aresample={4 * RATE},"
        f"alimiter=level=false:limit={10 ** (ceiling / 20):.4f}:attack=5:release=80,"
        f"aresample={RATE},{PLAIN}"
    )
    ring = f"[1:a]afade=t=out:st={BELL_SECONDS - 1.5}:d=1.5,adelay={BELL_AFTER_MS},{PLAIN}[bell]"
    graph = f"{level}[voice];{ring};[voice][bell]concat=n=2:v=0:a=1[out]" if bell else f"{level}[out]"
    ffmpeg(
        *("-i", str(decoded)),
        *(("-f", "lavfi", "-i", f"aevalsrc='{BELL}':d={BELL_SECONDS}:s={RATE}") if bell else ()),
        *("-filter_complex", graph, "-map", "[out]", "-map_metadata", "-1", "-fflags", "+bitexact"),
        *f"-c:a aac -profile:a aac_low -b:a {BITRATE} -ar {RATE} -ac 1".split(),
        *("-flags:a", "+bitexact", "-movflags", "+faststart", str(target)),
        refusal=CannotPublish(
            gettext_noop("%(name)s could not be prepared. Please save it again, as m4a or mp3."), name=name
        ),
    )


def _keep(ready: Path, target_dir: Path, *, duration_ms: int) -> Published:
    with ready.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    path = target_dir / f"{sha256}.m4a"
    ready.chmod(0o640)
    os.replace(ready, path)
    return Published(path=path, sha256=sha256, duration_ms=duration_ms, size=path.stat().st_size)
