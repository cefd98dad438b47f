"""The models of text messages: whose number may be texted, and what the gateway says of each message."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.models.letter import Letter
from practice.models.people import User

NUMBER_LONGEST = 16  # E.164: a plus and at most 15 digits
CODE_LIVES, CODE_TRIES = timedelta(minutes=10), 5


class TextNumberQuerySet(models.QuerySet["TextNumber"]):
    """A query set of numbers by what may be sent to them."""

    def current(self, user: User) -> TextNumber | None:
        """Return the number a person last entered and did not withdraw, confirmed or not."""
        return self.filter(user=user, withdrawn_at=None).first()

    def reachable(self) -> TextNumberQuerySet:
        """Return numbers that reminders and offers may go to: confirmed, not withdrawn, not stopped."""
        return self.filter(given_at__isnull=False, withdrawn_at=None, stopped_at=None).exclude(
            way=TextNumber.Way.EMAIL
        )


class TextNumber(models.Model):
    """A person's consent to text messages, for one number: another number is another row.

    Nothing but a code goes to a number until its owner has typed that code (`given_at`).
    """

    class Way(models.TextChoices):
        EMAIL = "email", _("By email")
        TEXT = "text", _("By text message")
        BOTH = "both", _("By email and text message")

    class Stopped(models.TextChoices):
        REPLY = "reply", _("they replied STOP")
        DEAD = "dead", _("nothing arrives there")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="text_numbers")
    number = models.CharField(max_length=NUMBER_LONGEST, db_index=True)
    way = models.CharField(max_length=5, choices=Way, default=Way.TEXT)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(blank=True, help_text="What was agreed to, word for word.")
    code = models.CharField(max_length=64, blank=True, help_text="A digest of the code that was sent.")
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    given_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=5, choices=Stopped, blank=True)

    objects: ClassVar = TextNumberQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(
                fields=["created_at"], name="text_number_unconfirmed", condition=models.Q(given_at=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(withdrawn_at=None), name="one_number_to_text"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def takes_codes(self, now: datetime) -> bool:
        """Return whether a code was sent that can still be typed."""
        return (
            bool(self.code)
            and self.code_sent_at is not None
            and now < self.code_sent_at + CODE_LIVES
            and self.code_tries < CODE_TRIES
        )


class TextMessage(models.Model):
    """What the gateway says of one message it took: its ID there, how it ended, and what it cost.

    It stays when its email row or its reader goes: the cost was real.
    """

    class Status(models.TextChoices):
        TAKEN = "taken", _("on its way")
        SENT = "sent", _("sent to the network")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("not delivered")

    letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="text_messages"
    )
    sid = models.CharField(max_length=40, unique=True, help_text="The gateway’s ID of the message.")
    status = models.CharField(max_length=9, choices=Status, default=Status.TAKEN)
    error = models.CharField(max_length=10, blank=True, help_text="The gateway’s code.")
    segments = models.PositiveSmallIntegerField(default=0)
    price = models.DecimalField(max_digits=10, decimal_places=5, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("-sent_at", "-id")
        indexes = [
            models.Index(fields=["sent_at"], name="text_unpriced", condition=models.Q(price__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.sid
