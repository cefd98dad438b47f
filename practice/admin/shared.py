"""Base classes and fields that several back office pages share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.access import rows
from practice.access.actions.open_record import log_openings
from practice.access.pages import require_staff
from practice.access.roles import Scope, Verb
from practice.contact import kept_number, shown_number, wrong_number
from practice.core.body import REGIONS
from practice.core.clock import day_bounds
from practice.core.formatting import month_in_words
from practice.models.phone import PhoneField
from practice.queries import practice_zone, the_practice


class NumberField(forms.CharField):
    """A phone number, read and shown as the practice's country writes it."""

    def __init__(self, *args: Any, region: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)

    def clean(self, value: Any) -> str:
        """Return the number in the form in which it is kept. Raises ValidationError."""
        number = kept_number(super().clean(value))
        if number and (words := wrong_number(number)):
            raise ValidationError(words)
        return number

    def prepare_value(self, value: Any) -> Any:
        """Return the number as people write it."""
        return shown_number(value) if value else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another number was typed, however it is written."""
        return str(initial or "") != kept_number(str(data or ""))


class OwnRowsAdmin(admin.ModelAdmin):
    """The base of every page of the back office: each reader's own rows only, by `practice/access/roles.py`.

    Lists, pages of one row, choices of a field and its search all ask `practice/access/rows.py`.
    """

    #: Fields that say whose a new row is: somebody who changes only their own can choose only themselves.
    whose: tuple[str, ...] = ()
    # An address typed without its scheme, as Django 6 will read it.
    formfield_overrides = {URLField: {"assume_scheme": "https"}, PhoneField: {"form_class": NumberField}}

    @admin.display(description=gettext_lazy("phone"), ordering="phone")
    def phone_shown(self, row: Any) -> str:
        """Return the row's phone number as the practice's country writes it."""
        return shown_number(row.phone)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the reader may see."""
        return rows.for_person(require_staff(request), super().get_queryset(request))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._reaches(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._reaches(request, obj)

    def _reaches(self, request: HttpRequest, obj: Model | None) -> bool:
        return obj is None or obj.pk is None or rows.may_access(require_staff(request), obj, "change")

    def changes_all(self, request: HttpRequest) -> bool:
        """Return whether the reader may change every row of this list, whoever it belongs to."""
        return rows.scope_of(require_staff(request), self.model, "change") is Scope.ALL

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list under its own name; read-only for a reader to whom some rows do not belong."""
        found = super().get_changelist_instance(request)
        found.title = str(capfirst(self.opts.verbose_name_plural))
        if not self.changes_all(request):
            found.list_editable = ()
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rows that the reader sees; for fields in `whose`, the reader's own."""
        kwargs.setdefault("queryset", db_field.remote_field.model._default_manager.all())
        verb: Verb = "change" if db_field.name in self.whose and not self.changes_all(request) else "see"
        kwargs["queryset"] = rows.for_person(require_staff(request), kwargs["queryset"], verb)
        found = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if found and verb == "change":
            found.required = True  # none at all would be everybody's
        return found

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", db_field.remote_field.model._default_manager.all())
        kwargs["queryset"] = rows.for_person(require_staff(request), kwargs["queryset"])
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _id_of(row: Any, path: str) -> Any:
    """Return the id at the end of a path such as "appointment__client"; None for a row of nobody."""
    *way, last = path.split("__")
    for name in way:
        row = getattr(row, name)
    return getattr(row, f"{last}_id")


class LoggedAdmin(OwnRowsAdmin):
    """The base of pages that show words of somebody's record: opening one is written down."""

    opens = ""  # what is opened, as a code of the access log
    person = "client"  # the way from a row to whose it is

    def is_written_down(self, request: HttpRequest) -> bool:
        """Return whether the reader is shown such words."""
        return True

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Return one row, for a page of its own, and write down that it was opened."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._write_down(request, [found])
        return found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list, and write down whose rows this page of it shows."""
        answer = super().changelist_view(request, extra_context)
        listed = getattr(answer, "context_data", None) or {}
        if "cl" in listed:
            self._write_down(request, listed["cl"].result_list)
        return answer

    def _write_down(self, request: HttpRequest, shown: Iterable[Model]) -> None:
        if not self.is_written_down(request):
            return
        whose = {_id_of(row, self.person) for row in shown}
        log_openings(require_staff(request), whose - {None}, self.opens, now=timezone.now())


class ReadOnlyAdmin(OwnRowsAdmin):
    """The base of ledgers: read and searched, never written by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MonthFilter(admin.DateFieldListFilter):
    """A filter for the rows of one month, in place of `date_hierarchy`.

    That has the database divide instants into days, by its own time zone data; here the bounds are made by
    ours, on the practice's clock.
    """

    AHEAD, BACK = 3, 12  # months

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = practice_zone(the_practice())
        this = timezone.now().astimezone(zone).date().replace(day=1)
        months = [month_after(this, number) for number in range(self.AHEAD, -self.BACK - 1, -1)]
        self.links = ((_("Any month"), {}), *(self.link(month, zone) for month in months))

    def link(self, first: dt.date, zone: ZoneInfo) -> tuple[str, dict[str, Any]]:
        """Return a month's name, and its bounds as parameters of the list."""
        begins, ends = day_bounds(first, zone)[0], day_bounds(month_after(first, 1), zone)[0]
        bounds = {self.lookup_kwarg_since: str(begins), self.lookup_kwarg_until: str(ends)}
        return month_in_words(first, locale=the_practice().locale), bounds


def month_after(first: dt.date, number: int) -> dt.date:
    """Return the first day of the month so many months after that of `first`."""
    months = first.year * 12 + first.month - 1 + number
    return dt.date(months // 12, months % 12 + 1, 1)


class LabeledListAdmin(OwnRowsAdmin):
    """The base of lists with editable fields: each has a label, which a column's header is not."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in self.list_editable:
            field.widget.attrs["aria-label"] = field.label
        return field


class SplitDateTimeWidget(AdminSplitDateTime):
    """A date and a time under one label; each says which it is."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (gettext_lazy("Date"), gettext_lazy("Time")), strict=True):
            widget.attrs["aria-label"] = name


class RegionsField(forms.MultipleChoiceField):
    """Body regions as checkboxes, kept as a list of slugs in the order of work."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(choices=[(region.slug, _(region.label)) for region in REGIONS], **kwargs)
