"""Serving a file that is played over HTTP: whole, in part, or handed to nginx. Access was checked before."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import parse_etags

from portal.audio.ranges import Span, Unsatisfiable, asked_for, still_current
from portal.models import LessonAudio

BLOCK = 512 * 1024  # as fast as larger ones, and little memory for each listener
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


@lru_cache(maxsize=1)
def _resolved(root: str) -> Path:
    return Path(root).resolve()


def within_media(file: str) -> Path:
    """Return the path of a file below MEDIA_ROOT. Raises Http404 for a row that points out of it."""
    root = _resolved(str(settings.MEDIA_ROOT))
    path = (root / file).resolve()
    if not path.is_relative_to(root):
        raise Http404("outside of the media folder")
    return path


def path_of(recording: LessonAudio) -> Path:
    """Return the path of the recording's file. Raises Http404 for a row that points out of MEDIA_ROOT."""
    return within_media(recording.file)


def is_there(recording: LessonAudio) -> bool:
    """Return whether the file exists (a page says so in a sentence when not)."""
    return path_of(recording).is_file()


def serve(request: HttpRequest, recording: LessonAudio) -> HttpResponseBase:
    """Return 200, 206, 304 or 416, with the same headers whether Django or nginx sends the bytes.

    Raises Http404 when the file is gone.
    """
    response = serve_file(request, recording.file, mark=recording.sha256, content_type=recording.content_type)
    is_public = recording.lesson.is_free and recording.lesson.is_published
    if is_public and not _may_be_refused(request, size=path_of(recording).stat().st_size):
        response["Cache-Control"] = FOR_EVERYBODY
    return response


def serve_file(request: HttpRequest, file: str, *, mark: str, content_type: str) -> HttpResponseBase:
    """Return a file below MEDIA_ROOT as `serve` does, kept by one browser only. Raises Http404.

    mark: changes with the content. Never compressed: a compressed answer cannot be sought in.
    """
    etag, path = f'"{mark}"', within_media(file)
    if not path.is_file():
        raise Http404("the file is gone")
    size = path.stat().st_size
    if _known(request, etag):
        response = _unchanged(size)
    elif settings.X_ACCEL != "off":
        response = HttpResponse()
        response["X-Accel-Redirect"] = settings.X_ACCEL + quote(file)
    else:
        response = _bytes(request, lambda: path.open("rb"), size=size, etag=etag)
    return _described(response, etag=etag, content_type=content_type)


def serve_made(request: HttpRequest, content: bytes, *, mark: str, content_type: str) -> HttpResponseBase:
    """Return bytes that were made for this request as `serve_file` returns a file's."""
    etag = f'"{mark}"'
    if _known(request, etag):
        response = _unchanged(len(content))
    else:
        response = _bytes(request, lambda: io.BytesIO(content), size=len(content), etag=etag)
    return _described(response, etag=etag, content_type=content_type)


def _unchanged(size: int) -> HttpResponseBase:
    """Return a 304 with the length of what is kept.

    A cache that was told of 0 bytes may cut its copy short (RFC 9110, 8.6).
    """
    return HttpResponse(status=304, headers={"Content-Length": str(size)})


def _described(response: HttpResponseBase, *, etag: str, content_type: str) -> HttpResponseBase:
    if response.status_code != 416:
        response["Content-Type"] = content_type
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = FOR_ONE
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


def _bytes(request: HttpRequest, opened: Callable[[], BinaryIO], *, size: int, etag: str) -> HttpResponseBase:
    """Return all bytes, or the one span asked for; only the headers for HEAD (which has no ranges)."""
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
        blocks = Blocks(opened(), first=span.first, length=span.length)
        response = StreamingHttpResponse(blocks, status=206 if wanted else 200)
    response["Content-Length"] = str(span.length)
    if wanted:
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return response
