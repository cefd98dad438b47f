"""Running ffmpeg and ffprobe safely, and what can go wrong. Pure of Django.

Files that come here were uploaded by people, so ffmpeg reads local files only and only kinds of file that
hold sound themselves: a playlist that names another file of the machine is not followed.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from portal.audio.stated_length import counts_its_frames, wav_ms

FORMATS = "wav,w64,aiff,flac,mp3,aac,mov,mp4,m4a,ogg,matroska,webm,caf"
GUESSED = {"mp3", "aac"}  # mostly without a stated length; ffprobe guesses it from the bit rate
LIMIT_SECONDS = 1200  # for all that is done with one recording; below the limits of portal.publish_waiting
_deadline: ContextVar[float | None] = ContextVar("when the work on a recording is given up", default=None)


class CannotPublish(Exception):
    """Raised when a recording will not be published; the message can be shown to the person who sent it."""


class ToolMissing(CannotPublish):
    """Raised when ffmpeg, ffprobe or espeak-ng is not installed on this machine."""


@dataclass(frozen=True)
class Probe:
    """The format name of a file and its stated length in ms (None when it does not say)."""

    format: str
    stated_ms: int | None


@contextmanager
def in_time() -> Iterator[None]:
    """Limit everything run within, together, to LIMIT_SECONDS; then CannotPublish is raised."""
    token = _deadline.set(time.monotonic() + LIMIT_SECONDS)
    try:
        yield
    finally:
        _deadline.reset(token)


def _seconds_left() -> float:
    deadline = _deadline.get()
    return LIMIT_SECONDS if deadline is None else max(0.0, deadline - time.monotonic())


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a tool without a shell and return its result, whatever its exit code."""
    try:
        return subprocess.run(
            [tool, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_seconds_left(),
            check=False,
        )
    except FileNotFoundError as missing:
        raise ToolMissing(
            f"{tool} is not installed on this machine; it is needed to prepare audio."
        ) from missing
    except subprocess.TimeoutExpired as late:
        raise CannotPublish(
            f"Preparing the recording took longer than {LIMIT_SECONDS // 60} minutes."
        ) from late


def ffmpeg(*arguments: str, refusal: str) -> str:
    """Run ffmpeg and return what it wrote to stderr; raise CannotPublish(refusal) when it fails."""
    result = run("ffmpeg", "-hide_banner", "-nostdin", "-y", *arguments)
    if result.returncode:
        raise CannotPublish(refusal)
    return result.stderr.decode(errors="replace")


def reading(source: Path) -> list[str]:
    """Return the arguments that open a local sound file, and nothing but a local sound file."""
    return ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", f"file:{source.resolve()}"]


def probe(source: Path, *, name: str = "") -> Probe:
    """Return format and stated length of a file; raise CannotPublish when it is missing or has no sound."""
    called = name or source.name
    if not source.is_file():
        raise CannotPublish(f"File not found: {called}.")
    shown = ["-show_entries", "format=format_name,duration", "-show_entries", "stream=codec_type"]
    result = run("ffprobe", "-v", "error", "-select_streams", "a", *shown, "-of", "json", *reading(source))
    if result.returncode:
        raise CannotPublish(f"{called} is not an audio file that we can read.")
    found = json.loads(result.stdout)
    if not found.get("streams"):
        raise CannotPublish(f"{called} has no sound.")
    about = found["format"]
    kind = str(about["format_name"])
    told = round(float(about["duration"]) * 1000) if "duration" in about else None
    return Probe(format=kind, stated_ms=_stated(source, kind, told))


def _stated(source: Path, kind: str, told: int | None) -> int | None:
    """Return the length in ms that the file itself states; `told`: what ffprobe says."""
    if kind == "wav":
        return wav_ms(source) or told
    if kind == "mp3" and counts_its_frames(source):
        return told
    return None if kind in GUESSED else told
