"""Move what was being written about a merged record while it was merged.

A row that waits for the merge's lock is written right after it: it would stay unseen with the closed account.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from portal.merging.ledger import Ledger
from portal.merging.table import MOVES, Pair, counts
from portal.models import Assignment, RecordMerge
from practice.append_only.door import Why, open_door
from practice.models import AccessLog, User

A_DAY = dt.timedelta(days=1)
#: What may be written at any moment, and can be there twice.
LATE = tuple(rule for rule in MOVES if rule.stay is None and rule.model not in (AccessLog, Assignment))


def move_late_rows(now: dt.datetime, *, dry: bool = False) -> int:
    """Move rows written after merges of the last day, and return how many. `dry`: only count them."""
    lately = RecordMerge.objects.filter(undone_at=None, at__gt=now - A_DAY).select_related("merged")
    return sum(_late(merge, dry=dry) for merge in lately)


@transaction.atomic
def _late(merge: RecordMerge, *, dry: bool) -> int:
    pair = Pair(merge.merged.merged_into_id or merge.kept_id, merge.merged_id)
    found = counts(LATE, pair)
    if dry or not found:
        return sum(count for _rule, count in found)
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=pair.both).order_by("pk"))
    merge = RecordMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at:
        return 0
    ledger = Ledger(merge.ledger)
    with open_door(Why.MERGE):
        moved = sum(ledger.move(rule, pair) for rule, _count in found)
    content: Any = ledger.content  # the field takes what JSON does
    merge.ledger = content
    merge.save(update_fields=["ledger"])
    return moved
