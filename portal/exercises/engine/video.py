"""Turning a short video into the one that people see: H.264 and AAC in an MP4, without anything else in it.

Checked before, measured afterward on the very file that is sent. The machine's own troubles are `NotNow`, as
for recordings (`portal/audio/refusals.py`).
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.audio.ffmpeg import ffmpeg, in_time, reading, run
from portal.audio.refusals import CannotPublish, full_disk_noticed, gettext_noop
from practice.pictures.engine.prepare import whole

MOST_SECONDS = 60
SPARE = 0.5  # a phone's "one minute" is a little more
LONGER_SIDE = 1280
MOST_PIXELS = 8192 * 8192
#: Never larger than it was, both sides even, as H.264 needs.
SIZE = (
    f"scale=w='if(gte(iw,ih),min({LONGER_SIDE},floor(iw/2)*2),-2)'"
    f":h='if(gte(iw,ih),-2,min({LONGER_SIDE},floor(ih/2)*2))',format=yuv420p"
)
PICTURE = ("-c:v", "libx264", "-profile:v", "main", "-preset", "medium", "-crf", "24", "-fpsmax", "30")
SOUND = ("-c:a", "aac", "-b:a", "96k", "-ac", "1", "-ar", "44100")
BARE = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")


@dataclass(frozen=True)
class PreparedVideo:
    """A video and its first picture, ready to be served. `file` is in the folder that was asked for."""

    file: Path
    poster: bytes
    width: int
    height: int
    duration_ms: int


def prepare(source: Path, target: Path, *, name: str) -> PreparedVideo:
    """Write the prepared video to `target` and return it. Raises CannotPublish; then nothing is left."""
    with in_time(), full_disk_noticed():
        _accept(source, name)
        try:
            _encode(source, target, name)
            stream, seconds = _read(target, name)
            _in_length(seconds, name)
            poster = _poster(target, seconds, name)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    return PreparedVideo(target, poster, int(stream["width"]), int(stream["height"]), round(seconds * 1000))


def _accept(source: Path, name: str) -> None:
    """Raise CannotPublish for anything but a video of at most a minute; nothing is decoded yet."""
    stream, seconds = _read(source, name)
    if int(stream.get("width", 0)) * int(stream.get("height", 0)) > MOST_PIXELS:
        raise CannotPublish(
            gettext_noop("The picture of %(name)s is too large to open safely. Please export it smaller."),
            name=name,
        )
    if seconds:  # a browser's recording says none; it is measured afterward
        _in_length(seconds, name)


def _read(source: Path, name: str) -> tuple[dict[str, Any], float]:
    """Return what a file says about its picture, and its length in seconds; 0 where it says none."""
    asked = "stream=codec_type,width,height:stream_disposition=attached_pic:format=duration"
    result = run("ffprobe", "-v", "error", "-show_entries", asked, "-of", "json", *reading(source))
    if result.returncode:
        raise CannotPublish(
            gettext_noop(
                "%(name)s is not a video that we can read, or it is incomplete. "
                "Please save it as MP4 and upload the whole file."
            ),
            name=name,
        )
    found = json.loads(result.stdout)
    pictures = [
        one
        for one in found.get("streams", ())
        if one.get("codec_type") == "video" and not one.get("disposition", {}).get("attached_pic")
    ]
    if not pictures:
        raise CannotPublish(
            gettext_noop("%(name)s has no moving picture in it. Please upload a video."), name=name
        )
    return pictures[0], float(found.get("format", {}).get("duration") or 0)


def _in_length(seconds: float, name: str) -> None:
    if seconds > MOST_SECONDS + SPARE:
        raise CannotPublish(
            gettext_noop(
                "%(name)s is longer than %(most)s seconds. Please cut it to the movement itself: clients "
                "see it again and again."
            ),
            name=name,
            most=MOST_SECONDS,
        )
    if seconds < 1:
        raise CannotPublish(
            gettext_noop("%(name)s is shorter than a second. Please upload a longer video."), name=name
        )


def _encode(source: Path, target: Path, name: str) -> None:
    """Write the video, upright, from its beginning; what is longer than a minute shows by one second more."""
    ffmpeg(
        *reading(source),
        *("-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-t", str(MOST_SECONDS + 1)),
        *("-vf", SIZE, *PICTURE, *SOUND, *BARE, "-movflags", "+faststart", "-f", "mp4", str(target)),
        refusal=CannotPublish(
            gettext_noop(
                "%(name)s is damaged, so we can’t prepare it. Please save it again as MP4 and upload that."
            ),
            name=name,
        ),
    )


def _poster(video: Path, seconds: float, name: str) -> bytes:
    """Return a picture from the middle of the video."""
    with tempfile.TemporaryDirectory(dir=video.parent) as room:
        still = Path(room) / "still.png"
        ffmpeg(
            *("-ss", f"{seconds / 2:.2f}", *reading(video), "-frames:v", "1", "-update", "1", str(still)),
            refusal=CannotPublish(
                gettext_noop("%(name)s has no picture that we can show. Please upload another video."),
                name=name,
            ),
        )
        return whole(still.read_bytes(), least=2).content
