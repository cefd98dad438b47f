"""The model of the door to rows that are only appended: each opening of it stays written down."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DoorOpening(models.Model):
    """One opening of the door through which append-only rows are changed or removed: why, and when.

    Written by `practice/append_only/door.py` alone. The database itself refuses to remove a row, and to
    change anything of it except that the door is closed again. It names nobody.
    """

    class Why(models.TextChoices):
        ERASURE = "erasure", _("a person was erased")
        MERGE = "merge", _("two records were merged")
        PARTING = "parting", _("a merge was undone")
        RETENTION = "retention", _("what was kept long enough was removed")
        IMPORT_UNDONE = "import_undone", _("an import was undone")
        KEYS = "keys", _("texts were encrypted again under a new key")
        LESSON = "lesson", _("a lesson that no one was given was deleted")
        DEMO = "demo", _("demo data was made or removed")

    why = models.CharField(max_length=16, choices=Why)
    at = models.DateTimeField(default=timezone.now)
    is_open = models.BooleanField(default=True)
    transaction_id = models.BigIntegerField(
        default=0, help_text="PostgreSQL’s number of the transaction; SQLite writes only one at a time."
    )

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    why__in=(
                        *("erasure", "merge", "parting", "retention"),
                        *("import_undone", "keys", "lesson", "demo"),
                    )
                ),
                name="door_opens_for_a_reason",
            )
        ]
        # Few rows: it is asked by the triggers, which look for an open one.
        indexes = [models.Index(fields=["transaction_id"], condition=Q(is_open=True), name="door_is_open")]

    def __str__(self) -> str:
        return f"{self.get_why_display()} {self.at:%Y-%m-%d %H:%M}"
