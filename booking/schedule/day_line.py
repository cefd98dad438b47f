"""The line under a heading that leads to other days: before, this, after, a date, and the other views."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from practice.core import formatting
from practice.models import Practitioner

View = Literal["workspace", "workspace_day", "workspace_week"]


@dataclass(frozen=True)
class DayLine:
    """Where the line leads. `view`: the page it is on; `day`: what it shows, or a day of the week it shows.

    `one`: the only person it shows; `by_room`: it shows rooms. Both are kept on the way.
    """

    view: View
    day: dt.date
    today: dt.date
    locale: str
    people: list[Practitioner] = field(default_factory=list)
    one: Practitioner | None = None
    has_rooms: bool = False
    by_room: bool = False

    @property
    def kept(self) -> dict[str, str]:
        """Return what the links and the form keep beside the day."""
        if self.by_room:
            return {"view": "rooms"}
        return {"with": self.one.slug} if self.one else {}

    def url(self, day: dt.date, view: str = "") -> str:
        """Return the address of a day, here or in another view."""
        return reverse(view or self.view, query={"day": day.isoformat(), **self.kept})

    @property
    def _step(self) -> dt.timedelta:
        return dt.timedelta(days=7 if self.view == "workspace_week" else 1)

    def _link(self, day: dt.date) -> tuple[str, str]:
        """Return address and words of a day, or of its week."""
        if self.view != "workspace_week":
            words = f"{formatting.short_weekday(day.weekday(), locale=self.locale)}, "
            return self.url(day), words + formatting.short_date(day, locale=self.locale)
        first = formatting.week_of(day, locale=self.locale)
        last = first + dt.timedelta(days=6)
        return self.url(first), formatting.date_span(first, last, locale=self.locale, short=True)

    @property
    def before(self) -> tuple[str, str]:
        """Return address and words of the day or week before."""
        return self._link(self.day - self._step)

    @property
    def after(self) -> tuple[str, str]:
        """Return address and words of the day or week after."""
        return self._link(self.day + self._step)

    @property
    def is_now(self) -> bool:
        """Return whether it shows today, or this week."""
        if self.view != "workspace_week":
            return self.day == self.today
        weeks = {formatting.week_of(day, locale=self.locale) for day in (self.day, self.today)}
        return len(weeks) == 1

    @property
    def now(self) -> tuple[str, str]:
        """Return address and words of today, or of this week."""
        words = _("This week") if self.view == "workspace_week" else _("Today")
        place = f"#d-{self.today.isoformat()}" if self.view == "workspace_week" else ""  # far down on a phone
        return self.url(self.today) + place, words

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """Return address, words and whether it is this one, of each way to see the day."""
        names = {"workspace": _("List"), "workspace_day": _("Day"), "workspace_week": _("Week")}
        return [(self.url(self.day, view), words, view == self.view) for view, words in names.items()]

    @property
    def whose(self) -> list[tuple[str, str, bool]]:
        """Return address, words and whether it is shown, of everyone, each person and the rooms."""
        day = {"day": self.day.isoformat()}
        links = (
            [(reverse(self.view, query=day), _("Everyone"), not self.kept)] if len(self.people) > 1 else []
        )
        for one in self.people if links else ():
            links.append(
                (reverse(self.view, query={**day, "with": one.slug}), one.first_name, one == self.one)
            )
        if self.has_rooms and self.view != "workspace":
            if not links:
                links.append((reverse(self.view, query=day), _("People"), not self.by_room))
            links.append((reverse(self.view, query={**day, "view": "rooms"}), _("Rooms"), self.by_room))
        return links
