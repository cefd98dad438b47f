"""What a device asks about its kept lessons: is each still its reader's, and with which recording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from portal import queries
from portal.lessons import access
from portal.lessons.playback_token import words_ticket_for
from portal.models import Lesson
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice, zone_of

MOST = 40  # lessons asked about at once


def kept_lessons(reader: access.Listener, slugs: Sequence[str], *, now: dt.datetime) -> dict[str, Any]:
    """Return by slug what a lesson is now, or None when this reader may not, or no longer, hear it.

    `since`: the day of its current recording, in the reader's zone; `ticket`: for words written long ago.
    """
    practice = the_practice()
    client = reader if isinstance(reader, User) and not reader.is_staff else None
    zone = zone_of(client.zone if client else "", practice=practice)
    found: dict[str, Any] = dict.fromkeys(slugs[:MOST])
    for lesson in Lesson.objects.filter(slug__in=found):
        recording = queries.current_recording(lesson)
        if recording is None or not access.may_hear(reader, lesson):
            continue
        day = recording.created_at.astimezone(zone).date()
        found[lesson.slug] = {
            "title": lesson.title,
            "sha": recording.sha256,
            "since": formatting.day_in_words(day, locale=practice.locale),
            "ticket": words_ticket_for(client, lesson, recording, now=now) if client else "",
        }
    return found
