"""Removing visitors' questions: after the days the owner chose; after a month those that were set aside."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from portal.models import VisitorQuestion
from practice.queries import the_practice

SET_ASIDE = dt.timedelta(days=30)
#: Of a question on the page, only what everyone reads there stays.
EMPTIED = {"name": "", "email": "", "text": "", "answer": ""}


def forget_visitor_questions(now: dt.datetime, *, dry: bool = False) -> int:
    """Remove old questions, and from those on a page whatever is not shown there; `dry` only counts."""
    kept = dt.timedelta(days=the_practice().keep_visitor_questions_days)
    old = Q(asked_at__lt=now - kept)
    aside = Q(state=VisitorQuestion.State.SET_ASIDE, asked_at__lt=now - SET_ASIDE)
    over = VisitorQuestion.objects.filter(old | aside)
    gone, stays = over.filter(shown_at=None), over.filter(shown_at__isnull=False).exclude(email="", name="")
    if dry:
        return gone.count() + stays.count()
    return gone.delete()[0] + stays.update(**EMPTIED)
