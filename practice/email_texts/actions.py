"""Save the text of an email, put an earlier one back, and send it to oneself as a test."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from practice.email_texts.preview import preview
from practice.email_texts.queries import Text, latest_of, versions_of
from practice.email_texts.registry import EditableEmail
from practice.email_texts.shipped import differing, shipped_text
from practice.mail.composing.render import Rendered
from practice.mail.post import post
from practice.models import EmailText, Letter, Practice, User

What = EmailText.What
TEST = "own_words_test"


class ChangedSince(Exception):
    """Raised when someone else changed the text since it was shown."""


def save_text(
    email: EditableEmail, language: str, text: Text, *, seen: int, by: User, now: datetime
) -> EmailText | None:
    """Save a text as a new version, and return it; None if it is the one that is used already.

    `seen`: the version that was shown. Only what differs from the shipped text is kept. Raises ChangedSince.
    """
    own, latest = differing(text, shipped_text(email, language)), latest_of(email, language)
    used = Text(latest.subject, latest.parts) if latest else Text()
    if own == used and seen == (latest.version if latest else 0):
        return None
    what = What.SAVED if own != Text() else What.RESET
    return _append(email, language, own, what, seen=seen, by=by, now=now)


def put_back(
    email: EditableEmail, language: str, version: int, *, seen: int, by: User, now: datetime
) -> EmailText:
    """Put an earlier version back, as a new one; 0 is the shipped text.

    Raises ChangedSince, and EmailText.DoesNotExist for a version that never was.
    """
    if version == 0:
        return _append(email, language, Text(), What.RESET, seen=seen, by=by, now=now)
    earlier = versions_of(email, language).get(version=version)
    what = What.RESTORED if earlier.is_own else What.RESET
    return _append(email, language, Text(earlier.subject, earlier.parts), what, seen=seen, by=by, now=now)


def _append(
    email: EditableEmail, language: str, text: Text, what: What, *, seen: int, by: User, now: datetime
) -> EmailText:
    """Write the version after `seen`. The database gives each number once: the second one is told."""
    latest = latest_of(email, language)
    if seen != (latest.version if latest else 0):
        raise ChangedSince
    try:
        with transaction.atomic():
            Practice.objects.update(has_own_texts=True)
            return EmailText.objects.create(
                email=email.key,
                language=language,
                version=seen + 1,
                what=what,
                subject=text.subject,
                parts=dict(text.parts),
                by=by,
                at=now,
            )
    except IntegrityError as error:
        raise ChangedSince from error


def send_to_me(email: EditableEmail, text: Text, *, language: str, me: User, now: datetime) -> Letter | None:
    """Plan a test of this text to `me`, with invented data; None without a usable address."""
    words = preview(email, text, language=language, client=None, now=now)
    with translation.override(language):
        subject = _("[Test] %(subject)s") % {"subject": words.subject}
    return post(
        TEST,
        key=f"text-test:{me.pk}:{get_random_string(12)}",
        to=me,
        context={},
        words=Rendered(subject, words.text, words.html),
        now=now,
    )
