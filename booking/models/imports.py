"""The models of an import from another system: the file, and what became of each of its rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.packages import Package
from practice.models import User
from practice.models.encrypted import EncryptedJSONField, EncryptedTextField


class ImportManager(models.Manager["Import"]):
    """A manager that defers what is encrypted: the file is long, and a lost key must not block the list."""

    def get_queryset(self) -> models.QuerySet[Import]:
        return super().get_queryset().defer("content", "choices", "headings")


class Import(models.Model):
    """One file from another system. The worker reads it in portions; `position`: the last row done."""

    class Kind(models.TextChoices):
        CLIENTS = "clients", _("Clients")
        APPOINTMENTS = "appointments", _("Future appointments")
        PACKAGES = "packages", _("Package balances")

    class State(models.TextChoices):
        MATCHING = "matching", _("columns to be matched")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("being imported")
        DONE = "done", _("imported")
        STOPPED = "stopped", _("stopped")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    #: States in which the worker has something to do.
    AT_WORK: ClassVar = (State.CHECKING, State.RUNNING, State.UNDOING)

    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.MATCHING)
    name = models.CharField(_("file name"), max_length=200)
    content = EncryptedTextField(blank=True, help_text="The file, packed; empty once its rows are stored.")
    #: Encrypted, like the headings: of a column that is chosen by mistake, any cell may be among the names.
    choices: Any = EncryptedJSONField(default=dict, help_text="How it is read: columns, dates, names.")
    headings: Any = EncryptedJSONField(null=True)
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ImportManager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="import_at_work",
                condition=models.Q(state__in=["checking", "running", "undoing"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display()}"

    @property
    def is_at_work(self) -> bool:
        """Return whether the worker has something to do for it."""
        return self.state in self.AT_WORK


class ImportRow(models.Model):
    """One row of a file: what it says, what becomes of it and why, and what it made."""

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        MATCHED = "matched", _("already here")
        SKIPPED = "skipped", _("left out")
        FAILED = "failed", _("can’t be imported")

    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As a spreadsheet counts: the headings are row 1.")
    raw: Any = EncryptedJSONField(null=True, help_text="Its cells; NULL after some days.")
    verdict = models.CharField(max_length=8, choices=Verdict)
    why = models.JSONField(default=list, help_text="Codes with parameters: `practice.core.reasons`.")
    client = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="import_rows")
    made_client = models.BooleanField(default=False)
    filled = models.JSONField(default=list, help_text="Empty fields of a known client that it filled in.")
    appointment = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, null=True, related_name="import_rows"
    )
    package = models.ForeignKey(Package, on_delete=models.SET_NULL, null=True, related_name="import_rows")
    no_reminders = models.BooleanField(default=False, help_text="The owner wanted none for its appointment.")
    undone = models.BooleanField(default=False, help_text="What it made is removed again.")
    stays: Any = models.JSONField(default=list, help_text="Why what it made was not removed.")

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_result_of_each_row")]
        indexes = [models.Index(fields=["job", "verdict", "number"], name="import_rows_by_verdict")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_verdict_display()}"
