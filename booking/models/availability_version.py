"""Versions of everything that free times are made of."""

from __future__ import annotations

from django.db import models


class AvailabilityVersion(models.Model):
    """A token that is another one after each change of what free times are made of.

    Written by the database itself (`booking/locking/version_triggers.py`), in the transaction of the change.
    `subject`: what changed: "p:5" a practitioner's time, "r:2" a room's, "c:7" another calendar's, or "all".
    While several changes of one subject go on at once, it has several rows.
    """

    subject = models.CharField(max_length=24, db_index=True)
    token = models.BigIntegerField()

    class Meta:
        verbose_name = "version of free times"
        verbose_name_plural = "versions of free times"

    def __str__(self) -> str:
        return f"{self.subject} {self.token}"
