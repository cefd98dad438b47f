"""Serving a file that is played over HTTP: whole, in part, handed to nginx, or by a link to the bucket.

Access was checked before.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import parse_etags

from portal.audio.ranges import Span, Unsatisfiable, asked_for, still_current
from portal.models import LessonAudio
from practice.storage.chosen import media
from practice.storage.errors import StorageAway
from practice.storage.store import MediaStore

BLOCK = 512 * 1024  # as fast as larger ones, and little memory for each listener
FOR_EVERYBODY = "public, max-age=31536000, immutable"  # the address changes with the content
SLOWEST, REST = 0.75, dt.timedelta(minutes=15)  # the slowest speed of the player (player.js)
FOR_ONE = "private, no-cache"  # kept, but asked for again each time: an assignment can end


class Blocks:
    """The `length` bytes of a file that was opened there, in blocks. The server closes it in any case."""

    def __init__(self, file: BinaryIO, *, length: int) -> None:
        self.file, self.left = file, length

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (block := self.file.read(min(BLOCK, self.left))):
            self.left -= len(block)
            yield block
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def is_there(recording: LessonAudio) -> bool:
    """Return whether the file exists (a page says so in a sentence when not).

    A bucket that does not answer is asked again by the player, which says so.
    """
    try:
        return media().size(recording.file) is not None
    except StorageAway:
        return True


def serve(request: HttpRequest, recording: LessonAudio) -> HttpResponseBase:
    """Return 200, 206, 302, 304 or 416, with the same headers whether Django or nginx sends the bytes.

    302 leads to the bucket, if recordings are in one. Raises Http404 when the file is gone.
    """
    response = serve_file(
        request,
        recording.file,
        mark=recording.sha256,
        content_type=recording.content_type,
        lasts=dt.timedelta(milliseconds=recording.duration_ms),
    )
    is_public = recording.lesson.is_free and recording.lesson.is_published
    if is_public and response.status_code != 302 and not _may_be_refused(request, size=recording.size):
        response["Cache-Control"] = FOR_EVERYBODY
    return response


def serve_file(
    request: HttpRequest, file: str, *, mark: str, content_type: str, lasts: dt.timedelta | None = None
) -> HttpResponseBase:
    """Return a file of the media store as `serve` does, kept by one browser only. Raises Http404.

    mark: changes with the content. lasts: what is played for so long may come from the bucket itself; what
    has no length (a picture) comes from here, so that browsers keep it. Never compressed: a compressed answer
    cannot be sought in.
    """
    etag, store = f'"{mark}"', media()
    size = store.size(file)
    if size is None:
        raise Http404("the file is gone")
    if _known(request, etag):
        response = _unchanged(size)
    elif lasts is not None and (link := _link(request, store, file, content_type, lasts)):
        return HttpResponseRedirect(link, headers={"Cache-Control": "no-store"})
    elif settings.X_ACCEL != "off":
        response = HttpResponse()
        response["X-Accel-Redirect"] = settings.X_ACCEL + quote(file)
    else:
        response = _bytes(request, partial(_opened, store, file), size=size, etag=etag)
    return _described(response, etag=etag, content_type=content_type)


def _link(request: HttpRequest, store: MediaStore, file: str, content_type: str, lasts: dt.timedelta) -> str:
    """Return an address in the bucket; "" without one, and for who asks for more than to play it.

    It works for as long as hearing all of it takes at the slowest speed, and a rest. `copy`: kept on the
    device; a script reads that, and would need the bucket's leave. HEAD asks whether one still may.
    """
    if request.method != "GET" or "copy" in request.GET:
        return ""
    seconds = int((lasts / SLOWEST + REST).total_seconds())
    return store.link(file, content_type=content_type, caching=FOR_ONE, seconds=seconds)


def _opened(store: MediaStore, file: str, span: Span) -> BinaryIO:
    return store.open(file, first=span.first, length=span.length)


def serve_made(request: HttpRequest, content: bytes, *, mark: str, content_type: str) -> HttpResponseBase:
    """Return bytes that were made for this request as `serve_file` returns a file's."""
    etag = f'"{mark}"'
    if _known(request, etag):
        response = _unchanged(len(content))
    else:
        response = _bytes(request, partial(_part, content), size=len(content), etag=etag)
    return _described(response, etag=etag, content_type=content_type)


def _part(content: bytes, span: Span) -> BinaryIO:
    return io.BytesIO(content[span.first : span.last + 1])


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


def _bytes(
    request: HttpRequest, opened: Callable[[Span], BinaryIO], *, size: int, etag: str
) -> HttpResponseBase:
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
        blocks = Blocks(opened(span), length=span.length)
        response = StreamingHttpResponse(blocks, status=206 if wanted else 200)
    response["Content-Length"] = str(span.length)
    if wanted:
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return response
