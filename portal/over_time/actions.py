"""Rating one's own activities again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from portal.models import ActivityRating
from portal.over_time.queries import scores_of
from practice.models import User

SAME = dt.timedelta(minutes=10)  # the same numbers again within this are one rating pressed twice


@transaction.atomic
def rate(client: User, goals: Sequence[Mapping[str, Any]], *, now: dt.datetime) -> ActivityRating | None:
    """Save the client's activities with their numbers; None when not one of them has a number.

    The same numbers sent twice within ten minutes are one rating.
    """
    told = scores_of(goals)
    if not told:
        return None
    User.objects.select_for_update(no_key=True).get(pk=client.pk)  # two presses at once wait for each other
    scores: Any = [{"what": what, "now": number} for what, number in told.items()]
    for standing in ActivityRating.objects.filter(client=client, rated_at__gt=now - SAME):
        if standing.scores == scores:
            return standing
    return ActivityRating.objects.create(client=client, scores=scores, rated_at=now)
