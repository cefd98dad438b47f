"""The endpoint where the player reports what was heard: small batches, also from a closing page."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.lessons import access
from portal.lessons.playback_token import InvalidTicket, read_ticket
from portal.models import PracticeEntry
from portal.practice_log import listening
from portal.practice_log.actions.listen import (
    Batch,
    BatchRejected,
    OtherClientsEntry,
    PlayThroughOver,
    listen,
)
from practice.core.input_checks import InvalidInput, check_json
from practice.models import User
from practice.security.limits import count_use

MOST_BYTES = 64 * 1024
BEACONS = 300  # in five minutes: twenty times what a lesson sends
WINDOW = dt.timedelta(minutes=5)


class InvalidBatch(Exception):
    """Raised when the body is not a batch."""


@require_POST
def heard(request: HttpRequest, slug: str) -> HttpResponse:
    """Store one batch: JSON with the token in its header, or a form with `batch` (a beacon has no headers).

    200 with the sums of its entry. What is refused stores nothing: 400 for no batch, 404 for what is not
    theirs, 409 with `from` for segments that belong to another play-through (from this number on, to be told
    again under a new name), 413 beyond 64 KB, 422 for what cannot be so, 429 for too many.
    """
    client, now = request.user, timezone.now()
    if not isinstance(client, User) or client.is_staff:
        raise Http404("only clients practise here")
    lesson = access.lesson_heard(client, slug, now=now)
    raw = _raw(request)
    if len(raw) > MOST_BYTES:
        return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "large", _("This is too much at once."))
    try:
        said = _read(raw)
        ticket = read_ticket(said.get("ticket"), client=client, now=now)
        recording = lesson.recordings.filter(pk=ticket.recording_id).first()
        if recording is None:
            raise InvalidTicket  # withdrawn, or another lesson's
        if not count_use(f"heard:{client.pk}", limit=BEACONS, window=WINDOW, now=now):
            return _refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many", _("Please wait a moment."))
        entry = listen(client, _batch(said), recording=recording, since=ticket.made_at, now=now)
    except InvalidBatch:
        return _refused(HTTPStatus.BAD_REQUEST, "shape", _("We couldn’t read this request."))
    except (InvalidTicket, OtherClientsEntry) as stranger:
        raise Http404("nothing of theirs") from stranger
    except PlayThroughOver as over:
        return _refused(HTTPStatus.CONFLICT, "over", str(over), **{"from": over.seq})
    except BatchRejected as refusal:
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.code, str(refusal))
    return JsonResponse(_sums(entry))


def _raw(request: HttpRequest) -> bytes:
    """Return the batch as it came, from either kind of body."""
    if request.content_type == "application/json":
        return request.body
    return request.POST.get("batch", "").encode()


def _read(raw: bytes) -> dict[str, Any]:
    """Return the decoded batch. Raises Unclear."""
    try:
        check_json(raw)
        said = json.loads(raw)
    except (InvalidInput, ValueError) as error:
        raise InvalidBatch from error
    if not isinstance(said, dict):
        raise InvalidBatch
    return said


def _batch(said: dict[str, Any]) -> Batch:
    """Return the batch as a value. Raises Unclear, or NotKept for segments that cannot be read."""
    done, continues = said.get("done", False), said.get("continues")
    segments = said.get("segments", [])
    if not isinstance(done, bool) or not (segments or done):
        raise InvalidBatch
    try:
        reports = listening.read_reports(segments)
    except listening.ImpossibleReport as lie:
        raise BatchRejected(lie.code) from lie
    return Batch(_uid(said.get("entry")), reports, done, None if continues is None else _uid(continues))


def _uid(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError as error:
        raise InvalidBatch from error


def _sums(entry: PracticeEntry) -> dict[str, Any]:
    return {
        "entry": str(entry.uid),
        "heard": entry.heard_ms / 1000,
        "covered": entry.covered_ms / 1000,
        "done": entry.finished_at is not None,
    }


def _refused(status: int, code: str, message: str, **more: int) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, **more}}, status=status)
