"""Serving a recording over HTTP: whole, in part, or handed to nginx. Access was checked before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import parse_etags

from portal.audio.ranges import Span, Unsatisfiable, asked_for, still_current
from portal.models import LessonAudio

BLOCK = 64 * 1024
FOR_EVERYBODY = "public, max-age=31536000, immutable"  # the address changes with the content
FOR_ONE = "private, no-cache"  # kept, but asked for again each time: an assignment can end


class Blocks:
    """The `length` bytes of an open file from `first` on, in blocks. The server closes it in any case."""

    def __init__(self, file: BinaryIO, *, first: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (block := self.file.read(min(BLOCK, self.left))):
            self.left -= len(block)
            yield block
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def path_of(recording: LessonAudio) -> Path:
    """Return the path of the recording's file. Raises Http404 for a row that points out of MEDIA_ROOT."""
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / recording.file).resolve()
    if not path.is_relative_to(root):
        raise Http404("outside of the media folder")
    return path


def is_there(recording: LessonAudio) -> bool:
    """Return whether the file exists (a page says so in a sentence when not)."""
    return path_of(recording).is_file()


def serve(request: HttpRequest, recording: LessonAudio) -> HttpResponseBase:
    """Return 200, 206, 304 or 416, with the same headers whether Django or nginx sends the bytes.

    Raises Http404 when the file is gone. Never compressed: a compressed answer cannot be sought in.
    """
    etag = f'"{recording.sha256}"'
    path = path_of(recording)
    if not path.is_file():
        raise Http404("the file of this recording is gone")
    if _known(request, etag):
        # The length of what is kept: a cache that was told of 0 bytes may cut its copy short (RFC 9110, 8.6).
        response: HttpResponseBase = HttpResponse(
            status=304, headers={"Content-Length": str(path.stat().st_size)}
        )
    elif settings.X_ACCEL != "off":
        response = HttpResponse()
        response["X-Accel-Redirect"] = settings.X_ACCEL + quote(recording.file)
    else:
        response = _bytes(request, path, etag=etag)
    if response.status_code != 416:
        response["Content-Type"] = recording.content_type
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    is_public = recording.lesson.is_free and recording.lesson.is_published
    kept = is_public and not _may_be_refused(request, size=path.stat().st_size)
    response["Cache-Control"] = FOR_EVERYBODY if kept else FOR_ONE
    return response


def _may_be_refused(request: HttpRequest, *, size: int) -> bool:
    """Return whether the range may be answered 416, which no shared cache may keep.

    Kept for a year by a cache, that answer would be everybody's.
    """
    header = request.headers.get("Range")
    return header is not None and not isinstance(asked_for(header, size=size), Span)


def _known(request: HttpRequest, etag: str) -> bool:
    """Return whether `If-None-Match` names this content; here a weak ETag is as good as a strong one."""
    named = [name.removeprefix("W/") for name in parse_etags(request.headers.get("If-None-Match", ""))]
    return etag in named or "*" in named


def _bytes(request: HttpRequest, path: Path, *, etag: str) -> HttpResponseBase:
    """Return the file, or the one span asked for; only the headers for HEAD (which has no ranges)."""
    size = path.stat().st_size
    headers = request.headers
    wanted: Span | Unsatisfiable | None = None
    if request.method == "GET" and still_current(headers.get("If-Range"), etag=etag):
        wanted = asked_for(headers.get("Range"), size=size)
    if isinstance(wanted, Unsatisfiable):
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{size}"}, content_type="text/plain"
        )
    span = wanted or Span(0, size - 1)
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse()
    else:
        blocks = Blocks(path.open("rb"), first=span.first, length=span.length)
        response = StreamingHttpResponse(blocks, status=206 if wanted else 200)
    response["Content-Length"] = str(span.length)
    if wanted:
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return response
