"""What every page of a lesson shows: its words, its player, what comes next."""

from __future__ import annotations

import datetime as dt
import json
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal import queries
from portal.audio.carry import Mark, Outline, marks, moved
from portal.audio.position import is_of, read_place
from portal.audio.serve import is_there
from portal.audio.transcript import TranscriptChapter, clock
from portal.lessons import access
from portal.lessons.lesson_page import OpenedLesson, PlayThroughs
from portal.lessons.library import library_of
from portal.lessons.playback_token import ticket_for
from portal.lessons.posture_wording import wording_of
from portal.models import Lesson, LessonAudio
from portal.practice_log.chapter_shares import chapter_shares
from portal.practice_log.queries import heard_of, last_of
from practice.articles.markdown import render as markdown
from practice.articles.markdown import sections
from practice.models import User
from practice.security.device_name import device_name

#: By the id of a replaced recording: its hash, and the marks by which its places are found in this one.
Moved = dict[int, tuple[str, list[Mark]]]
OTHERS = 3  # lessons suggested at the end of one, with the next


def page_of(
    request: HttpRequest, found: OpenedLesson, *, back: str, times: PlayThroughs | None = None
) -> dict[str, Any]:
    """Return what every page of a lesson shows.

    `back`: where floor mode leads back to. `times`: the client's, where they were read already.
    """
    lesson, recording = found.lesson, found.recording
    parts = queries.words_of(recording) if recording else []
    moved = _marks_of_replaced(found, parts)
    return {
        "lesson": lesson,
        "wording": wording_of(lesson.position),
        "back": back,
        "guidelines": sections(lesson.guidelines),
        "expectations": sections(lesson.expectations),
        "what_happened": markdown(lesson.what_happened),
        "parts": parts,
        "chapters": _chapters(request, recording, parts) if recording else [],
        "recording": recording,
        "player": _player(request, found, times, moved) if recording and is_there(recording) else None,
        "share": _share(lesson) if lesson.is_free and lesson.is_published else None,
        "keep": _keep(request, recording, back) if recording and is_there(recording) else None,
        **_on_from(request, lesson),
    }


def _chapters(
    request: HttpRequest, recording: LessonAudio, parts: list[TranscriptChapter]
) -> list[dict[str, Any]]:
    """Return the chapters with a title, each with what a client has not heard of it yet.

    Nothing is said of it to one who has not begun, and to one who has heard all.
    """
    client, shares = request.user, []
    if isinstance(client, User) and not client.is_staff and (heard := heard_of(client, recording)):
        shares = chapter_shares([one.start_ms for one in parts], heard, duration_ms=recording.duration_ms)
    if all(one.is_heard for one in shares):
        shares = []
    return [{"part": part, "share": share} for part, share in zip_longest(parts, shares) if part.title]


def _marks_of_replaced(found: OpenedLesson, parts: list[TranscriptChapter]) -> Moved:
    """Return, for each recording that the lesson's own replaced, its hash and where its places are now."""
    if found.recording is None or not found.has_replaced:
        return {}
    new = Outline(found.recording.duration_ms, tuple((one.start_ms, one.title) for one in parts if one.title))
    replaced = queries.replaced_by(found.recording)
    return {pk: (one.sha256, marks(one.outline, new)) for pk, one in replaced.items()}


def _player(
    request: HttpRequest, found: OpenedLesson, times: PlayThroughs | None, moved_from: Moved
) -> dict[str, Any]:
    """Return what the player needs. `place`, `speeds`: the names under which a browser keeps both.

    `moved`: by the hash of a replaced recording, pairs of seconds, there and here: a place that a browser has
    kept from it is found between them.
    """
    recording, slug = found.recording, found.lesson.slug
    assert recording is not None
    of = request.GET.get("of", "")
    known = next((known for sha, known in moved_from.values() if is_of(of, sha)), [])
    at = read_place(request.GET.get("at", ""), duration_ms=recording.duration_ms, known=known)
    return {
        "url": reverse("lesson_audio", args=[slug, recording.sha256]),
        "sha256": recording.sha256,
        "seconds": recording.duration_ms // 1000,
        "length": clock(recording.duration_ms),
        "at": at,
        "at_words": clock((at or 0) * 1000),
        "place": f"place:{slug}{whose(request)}",
        "speeds": f"speeds{whose(request)}",
        "heard": _heard(request, found.lesson, recording, times, moved_from),
        "moved": json.dumps(
            {sha: [[a / 1000, b / 1000] for a, b in known] for sha, known in moved_from.values()}
        )
        if moved_from
        else "",
    }


def _heard(
    request: HttpRequest,
    lesson: Lesson,
    recording: LessonAudio,
    times: PlayThroughs | None,
    moved_from: Moved,
) -> dict[str, Any] | None:
    """Return where a client's player reports what was heard, and what happened last, on any device.

    None unless a client is signed in. Times in ms since 1970 by the server's clock; `now` lets a device whose
    clock is wrong compare them.
    """
    client = request.user
    if not isinstance(client, User) or client.is_staff:
        return None
    now = timezone.now()
    last = times.last if times else last_of(client, recording.lesson_id)
    _sha, known = moved_from.get(last.entry.recording_id or 0, ("", [])) if last else ("", [])
    return {
        "url": reverse("portal_heard", args=[lesson.slug]),
        "ticket": ticket_for(client, recording, now=now),
        "queue": f"heard{whose(request)}",
        "now": _in_ms(now),
        "last": last
        and {
            "entry": last.entry.uid.hex,
            "at": (moved(last.stop.at_ms, known) if known else last.stop.at_ms) // 1000,
            "when": _in_ms(last.stop.when),
            "done": last.stop.is_done,
        },
    }


def _keep(request: HttpRequest, recording: LessonAudio, back: str) -> dict[str, Any] | None:
    """Return what a device needs to keep this page with its recording; None for staff and when turned off.

    `megabytes`: the download, at least 1.
    """
    if not settings.OFFLINE_LESSONS or access.is_staff(request.user):
        return None
    return {
        "copy": f"{back}copy/",
        "size": recording.size,
        "megabytes": max(1, round(recording.size / 1_000_000)),
        "whose": device_name(request.user),
    }


def _in_ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def whose(request: HttpRequest) -> str:
    """Return a suffix that separates two people on one phone, without saying who they are."""
    name = device_name(request.user)
    return f":{name}" if name else ""


def _on_from(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """Return the lesson that comes next, and others to suggest: the reader's own first, then free ones."""
    reader = request.user if isinstance(request.user, User) else None
    found = library_of(reader)
    following = found.following(lesson.slug)
    shown_already = {lesson.slug, following.lesson.slug if following else ""}
    others = [one for one in found.lessons if one.slug not in shown_already and one.minutes is not None]
    return {"following": following, "others": others[: OTHERS - bool(following)]}


def _share(lesson: Lesson) -> dict[str, str]:
    """Return a link to copy and a `mailto:` link; no address is asked for."""
    url = settings.SITE_URL + lesson.get_absolute_url()
    body = wording_of(lesson.position).shared % {"url": url}
    return {"url": url, "mail": f"mailto:?subject={quote(lesson.title)}&body={quote(body)}"}
