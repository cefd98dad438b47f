"""Queries that the practice's pages share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from practice.articles import doctor_page
from practice.core.clock import UnknownZone, zone_named
from practice.models import Article, Consent, Practice, Practitioner, User
from practice.models.written_queries import WrittenOnce

READ_ON = 2
Found = TypeVar("Found")
#: Within `one_practice`: the practice, once it was read; before that nothing.
AS_READ: ContextVar[list[Practice] | None] = ContextVar("the practice as it was read", default=None)
#: Within `reading_once`: what was read, by its key.
_KEPT: ContextVar[dict[Hashable, Any] | None] = ContextVar("what was read once", default=None)


def the_practice() -> Practice:
    """Return the one row about the business; an unsaved one with defaults before the set-up."""
    read = AS_READ.get()
    if read:
        return read[0]
    practice = Practice.objects.filter(pk=1).first() or Practice(name="Myopractic Portal")
    if read is not None:
        read.append(practice)
    return practice


@contextmanager
def as_if(practice: Practice) -> Iterator[None]:
    """Have everything within ask this practice, such as one that is not saved yet."""
    token = AS_READ.set([practice])
    try:
        yield
    finally:
        AS_READ.reset(token)


def owners_address() -> str:
    """Return the email address of the first owner; "" before the set-up."""
    owner = read_once("owner", lambda: User.objects.owners().order_by("pk").first())
    return owner.email or "" if owner else ""


def is_demo() -> bool:
    """Return whether this is the demo: it was asked for, and the demo made the practice that is here.

    DEMO=1 alone must never open a real practice: its staff need a second factor.
    """
    return settings.DEMO and the_practice().is_demo


@contextmanager
def one_practice() -> Iterator[None]:
    """Read the practice once within this context, so that a decision and its texts use the same settings.

    For code that reads the practice and never changes it: all within share one object, read when it is first
    asked for. A nested context reads nothing again.
    """
    if AS_READ.get() is not None:
        yield
        return
    token = AS_READ.set([])
    try:
        yield
    finally:
        AS_READ.reset(token)


@contextmanager
def reading_once() -> Iterator[None]:
    """Have `read_once` keep what it reads within this context: for a second of a sender of emails."""
    if _KEPT.get() is not None:
        yield
        return
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def read_once(key: Hashable, read: Callable[[], Found]) -> Found:
    """Return what is read; within `reading_once`, what was first read under this key.

    For what is the same for many emails: a lesson, who gave a session. Never for what is one client's.
    """
    kept = _KEPT.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: Found = kept[key]
    return found


def practitioner_once(pk: int) -> Practitioner:
    """Return this practitioner with account and room, by `read_once`: for the emails of many sessions."""
    return read_once(("practitioner", pk), lambda: _PRACTITIONER.first_object(pk=pk))


def practice_zone(practice: Practice) -> ZoneInfo:
    """Return the practice's zone, as a `ZoneInfo`."""
    return zone_named(practice.zone)


def zone_of(name: str, *, practice: Practice) -> ZoneInfo:
    """Return the zone with this name; the practice's zone where there is none or it is unknown."""
    try:
        return zone_named(name)
    except UnknownZone:
        return practice_zone(practice)


def practitioners() -> list[Practitioner]:
    """Return the practitioners whose account is open, in the owner's order."""
    return list(Practitioner.objects.filter(user__is_active=True).select_related("user"))


def published_articles(now: dt.datetime) -> list[Article]:
    """Return the published articles, in the owner's order."""
    return list(Article.objects.filter(published_at__lte=now).select_related("author__user"))


def article(slug: str, *, now: dt.datetime, drafts: bool) -> Article | None:
    """Return an article; with `drafts` also an unpublished one.

    The doctor's page is always there: at its address is the published article that is flagged as it, or the
    shipped one.
    """
    articles = Article.objects.select_related("author__user")
    if slug != doctor_page.SLUG:
        found = articles.filter(slug=slug)
        return (found if drafts else found.filter(published_at__lte=now)).first()
    ours = articles.filter(Q(is_doctors_page=True) | Q(slug=slug)).order_by("-is_doctors_page")
    return (ours if drafts else ours.filter(published_at__lte=now)).first() or doctor_page.shipped()


def related_articles(article: Article, now: dt.datetime) -> list[Article]:
    """Return the articles that share most regions with this one."""
    others = [one for one in published_articles(now) if one.pk != article.pk]
    shared = set(article.regions)
    return sorted(others, key=lambda one: -len(shared & set(one.regions)))[:READ_ON]


def wants_letters(user: User) -> bool:
    """Return whether the user agreed to emails between sessions, and still does."""
    return AGREED_TO_LETTERS.first(client=user.pk) is not None


def has_declined_letters(user: User) -> bool:
    """Return whether the user's last answer about emails between sessions was no; False without an answer."""
    return not wants_letters(user) and Consent.objects.filter(user=user, kind=Consent.Kind.LETTERS).exists()


def in_batches(rows: QuerySet[Any], by: str, *, size: int = 500) -> Iterator[list[Any]]:
    """Yield all rows, by this column and the id, in lists of at most `size`.

    Each list is a query that begins behind the last row of the list before: memory stays the same however
    many rows there are, and what is written between two lists neither skips a row nor shows one twice.
    """
    found = list(rows.order_by(by, "pk")[:size])
    while found:
        yield found
        last = getattr(found[-1], by)
        rest = rows.filter(**{f"{by}__gte": last}).exclude(**{by: last, "pk__lte": found[-1].pk})
        found = list(rest.order_by(by, "pk")[:size]) if len(found) == size else []


#: Asked for every follow-up that leaves.
AGREED_TO_LETTERS = WrittenOnce(
    lambda client: Consent.objects.filter(
        user_id=client, kind=Consent.Kind.LETTERS, withdrawn_at=None
    ).values_list("pk"),
    client=-11,
)
_PRACTITIONER = WrittenOnce(
    lambda pk: Practitioner.objects.filter(pk=pk).select_related("user", "room").order_by(), pk=-11
)
