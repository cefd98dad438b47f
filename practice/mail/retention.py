"""The removal of old email texts. The ledger (who, when, which kind, how it ended) stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from practice import queries
from practice.models import Letter

State = Letter.State
AT_ONCE = 500
#: A letter that says nothing any more.
NO_WORDS: dict[str, Any] = {"text": "", "html": "", "word": "", "attachments": []}


def blank_old_bodies(now: datetime | None = None, *, dry: bool = False) -> int:
    """Empty ended emails that are older than the practice keeps them; return how many. `dry`: only count."""
    now = now or timezone.now()
    before = now - timedelta(days=queries.the_practice().keep_letter_bodies_days)
    old = Letter.objects.filter(due_at__lt=before, blanked_at=None).exclude(
        state__in=(State.PLANNED, State.CLAIMED)
    )
    if dry:
        return old.count()
    count = 0
    while some := list(old.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        count += Letter.objects.filter(pk__in=some).update(**NO_WORDS, blanked_at=now)
    return count
