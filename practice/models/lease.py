"""A lease: one program at a time does something, and another takes over when it is gone."""

from __future__ import annotations

from django.db import models


class Lease(models.Model):
    """Who does something at present, and until when by the database's clock. Not renewed, it runs out."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.UUIDField(help_text="Made at random by each program that asks.")
    until = models.DateTimeField()
