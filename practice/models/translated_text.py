"""The model of what the practice wrote in its other language: one text of one thing."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class TranslatedText(models.Model):
    """One text of the practice in another language than it was written in. Public words, so not encrypted.

    It says which text it is of by the kind of row, the row and the name of the text, so that no kind of row
    needs columns of its own. It is deleted with its row: `practice/other_language/registry.py`.
    """

    #: Such as "booking.sessiontype".
    kind = models.CharField(max_length=60)
    thing = models.PositiveBigIntegerField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    text = models.TextField()
    #: The print of the text that was translated. It differs once that text was changed.
    of = models.CharField(max_length=16)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("kind", "thing", "field", "language")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing", "field", "language"], name="one_translation_of_a_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}, {self.field} ({self.language})"
