"""Writing a note about a client that belongs to no session."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from portal.models import RecordNote
from portal.session_notes.actions.wrap_up import LONGEST, Empty, TooLong
from practice.models import Practitioner, User


def write_note(client: User, text: str, *, author: Practitioner, by: User, now: dt.datetime) -> RecordNote:
    """Create a note about a client, which nobody can change; the same words sent twice make one.

    `author`: in whose name (`portal.records.access.writer_in`). Raises Empty or TooLong.
    """
    text = text.strip()
    if not text:
        raise Empty
    if len(text) > LONGEST:
        raise TooLong("text", text, LONGEST)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=client.pk)  # two presses wait for each other
        last = RecordNote.objects.filter(client=client).first()
        if last and last.by_id == by.pk and last.text == text:
            return last
        return RecordNote.objects.create(client=client, author=author, by=by, at=now, text=text)
