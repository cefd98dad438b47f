"""Give a new practice the doctor's page, and a text about how a session goes, for its owner to edit."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from practice.articles import doctor_page
from practice.models import Article, Practice

HOW_A_SESSION_GOES = doctor_page.SHIPPED / "how-a-session-goes.md"


def add_shipped_texts(now: dt.datetime) -> None:
    """Add both, each unless the practice has its own."""
    add_doctors_page(now)
    text = HOW_A_SESSION_GOES.read_text(encoding="utf-8").strip()
    Practice.objects.filter(approach="").update(approach=text)


def add_doctors_page(now: dt.datetime) -> None:
    """Publish the shipped page on when to see a doctor as an article, unless there is one."""
    if Article.objects.filter(Q(is_doctors_page=True) | Q(slug=doctor_page.SLUG)).exists():
        return
    page = doctor_page.shipped()
    page.published_at = now
    page.save()
