"""Resumable uploads by tus 1.0.0 (https://tus.io), with creation, termination, checksum and expiration."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from portal.lessons.actions.uploads import NoRoom, NotReachable, NotStored, TooLarge
from portal.models import Lesson, RecordingUpload
from portal.recordings.actions import receive
from portal.recordings.queries import may_change
from practice.access.pages import require_staff, staff_only

P = ParamSpec("P")
VERSION = "1.0.0"
HASHES = ("sha1", "sha256")
CHECKSUM_MISMATCH = 460  # as the protocol names it
ABILITIES = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,termination,checksum,expiration",
    "Tus-Max-Size": str(settings.UPLOAD_BYTES),
    "Tus-Checksum-Algorithm": ",".join(HASHES),
}


class BadHeader(Exception):
    """Raised for a header that is missing or means nothing; the message names it."""


def _tus(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Decorate a view of the protocol: its version, its headers, and its refusals as plain sentences."""

    @wraps(view)
    def spoken(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "OPTIONS":
            answer: HttpResponseBase = HttpResponse(status=204, headers=ABILITIES)
        elif request.headers.get("Tus-Resumable") != VERSION:
            answer = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        else:
            answer = _answered(lambda: view(request, *args, **kwargs))
        answer["Tus-Resumable"] = VERSION
        answer["Cache-Control"] = "no-store"
        return answer

    return spoken


def _answered(view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return view()
    except BadHeader as error:
        return _plain(str(error), 400)
    except receive.WrongOffset as error:
        answer = _plain("It continues at another place.", 409)
        answer["Upload-Offset"] = str(error.offset)
        return answer
    except receive.WrongChecksum:
        return _plain("The part did not arrive as it was sent.", CHECKSUM_MISMATCH)
    except receive.Gone:
        return _plain("It was removed, or is complete.", 410)
    except NotStored as refusal:
        codes = {TooLarge: 413, NoRoom: 507, NotReachable: 503, receive.TooMuch: 429}
        return _plain(str(refusal), codes.get(type(refusal), 422))


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def _lesson(request: HttpRequest, slug: str) -> Lesson:
    if not may_change(require_staff(request)):
        raise Http404
    return get_object_or_404(Lesson, slug=slug)


@staff_only
@require_http_methods(["POST", "OPTIONS"])
@_tus
def uploads(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Begin an upload, or find the same person's unfinished upload of the same file."""
    lesson, user = _lesson(request, slug), require_staff(request)
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = receive.begin(
        lesson,
        name=told.get("filename", ""),
        size=_number(request, "Upload-Length"),
        fingerprint=told.get("fingerprint", "")[:80],
        by=user,
        now=timezone.now(),
    )
    address = reverse("workspace_recording_upload", args=[slug, upload.pk])
    return HttpResponse(status=201, headers={"Location": address, **_expires(upload)})


@staff_only
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
@_tus
def upload(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Say how much has arrived (HEAD), take a part (PATCH) or remove it all (DELETE), for its sender only."""
    lesson, user = _lesson(request, slug), require_staff(request)
    mine = get_object_or_404(RecordingUpload, pk=pk, lesson=lesson, by=user)
    if request.method == "DELETE":
        if not receive.discard(mine):
            raise receive.Gone
        return HttpResponse(status=204)
    if request.method == "HEAD":
        known = {"Upload-Offset": str(receive.arrived(mine)), "Upload-Length": str(mine.size)}
        return HttpResponse(headers={**known, **_expires(mine)})
    return _take_part(request, mine)


def _take_part(request: HttpRequest, mine: RecordingUpload) -> HttpResponse:
    """Append the body at the place it says; the answer says how much has arrived now."""
    if request.content_type != "application/offset+octet-stream":
        return _plain("Please send application/offset+octet-stream.", 415)
    offset = _number(request, "Upload-Offset")
    if int(request.META.get("CONTENT_LENGTH") or 0) > mine.size - offset:
        return _plain("It is longer than what is missing.", 413)

    def content(most: int) -> bytes:
        try:
            return request.read(most)
        except UnreadablePostError:  # the connection broke: what has arrived counts
            return b""

    checksum = _checksum(request.headers.get("Upload-Checksum", ""))
    found = receive.add_part(mine, content, offset=offset, checksum=checksum, now=timezone.now())
    more = _expires(mine) if found < mine.size else {}
    return HttpResponse(status=204, headers={"Upload-Offset": str(found), **more})


def _number(request: HttpRequest, header: str) -> int:
    told = request.headers.get(header, "")
    if not (told.isascii() and told.isdigit() and len(told) <= 15):
        raise BadHeader(f"{header} is missing or no number.")
    return int(told)


def _metadata(told: str) -> dict[str, str]:
    """Return the names and values of Upload-Metadata: "filename d29ybGQ=,fingerprint ZQ=="."""
    try:
        pairs = [one.split(" ") for one in told.split(",") if one]
        return {pair[0]: _decoded(pair[1]).decode() if len(pair) > 1 else "" for pair in pairs}
    except ValueError as error:
        raise BadHeader("Upload-Metadata cannot be read.") from error


def _checksum(told: str) -> tuple[str, bytes] | None:
    """Return the algorithm and the digest of Upload-Checksum; None without the header."""
    if not told:
        return None
    how, _blank, digest = told.partition(" ")
    if how not in HASHES:
        raise BadHeader("Upload-Checksum names an unknown algorithm.")
    return how, _decoded(digest)


def _decoded(told: str) -> bytes:
    try:
        return base64.b64decode(told, validate=True)
    except binascii.Error as error:
        raise BadHeader("It is not base64.") from error


def _expires(upload: RecordingUpload) -> dict[str, str]:
    """Return when an unfinished upload is forgotten, unless something more arrives."""
    if upload.state != RecordingUpload.State.RECEIVING:
        return {}
    return {"Upload-Expires": http_date((upload.arrived_at + receive.KEPT).timestamp())}
