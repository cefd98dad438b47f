"""Keeping what a client writes before and after a lesson, on the entry of its play-through.

What stands is never lost: the page says what it showed (`was`), and only that is replaced. Anything else
that stands, from another device or another tab, stays, and the new words come after it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from portal.models import Lesson, LessonAudio, PracticeEntry
from portal.practice_log.actions.listen import OtherClientsEntry, one_at_a_time
from portal.practice_log.actions.pain import mark_pain, mark_pain_after
from portal.practice_log.listening import day_of
from practice.models import User
from practice.queries import the_practice, zone_of

LONGEST = 2_000  # characters in one text
FULL = 20_000  # characters one entry keeps in one text, however often it was added to
TEXTS = ("lying_before", "lying_after", "noticing")
BEFORE = ("lying_before", "pain_before")
AFTER = ("lying_after", "noticing", "pain_after", "felt")
WORDS = (*BEFORE, *AFTER)
Felt = PracticeEntry.Felt


class ReportRejected(Exception):
    """Raised when words cannot be kept; nothing was.

    The message is for people, `code` and field `name` for code.
    """

    def __init__(self, code: str, name: str, message: str) -> None:
        super().__init__(message)
        self.code, self.name = code, name


class NotBegun(Exception):
    """Raised when nothing was heard, noticed or called done: words from before alone are no practice."""


@dataclass(frozen=True)
class SelfReport:
    """A client's report. An empty field changes nothing, unless `was` shows that it was emptied.

    `was`: by field, what the page showed as kept. Pain is 0–10.
    """

    lying_before: str = ""
    lying_after: str = ""
    noticing: str = ""
    pain_before: int | None = None
    pain_after: int | None = None
    felt: str = ""
    said_done: bool = False
    was: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """Return the field as text; "" for nothing."""
        value = getattr(self, name)
        return "" if value is None else tidy(str(value))


def tidy(text: str) -> str:
    """Return the text with one kind of line end and no space around it, so that equal words compare equal."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def write_down(
    client: User,
    said: SelfReport,
    *,
    uid: uuid.UUID,
    lesson: Lesson,
    recording: LessonAudio | None,
    since: dt.datetime,
    age: dt.timedelta = dt.timedelta(),
    now: dt.datetime,
) -> PracticeEntry:
    """Save the words on the entry of this uid, created once something was noticed or called done.

    `since`: when the page was handed out; `age`: how long ago they were written, on a device that could not
    send them: the entry is dated then, never before `since`. The same words again change nothing. Pain that
    rose is marked on the entry and told to the practitioner, once. Raises NotBegun, NotWritten or NotTheirs;
    then nothing was written.
    """
    validate(said)
    at = min(max(since, now - age), now)
    with transaction.atomic():
        one_at_a_time(client)
        entry = _entry(client, said, uid=uid, lesson=lesson, recording=recording, since=since, now=at)
        told = _told_of_pain(entry)
        for name in WORDS:
            _write(entry, name, said.word(name), tidy(said.was.get(name, "")), now=at)
        if said.said_done and not entry.said_done:
            entry.said_done = True
            entry.finished_at = entry.finished_at or at
        entry.save(update_fields=[*WORDS, "said_done", "finished_at"])
        if entry.cleared_at is None or _told_of_pain(entry) != told:
            mark_pain(entry, now=now, shown=said.pain_before)
        if entry.pain_before != told[0]:
            mark_pain_after(entry, now=now)
    return entry


def validate(said: SelfReport) -> None:
    """Raise NotWritten for text too long, pain outside 0–10 or an unknown choice."""
    for name in TEXTS:
        word = said.word(name)
        if len(word) > LONGEST and word != tidy(said.was.get(name, "")):
            raise _too_long(name, len(word))
    for name in ("pain_before", "pain_after"):
        value = getattr(said, name)
        if value is not None and (type(value) is not int or value not in range(11)):
            raise ReportRejected("pain", name, gettext("Please give pain as a whole number from 0 to 10."))
    if said.felt and said.felt not in Felt.values:
        raise ReportRejected("felt", "felt", gettext("Please choose one of the three, or leave it blank."))


def _told_of_pain(entry: PracticeEntry) -> tuple[str | None, ...]:
    return entry.pain_before, entry.pain_after, entry.felt


def _entry(
    client: User,
    said: SelfReport,
    *,
    uid: uuid.UUID,
    lesson: Lesson,
    recording: LessonAudio | None,
    since: dt.datetime,
    now: dt.datetime,
) -> PracticeEntry:
    """Return the entry of this uid, locked; create it when words or "done" are the first of it."""
    standing = PracticeEntry.objects.select_for_update().filter(uid=uid).first()
    if standing is None:
        if not said.said_done and not any(said.word(name) for name in AFTER):
            raise NotBegun
        standing, _ = PracticeEntry.objects.select_for_update().get_or_create(
            uid=uid,
            defaults={
                "client": client,
                "lesson": lesson,
                "recording": recording,
                "since": since,
                "started_at": now,
                "last_at": now,
            },
        )
    if (standing.client_id, standing.lesson_id) != (client.pk, lesson.pk):
        raise OtherClientsEntry
    return standing


def _write(entry: PracticeEntry, name: str, new: str, was: str, *, now: dt.datetime) -> None:
    """Write one field by the rules in this module's docstring; `was` is what the page showed.

    Raises NotWritten.
    """
    if new == was:
        return
    stands = tidy(getattr(entry, name) or "")
    if name not in TEXTS:
        if new == stands:
            return
        if stands and not _still_that_day(entry, now):
            raise _of_another_day(name)
        if name in BEFORE and stands not in ("", was):
            return  # told before it began, on another page: that is what was before
        value: str | None = new
        setattr(entry, name, value or (None if name.startswith("pain") else ""))
        return
    if stands == new or (new and stands.endswith("\n\n" + new)):
        return
    kept, ours = (stands, "") if stands != was and not _ends_in(stands, was) else _parted(stands, was)
    if ours and not _still_that_day(entry, now):
        raise _of_another_day(name)
    words = "\n\n".join(part for part in (kept, new) if part)
    if len(words) > FULL:
        raise _too_long(name, len(new))
    setattr(entry, name, words)


def _ends_in(stands: str, was: str) -> bool:
    return bool(was) and stands.endswith("\n\n" + was)


def _parted(stands: str, was: str) -> tuple[str, str]:
    """Return the text before the page's own words, and these words."""
    return stands.removesuffix(was).rstrip(), was


def _still_that_day(entry: PracticeEntry, now: dt.datetime) -> bool:
    """Return whether it is still the client's day on which the entry began or ended."""
    zone: ZoneInfo = zone_of(entry.client.zone, practice=the_practice())
    return day_of(now, zone) in {day_of(entry.started_at, zone), day_of(entry.last_at, zone)}


def _of_another_day(name: str) -> ReportRejected:
    return ReportRejected(
        "day",
        name,
        gettext("What you wrote on another day can’t be changed. Reload the page to write something new."),
    )


def _too_long(name: str, length: int) -> ReportRejected:
    message = gettext(
        "That’s %(length)s characters, and the limit is %(most)s. What you wrote is still "
        "here; please shorten it."
    ) % {"length": length, "most": LONGEST}
    return ReportRejected("long", name, message)
