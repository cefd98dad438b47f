"""Running ffmpeg and ffprobe safely, and what can go wrong. Pure of Django.

Files that come here were uploaded by people, so ffmpeg reads local files only and only kinds of file that
hold sound themselves: a playlist that names another file of the machine is not followed.
"""

import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.audio import progress
from portal.audio.progress import Stretch
from portal.audio.refusals import CannotPublish, DiskFull, ToolMissing, ToolStopped, gettext_noop
from portal.audio.stated_length import mp3_breaks_off, mp3_ms, ogg_breaks_off, wav_ms

FORMATS = "wav,w64,aiff,flac,mp3,aac,mov,mp4,m4a,ogg,matroska,webm,caf"
LIMIT_SECONDS = 1200  # for all that is done with one recording; below the limits of portal.publish_waiting
# What ffmpeg itself says, at the beginning of a line; what an uploaded file says about itself is indented.
NO_ROOM = re.compile(rb"^\S.*(?:No space left on device|Disk quota exceeded)", re.MULTILINE)
SIGNALED = re.compile(rb"^Exiting normally, received signal", re.MULTILINE)
AT = re.compile(rb"out_time_us=(\d+)")  # microseconds of sound that are done, told twice a second
# A WebM is not asked: a browser's recorder that crashed may have ended anywhere, and what was spoken is kept.
BREAKS_OFF = {"mp3": mp3_breaks_off, "ogg": ogg_breaks_off}
_deadline: ContextVar[float | None] = ContextVar("when the work on a recording is given up", default=None)


@dataclass(frozen=True)
class Probe:
    """What a file says about itself; `stated_ms` is None when it states no length."""

    format: str
    stated_ms: int | None
    channels: int
    breaks_off: bool = False


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
    """Run a tool without a shell and return its result, whatever its exit code.

    Raises ToolMissing, or ToolStopped when the tool was killed.
    """
    stretch = progress.current() if tool == "ffmpeg" else None
    try:
        if stretch:
            result = _followed([tool, "-progress", "pipe:1", "-nostats", *arguments], stretch)
        else:
            result = subprocess.run(
                [tool, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_seconds_left(),
                check=False,
            )
    except (FileNotFoundError, PermissionError) as missing:
        raise ToolMissing(tool) from missing
    except subprocess.TimeoutExpired as late:
        raise CannotPublish(
            gettext_noop(
                "Preparing the recording took longer than %(minutes)s minutes. "
                "Please try it as an m4a or mp3 file."
            ),
            minutes=LIMIT_SECONDS // 60,
        ) from late
    if result.returncode < 0 or SIGNALED.search(result.stderr):
        raise ToolStopped(tool)
    return result


def _followed(command: list[str], stretch: Stretch) -> subprocess.CompletedProcess[bytes]:
    """Run ffmpeg and tell how far it is; whatever happens in between, it does not go on alone."""
    seconds, said = _seconds_left(), [b""]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        begun, errors = time.monotonic(), process.stderr
        listener = threading.Thread(target=lambda: said.append(errors.read()))
        limit = threading.Timer(seconds, process.kill)
        listener.start()
        limit.start()
        try:
            for line in process.stdout:
                if found := AT.match(line):
                    stretch.at(int(found[1]) // 1000)
            process.wait()
        finally:
            limit.cancel()
            process.kill()
            listener.join()
    if process.returncode < 0 and time.monotonic() - begun >= seconds:
        raise subprocess.TimeoutExpired(command, seconds)
    return subprocess.CompletedProcess(command, process.returncode, b"", said[-1])


def ffmpeg(*arguments: str, refusal: CannotPublish) -> str:
    """Run ffmpeg and return what it wrote to stderr; raise `refusal` when it fails, DiskFull without room.

    ffmpeg can end well although the end of a file found no room: what it wrote is asked too.
    """
    result = run("ffmpeg", "-hide_banner", "-nostdin", "-y", *arguments)
    if NO_ROOM.search(result.stderr):
        raise DiskFull
    if result.returncode:
        raise refusal
    return result.stderr.decode(errors="replace")


def reading(source: Path) -> list[str]:
    """Return the arguments that open a local sound file, and nothing but a local sound file."""
    return ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", f"file:{source.resolve()}"]


def probe(source: Path, *, name: str = "") -> Probe:
    """Return what a file says about itself; raise CannotPublish when it is missing or has no sound."""
    called = name or source.name
    if not source.is_file():
        raise CannotPublish(gettext_noop("File not found: %(name)s."), name=called)
    if not source.stat().st_size:
        raise CannotPublish(gettext_noop("%(name)s is empty. Please upload it again."), name=called)
    streams = "stream=codec_type,channels,duration,start_time:stream_disposition=attached_pic"
    shown = ["-show_entries", f"{streams}:stream_tags=DURATION:format=format_name,duration"]
    result = run("ffprobe", "-v", "error", *shown, "-of", "json", *reading(source))
    if result.returncode:
        raise _unreadable(result.stderr, called)
    found = json.loads(result.stdout)
    sound = [one for one in found.get("streams", ()) if one.get("codec_type") == "audio"]
    if not sound:
        raise CannotPublish(
            gettext_noop("%(name)s has no sound in it. Please upload the recording of your voice."),
            name=called,
        )
    kind = str(found["format"]["format_name"])
    return Probe(
        format=kind,
        stated_ms=_stated(source, kind, found, sound[0]),
        channels=int(sound[0].get("channels", 0)),
        breaks_off=BREAKS_OFF.get(kind, _never)(source),
    )


def _never(_source: Path) -> bool:
    return False


def _unreadable(said: bytes, called: str) -> CannotPublish:
    """Return the refusal of a file that ffprobe cannot open; an m4a whose end is missing has no index."""
    if b"moov atom not found" in said:
        return CannotPublish(
            gettext_noop(
                "%(name)s is incomplete: its index is missing, so it cannot be played. "
                "Please save it again and upload the whole file."
            ),
            name=called,
        )
    return CannotPublish(
        gettext_noop(
            "%(name)s is not an audio file that we can read. "
            "Please save it as WAV, MP3, M4A, FLAC, AIFF, Ogg or WebM."
        ),
        name=called,
    )


def _stated(source: Path, kind: str, found: dict[str, Any], sound: dict[str, Any]) -> int | None:
    """Return the length in ms that the file itself states for its sound.

    Not the container's length where something else is in it: a film can last longer than its sound. What
    comes before a sound that begins late is no part of it.
    """
    told = _ms(sound.get("duration"))
    if kind == "wav":
        return wav_ms(source) or told
    if kind == "mp3":
        return mp3_ms(source)
    if kind == "aac":  # states none; ffprobe guesses it from the bit rate
        return None
    if told is None:
        told = _ms(sound.get("tags", {}).get("DURATION"))
    if told is None and len(_tracks(found)) == 1:
        told = _ms(found["format"].get("duration"))
    return None if told is None else told - max(0, _ms(sound.get("start_time")) or 0)


def _tracks(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the streams that last: a cover picture is none."""
    return [one for one in found["streams"] if not one.get("disposition", {}).get("attached_pic")]


def _ms(told: str | None) -> int | None:
    """Return a time such as "12.5" or "00:00:12.500" in ms; None where there is none."""
    try:
        hours, minutes, seconds = (float(one) for one in f"0:0:{told}".split(":")[-3:])
    except ValueError:
        return None
    return round((hours * 60 + minutes) * 60_000 + seconds * 1000)
