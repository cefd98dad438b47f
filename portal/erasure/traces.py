"""Traces of a client outside of their own rows: found by their number, address, names and tokens.

Each function removes or empties what it finds, and returns how many there were; called in the transaction of
the erasure. With `dry` it only counts.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models import ExpressionWrapper, F, Q, TextField
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.models import IdempotencyKey, Import, ImportRow
from booking.moving_in.engine.encodings import Undecodable, decode
from booking.moving_in.reading import unpacked
from portal.erasure.person import Person
from practice.mail import suppression
from practice.mail.retention import NO_WORDS
from practice.models import Letter, UsageCount
from practice.security.crypto import Unreadable, decrypt

AT_ONCE = 500
Rows = Mapping[type[models.Model], list[int]]


def sessions(person: Person, *, dry: bool) -> int:
    """Remove sessions signed in as the client, or about to be."""
    gone = [one.pk for one in Session.objects.iterator() if _is_theirs(one, person)]
    return _removed(Session.objects.filter(pk__in=gone), dry=dry)


def _is_theirs(session: Session, person: Person) -> bool:
    data = session.get_decoded()
    return data.get(SESSION_KEY) == str(person.pk) or person.is_opened_by(json.dumps(data, default=str))


def answers(person: Person, *, dry: bool) -> int:
    """Remove stored API requests and answers about the client; they are kept for a day."""
    gone = []
    for pk in IdempotencyKey.objects.values_list("pk", flat=True):
        try:
            row = IdempotencyKey.objects.get(pk=pk)
        except Unreadable:  # nobody can ask whose it is: it goes, a repeat is answered anew
            gone.append(pk)
            continue
        if person.is_opened_by(json.dumps(row.answer, default=str)):
            gone.append(pk)
    return _removed(IdempotencyKey.objects.filter(pk__in=gone), dry=dry)


def counts(person: Person, *, dry: bool) -> int:
    """Remove rate limits counted for the client's address."""
    if not person.email:
        return 0
    return _removed(UsageCount.objects.filter(key__icontains=person.email), dry=dry)


def cached(person: Person, *, dry: bool) -> int:
    """Remove cache rows that hold the client's address or tokens."""
    if not person.email:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM practice_cache")
        gone = [key for key, value in cursor.fetchall() if person.is_opened_by(f"{key} {_plain(value)}")]
        if not dry:
            for key in gone:
                cursor.execute("DELETE FROM practice_cache WHERE cache_key = %s", [key])
    return len(gone)


def _plain(value: str) -> str:
    try:
        return base64.b64decode(value).decode("utf-8", errors="replace")
    except (ValueError, binascii.Error):
        return value


def marks(person: Person, *, dry: bool) -> int:
    """Seal the mark that stops emails to their address: kept as a salted hash, it still holds."""
    mark = suppression.suppression_of(person.email) if person.email else None
    if mark is not None and not dry:
        suppression.hash_address(mark)
    return int(mark is not None)


def emails_to_staff(person: Person, *, dry: bool) -> int:
    """Empty emails to people at work that name the client; unsent ones are worded as they are sent."""
    kinds = (Letter.Category.NOTICE, Letter.Category.DIGEST)
    over = Letter.objects.filter(category__in=kinds, blanked_at=None)
    over = over.exclude(state__in=(Letter.State.PLANNED, Letter.State.CLAIMED))
    named = [pk for pk in over.values_list("pk", flat=True) if _names_them(pk, person)]
    if not dry:
        Letter.objects.filter(pk__in=named).update(subject=_("Erased"), **NO_WORDS, blanked_at=timezone.now())
    return len(named)


def _names_them(pk: int, person: Person) -> bool:
    letter = Letter.objects.get(pk=pk)
    try:
        letter.open_words()
    except Unreadable:
        return person.is_named_in(letter.subject)
    return person.is_named_in(f"{letter.subject}\n{letter.text}\n{letter.html}\n{letter.word}")


def office_log(person: Person, rows: Rows, *, dry: bool) -> int:
    """Remove names from the admin's log; who changed something and when stays."""
    about = Q(pk__in=())
    for model, pks in rows.items():
        if not site.is_registered(model):
            continue
        kind = ContentType.objects.get_for_model(model)
        about |= Q(content_type=kind, object_id__in=[str(pk) for pk in pks])
    for name in (*person.names, person.email):
        if name:
            about |= Q(object_repr__icontains=name) | Q(change_message__icontains=name)
    found = LogEntry.objects.filter(about)
    count = found.count()
    if not dry:
        found.update(object_repr=_("Erased"), change_message="")
    return count


def imported(person: Person, *, dry: bool) -> int:
    """Remove files that wait to be imported and name them, and empty stored rows of imports that do.

    A row is emptied, not removed: it may be a namesake's, and undoing that import needs it.
    """
    sealed = ExpressionWrapper(F("content"), output_field=TextField())
    kept = Import.objects.annotate(sealed=sealed).exclude(sealed="")
    waiting = [one.pk for one in kept if _holds(one, person)]
    named = [pk for pk, cells in _stored_rows(waiting) if person.is_named_in(cells)]
    if not dry:
        Import.objects.filter(pk__in=waiting).delete()
        for start in range(0, len(named), AT_ONCE):
            ImportRow.objects.filter(pk__in=named[start : start + AT_ONCE]).update(raw=None)
    return len(waiting) + len(named)


def _holds(job: Import, person: Person) -> bool:
    try:
        return person.is_named_in(decode(unpacked(job.content), job.choices["encoding"]))
    except (Unreadable, Undecodable):  # nobody can ask who is in it
        return True


def _stored_rows(waiting: Iterable[int]) -> Iterable[tuple[int, str]]:
    """Yield each row whose cells are still kept, opened one by one; those with a lost key say nothing."""
    rests = ExpressionWrapper(F("raw"), output_field=TextField())
    rows = ImportRow.objects.filter(raw__isnull=False).exclude(job__in=list(waiting))
    for pk, sealed in rows.values_list("pk", rests).iterator(chunk_size=AT_ONCE):
        try:
            yield pk, "\n".join(json.loads(decrypt(sealed)))
        except Unreadable:
            continue


def outbox(person: Person, *, dry: bool) -> int:
    """Remove files of emails that were written instead of being sent."""
    gone = [path for path in _files() if person.is_named_in(_words_of(path))]
    for path in () if dry else gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _files() -> Iterable[Path]:
    return sorted(Path(settings.OUTBOX_DIR).glob("*.eml"))


def _words_of(path: Path) -> str:
    try:
        message = message_from_bytes(path.read_bytes(), policy=default)
    except FileNotFoundError:
        return ""
    assert isinstance(message, EmailMessage)
    parts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])


def _removed(rows: models.QuerySet[models.Model], *, dry: bool) -> int:
    return rows.count() if dry else rows.delete()[0]


#: What is looked through, under the name a report gives it.
PLACES: Mapping[str, Callable[..., int]] = {
    "sessions": sessions,
    "answers of the API": answers,
    "counts of limits": counts,
    "cache": cached,
    "suppressed addresses": marks,
    "emails to people at work": emails_to_staff,
    "files in the outbox": outbox,
    "imported files": imported,
}
