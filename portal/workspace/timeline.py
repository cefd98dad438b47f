"""Everything of one client in the order of time, the newest first, a page at a time.

What there is to show are kinds of rows: each says when its rows happened, and reads the rows of one page at
once. So a page costs one query for its order and a few for each kind, after a year as after a week. A further
kind is one line in `KINDS` and a template `workspace/timeline/_<name>.html`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Value

from booking.intake import queries as intake_queries
from portal.workspace import client_page
from practice.access import rows
from practice.mail.kinds import AT_WORK
from practice.mail.queries import NEVER_WENT
from practice.models import Letter, User

A_PAGE = 15


@dataclass(frozen=True)
class TimelineKind:
    """One kind of row. `found`: all of a client's that the reader may see; `at`: its field for when."""

    name: str
    at: str
    found: Callable[[User, User, dt.datetime], QuerySet[Any]]

    @property
    def template(self) -> str:
        """Return the template that shows one row."""
        return f"workspace/timeline/_{self.name}.html"

    def order(self, client: User, reader: User, now: dt.datetime) -> QuerySet[Any, Any]:
        """Return name, id and moment of each row."""
        found = self.found(client, reader, now).order_by().select_related(None).prefetch_related(None)
        said = found.annotate(kind_name=Value(self.name), moment=F(self.at))
        return said.values_list("kind_name", "pk", "moment")


@dataclass(frozen=True)
class TimelineItem:
    """One row as the page shows it. `row` may be wrapped by the view, which knows the reader's clock."""

    kind: TimelineKind
    at: dt.datetime
    row: Any


def _letters(client: User, reader: User, _now: dt.datetime) -> QuerySet[Letter]:
    """Return the emails that went to the client, without their words."""
    sent = Letter.objects.filter(user=client, sent_at__isnull=False).exclude(category__in=AT_WORK)
    return rows.for_person(reader, sent.exclude(category=Letter.Category.ACCOUNT)).select_related("follow_up")


def _not_sent(client: User, reader: User, now: dt.datetime) -> QuerySet[Letter]:
    """Return the emails between sessions that were called off or missed, once their time has come."""
    kept = Letter.objects.filter(user=client, state__in=NEVER_WENT, due_at__lte=now)
    return rows.for_person(reader, kept.filter(category=Letter.Category.ENCOURAGEMENT))


KINDS: tuple[TimelineKind, ...] = (
    TimelineKind("session", "starts_at", lambda one, _by, now: client_page.sessions_of(one, now=now)),
    TimelineKind("note", "at", lambda one, _by, _now: client_page.notes_between(one)),
    TimelineKind("intake", "handed_in_at", lambda one, _by, _now: intake_queries.handed_in(one)),
    TimelineKind("practice", "started_at", lambda one, _by, _now: client_page.diary_of(one)),
    TimelineKind("question", "asked_at", lambda one, _by, _now: client_page.questions_of(one)),
    TimelineKind("email", "sent_at", _letters),
    TimelineKind("email_not_sent", "due_at", _not_sent),
)


def timeline_page(
    client: User, *, reader: User, number: str | None, now: dt.datetime
) -> tuple[Page[Any], list[TimelineItem]]:
    """Return a page of the timeline, and its rows in order."""
    first, *others = (kind.order(client, reader, now) for kind in KINDS)
    page = Paginator(first.union(*others, all=True).order_by("-moment", "kind_name", "-pk"), A_PAGE).get_page(
        number
    )
    return page, _items(list(page), client, reader, now)


def _items(
    order: Iterable[tuple[str, int, dt.datetime]], client: User, reader: User, now: dt.datetime
) -> list[TimelineItem]:
    """Return the rows of one page, each kind read at once."""
    order = list(order)
    by_name = {kind.name: kind for kind in KINDS}
    read = {
        name: _rows(kind, [pk for one, pk, _at in order if one == name], client, reader, now)
        for name, kind in by_name.items()
    }
    return [TimelineItem(by_name[name], at, read[name][pk]) for name, pk, at in order if pk in read[name]]


def _rows(
    kind: TimelineKind, pks: Collection[int], client: User, reader: User, now: dt.datetime
) -> dict[int, Any]:
    return {row.pk: row for row in kind.found(client, reader, now).filter(pk__in=pks)} if pks else {}
