"""The forms of an import: the file, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Import, SessionType
from booking.moving_in.engine import columns as fields
from booking.moving_in.engine.table import Table
from booking.moving_in.reading import MOST_NAMES, NAMED, Choices, names_in
from booking.moving_in.wording import CLOCKS, ENCODINGS, FIELDS, ORDERS, SEPARATORS, missing_words
from practice.queries import practitioners

NOT_THERE = "-"
UNCHOSEN = {
    "required": gettext_lazy("Please choose one of these."),
    "invalid_choice": gettext_lazy("Please choose one of these."),
}


def _number(chosen: str) -> int | None:
    return None if chosen == NOT_THERE else int(chosen)


class UploadForm(forms.Form):
    """A form for a file, and what it holds."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=gettext_lazy("What does the file hold?"),
        choices=Import.Kind.choices,
        widget=forms.RadioSelect,
        error_messages=UNCHOSEN,
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("Up to 50,000 rows. The first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        error_messages={
            "required": gettext_lazy("Please choose a file."),
            "empty": gettext_lazy("This file is empty."),
            "missing": gettext_lazy("Please choose a file."),
            "invalid": gettext_lazy("Please choose a file."),
        },
    )


class ReadingForm(forms.Form):
    """A form for the guesses that come before the columns: encoding, separator, order of dates."""

    use_required_attribute = False

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(
        label=gettext_lazy("Cells are separated by a"), choices=list(SEPARATORS.items())
    )
    order = forms.ChoiceField(label=gettext_lazy("Days are written"), choices=list(ORDERS.items()))
    clock = forms.ChoiceField(label=gettext_lazy("Hours are written"), choices=list(CLOCKS.items()))

    def __init__(self, *args: Any, job: Import, choices: Mapping[str, Any], **options: Any) -> None:
        initial = {name: choices.get(name, "") for name in ("encoding", "separator", "order", "clock")}
        super().__init__(*args, **{**options, "initial": initial})
        for one in self.fields.values():
            one.error_messages |= UNCHOSEN
        # A tab is a blank to Django: stripped, it would be no choice.
        self.fields["separator"].strip = False  # type: ignore[attr-defined]
        if not fields.DAYS[job.kind]:
            del self.fields["order"], self.fields["clock"]
            return
        order = self.fields["order"]
        assert isinstance(order, forms.ChoiceField)
        if not choices.get("order_sure"):
            order.choices = [(NOT_THERE, _("Please choose")), *ORDERS.items()]
            self.initial["order"] = choices.get("order") or NOT_THERE
            order.help_text = _("No row tells: 3/4 could be March or April. Please choose.")
        if not choices.get("clock_sure"):
            self.fields["clock"].help_text = _("No row tells. Please look at the times below.")

    def clean_order(self) -> str:
        """Return the order; "" until it is chosen."""
        return "" if self.cleaned_data["order"] == NOT_THERE else str(self.cleaned_data["order"])


class ColumnsForm(forms.Form):
    """A form for which column says what, what the names in the file mean, and two wishes."""

    use_required_attribute = False

    def __init__(self, *args: Any, job: Import, table: Table, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.job, self.table, self.kept = job, table, choices
        headings = [
            (str(number), name or _("Column %(n)s") % {"n": number + 1})
            for number, name in enumerate(table.headings)
        ]
        for name in fields.FIELDS[job.kind]:
            self.fields[f"column-{name}"] = forms.ChoiceField(
                label=FIELDS[name],
                choices=[(NOT_THERE, _("Not in this file")), *headings],
                initial=str(choices["columns"].get(name, NOT_THERE)),
                error_messages=UNCHOSEN,
            )
        self._add_names(job)
        self._add_wishes(job)

    def columns(self) -> dict[str, int]:
        """Return the chosen columns: as sent, else as kept."""
        if not self.is_bound:
            return dict(self.kept["columns"])
        found = {}
        for name in fields.FIELDS[self.job.kind]:
            said = str(self.data.get(f"column-{name}", ""))
            if said.isascii() and said.isdigit() and int(said) < len(self.table.headings):
                found[name] = int(said)
        return found

    def _add_names(self, job: Import) -> None:
        """Add a choice for each name that the file has for a practitioner, and for a session type."""
        self.names: dict[str, list[str]] = {}
        columns = self.columns()
        for field in NAMED if job.kind == Import.Kind.APPOINTMENTS else NAMED[1:]:
            if job.kind == Import.Kind.CLIENTS:
                break
            self.names[field] = names_in(self.table, columns, field)
            for number, name in enumerate(self.names[field][:MOST_NAMES]):
                self.fields[f"{field}-{number}"] = forms.ChoiceField(
                    label=name or self._nameless(field, columns),
                    choices=[(NOT_THERE, _("leave these rows out")), *self._rows(field)],
                    initial=str((self.kept["names"].get(field) or {}).get(name) or NOT_THERE),
                    error_messages=UNCHOSEN,
                )

    @staticmethod
    def _nameless(field: str, columns: Mapping[str, int]) -> str:
        if field in columns:
            return _("rows without a name")
        return _("all rows: the file doesn’t say")

    @staticmethod
    def _rows(field: str) -> list[tuple[str, str]]:
        if field == "practitioner":
            return [(str(one.pk), one.user.name) for one in practitioners()]
        return [(str(one.pk), str(one)) for one in SessionType.objects.filter(is_active=True)]

    def _add_wishes(self, job: Import) -> None:
        if job.kind == Import.Kind.APPOINTMENTS:
            self.fields["reminders"] = forms.BooleanField(
                label=_("Send reminders before these appointments. No other email is sent."),
                required=False,
                initial=self.kept["reminders"],
            )
        else:
            self.fields["fill"] = forms.BooleanField(
                label=_("Fill in what is empty for clients who are already here. Nothing is overwritten."),
                required=False,
                initial=self.kept["fill"],
            )

    def fields_of(self, start: str) -> list[forms.BoundField]:
        """Return the bound fields whose names begin so."""
        return [self[name] for name in self.fields if name.startswith(start)]

    def column_fields(self) -> list[forms.BoundField]:
        """Return the choices of columns."""
        return self.fields_of("column-")

    def practitioner_fields(self) -> list[forms.BoundField]:
        """Return the choices of practitioners."""
        return self.fields_of("practitioner-")

    def type_fields(self) -> list[forms.BoundField]:
        """Return the choices of session types."""
        return self.fields_of("session_type-")

    def wish_fields(self) -> list[forms.BoundField]:
        """Return the two wishes."""
        return [self[name] for name in ("reminders", "fill") if name in self.fields]

    def chosen(self) -> Choices:
        """Return the choices as sent, for a form that is valid."""
        names = {
            field: {
                name: _number(self.cleaned_data[f"{field}-{number}"])
                for number, name in enumerate(found[:MOST_NAMES])
            }
            for field, found in self.names.items()
        }
        wishes: Choices = {one.name: self.cleaned_data[one.name] for one in self.wish_fields()}
        return {**self.kept, "columns": self.columns(), "names": {**self.kept["names"], **names}, **wishes}

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; a column is used once, and what is needed is there."""
        said = dict(super().clean() or self.cleaned_data)
        columns = self.columns()
        if len(set(columns.values())) < len(columns):
            self.add_error(None, _("Please use each column once."))
        if groups := fields.missing(columns, self.job.kind):
            self.add_error(None, missing_words(groups))
        for field, found in self.names.items():
            if len(found) > MOST_NAMES:
                self.add_error(
                    f"column-{field}",
                    _("This column has more than %(most)s different names. Is it the right one?")
                    % {"most": MOST_NAMES},
                )
        return said
