"""Queries that the practice's pages share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from practice.articles import doctor_page
from practice.core.clock import UnknownZone, zone_named
from practice.models import Article, Consent, Practice, Practitioner, User

READ_ON = 2
#: Within `one_practice`: the practice, once it was read; before that nothing.
AS_READ: ContextVar[list[Practice] | None] = ContextVar("the practice as it was read", default=None)


def the_practice() -> Practice:
    """Return the one row about the business; an unsaved one with defaults before the set-up."""
    read = AS_READ.get()
    if read:
        return read[0]
    practice = Practice.objects.filter(pk=1).first() or Practice(name="Myopractic Portal")
    if read is not None:
        read.append(practice)
    return practice


def owners_address() -> str:
    """Return the email address of the first owner; "" before the set-up."""
    owner = User.objects.owners().order_by("pk").first()
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
    return _AGREED.first(user=user.pk) is not None


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


class WrittenOnce:
    """Reads rows by a query of which only the values change.

    To write such a query takes Django several times as long as a database takes to answer it: for what is
    asked hundreds of times, in a lesson or for the emails of a morning, it is written once for each kind of
    database.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]], **samples: Any) -> None:
        """rows: makes the query, with `values_list`, from the named values.

        samples: a value for each name that occurs nowhere else in the query, of the type that will be asked.
        """
        self._rows, self._samples = rows, samples
        self._sql = cache(self._write)

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """Return the first row as the database gives it (a truth may be 0 or 1), or None."""
        sql, params, _ = self._sql(connection.vendor, True)
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(params, values))
            found: tuple[Any, ...] | None = cursor.fetchone()
            return found

    def all(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return all rows, their values as Django's models have them."""
        sql, params, convert = self._sql(connection.vendor, False)
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(params, values))
            return [
                tuple(
                    reduce(lambda value, make: make(value, None, connection), convert.get(place, ()), value)
                    for place, value in enumerate(row)
                )
                for row in cursor.fetchall()
            ]

    def _write(
        self, vendor: str, only_first: bool
    ) -> tuple[str, list[Any], dict[int, list[Callable[..., Any]]]]:
        rows = self._rows(**self._samples)
        compiler = (rows[:1] if only_first else rows).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {_adapted(value): name for name, value in self._samples.items()}
        if lost := self._samples.keys() - {names[one] for one in params if one in names}:
            raise ValueError(f"the written query does not hold the values of {sorted(lost)}")
        made = compiler.get_converters([column for column, _, _ in compiler.select])
        return (
            sql,
            [_Gap(names[one]) if one in names else one for one in params],
            {place: makers for place, (makers, _) in made.items()},
        )


def _filled(params: list[Any], values: dict[str, Any]) -> list[Any]:
    return [_adapted(values[one.name]) if isinstance(one, _Gap) else one for one in params]


def _adapted(value: Any) -> Any:
    """Return a value as the database takes it: SQLite has moments as text."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value


@dataclass(frozen=True)
class _Gap:
    """A place in a written query for the value of this name."""

    name: str


class WhichExist:
    """Asks in one query whether there are rows of several kinds, each by its name.

    The query is always the same, and takes longer to write than to answer: it is written once.
    """

    def __init__(self, **rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._sql = cache(self._write)

    def __call__(self) -> dict[str, bool]:
        """Return which of them exist now."""
        with connection.cursor() as cursor:
            cursor.execute(*self._sql(connection.vendor))
            return dict(zip(self._rows, map(bool, cursor.fetchone()), strict=True))

    def _write(self, vendor: str) -> tuple[str, list[Any]]:
        plain = (one if one.query.is_sliced else one.order_by() for one in self._rows.values())
        parts = [one.values("pk").query.sql_with_params() for one in plain]
        found = ", ".join(f"EXISTS ({sql})" for sql, _ in parts)
        return f"SELECT {found}", [value for _, values in parts for value in values]


#: Asked for every follow-up that leaves.
_AGREED = WrittenOnce(
    lambda user: Consent.objects.filter(
        user_id=user, kind=Consent.Kind.LETTERS, withdrawn_at=None
    ).values_list("pk"),
    user=-11,
)
