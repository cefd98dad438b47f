"""The models of emails: one email is one row, written with its cause and sent by the worker."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.core import wall_time
from practice.core.reasons import reason_in_words
from practice.models.encrypted import EncryptedTextField
from practice.models.people import User
from practice.observability import request_id
from practice.security.crypto import decrypt


class LetterManager(models.Manager["Letter"]):
    """A manager that reads emails without their words, which are opened one email at a time."""

    def get_queryset(self) -> models.QuerySet[Letter]:
        return super().get_queryset().defer(*Letter.WORDS)


#: Emails that say whom they went to, or whose subject may name a client. Also the condition of an index, so a
#: query has to filter by it as it is.
NAMES_SOMEONE = (
    models.Q(to_address__gt="") | models.Q(to_name__gt="") | models.Q(category="notice", subject__gt="")
)


class Letter(models.Model):
    """A row for one email. Its claim, its state and the reason are on the row.

    Its words are encrypted, since they may quote a client. They are read only when asked for (`open_words`):
    a lost key stops no list, no claim and nobody else's email.

    `event` says what happened, as ids, instants and numbers, never in words; `word` is what somebody wrote
    along. From these, and from the facts of the moment, the email is worded when it leaves. Until then
    `subject`, `text` and `html` hold a draft, for lists and previews.
    """

    WORDS: ClassVar = ("text", "html", "word")  # what is sealed

    class State(models.TextChoices):
        PLANNED = "planned", _("scheduled")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("may not have been sent")
        CANCELLED = "cancelled", _("canceled")
        MISSED = "missed", _("missed its time")

    class Category(models.TextChoices):
        ACCOUNT = "account", _("signing in")
        APPOINTMENT = "appointment", _("appointments")
        NOTICE = "notice", _("notices to the practice")
        ENCOURAGEMENT = "encouragement", _("between sessions")
        DIGEST = "digest", _("digests")
        ANSWER = "answer", _("answers")

    class Channel(models.TextChoices):
        """How it reaches a person: each has its transport in `practice/mail/channels/table.py`."""

        EMAIL = "email", _("email")
        TEXT = "text", _("text message")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60, db_index=True)
    category = models.CharField(max_length=20, choices=Category)
    about = models.CharField(
        max_length=80, blank=True, db_index=True, help_text='Such as "appointment:<uid>".'
    )
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters")

    channel = models.CharField(max_length=12, choices=Channel, default=Channel.EMAIL)
    to_name = models.CharField(max_length=150, blank=True)
    to_address = models.CharField(max_length=254, help_text="The reader’s address on the channel.")
    from_name = models.CharField(max_length=150, blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = EncryptedTextField(blank=True)
    html = EncryptedTextField(blank=True)
    event = models.JSONField(default=dict, help_text="What it tells of: ids, instants, numbers. No words.")
    word = EncryptedTextField(blank=True, help_text="What somebody wrote along with it.")
    headers = models.JSONField(default=dict)
    attachments = models.JSONField(default=list, help_text="[{filename, content_type, content}]")
    message_id = models.CharField(max_length=200, unique=True)

    due_at = models.DateTimeField(default=timezone.now)
    due_wall = models.CharField(
        max_length=wall_time.LONGEST,
        blank=True,
        help_text="Of what is due at an hour of somebody's clock: that hour, zone and offset.",
    )
    not_after = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    why = models.JSONField(
        default=list,
        blank=True,
        help_text="Why it waits, failed or was called off: codes, put into words when shown.",
    )
    claim = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    request_id = models.CharField(
        max_length=request_id.LONGEST,
        blank=True,
        default="",
        db_default="",  # a program of the version before writes rows too while it is replaced
        help_text="The request, or the task, that caused it: its log lines name it.",
    )
    refused_at = models.DateTimeField(null=True, blank=True, help_text="Refused for a reason that is ours.")
    refusal = models.CharField(max_length=120, blank=True, help_text="In which words, without names.")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    blanked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = LetterManager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        ordering = ("-due_at", "-id")
        indexes = [
            # Ends with the id, as the order of delivery does: at nine in the morning all emails of a practice
            # may be due at one instant.
            models.Index(fields=["state", "-due_at", "-id"], name="letter_state"),
            models.Index(
                fields=["state", "category", "due_at", "id"],
                name="letter_due_by_category",
                condition=models.Q(state="planned"),
            ),
            models.Index(fields=["leased_until"], name="letter_leased", condition=models.Q(state="claimed")),
            models.Index(
                fields=["kind", "refused_at"],
                name="letter_refused",
                condition=models.Q(refused_at__isnull=False),
            ),
            models.Index(fields=["sent_at"], name="letter_sent", condition=models.Q(sent_at__isnull=False)),
            models.Index(fields=["to_address", "-due_at"], name="letter_to_address"),
            # What the hourly tidying still has to do, by age.
            models.Index(
                fields=["due_at", "id"], name="letter_not_blanked", condition=models.Q(blanked_at=None)
            ),
            models.Index(fields=["due_at", "id"], name="letter_names_someone", condition=NAMES_SOMEONE),
            # The last one: of two that serve as well, SQLite takes the newer.
            models.Index(
                fields=["state", "due_at", "id"],
                name="letter_due_first",
                condition=models.Q(state="planned") & ~models.Q(category="encouragement"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to_address}"

    @property
    def reason(self) -> str:
        """Return why it waits, failed or was called off, in sentences for the practitioner."""
        return reason_in_words(self.why)

    @property
    def last_report(self) -> Any:
        """Return the last `EmailEvent` about it, of those that are read with it; None for none."""
        return max(self.reports.all(), key=lambda one: (one.at, one.pk), default=None)

    def open_words(self) -> None:
        """Read the words from the row, all at once. Raises `crypto.Unreadable` when their key was lost.

        Of an email that was claimed they are here already, as they rest.
        """
        sealed = {name: self.__dict__.pop(f"sealed_{name}", None) for name in self.WORDS}
        if None in sealed.values():
            self.refresh_from_db(fields=self.WORDS)
            return
        for name, value in sealed.items():
            setattr(self, name, decrypt(value) if value else value)

    def open_word(self) -> str:
        """Return what somebody wrote along with it; of an email that was claimed without asking the database.

        Raises `crypto.Unreadable` when its key was lost.
        """
        sealed = self.__dict__.get("sealed_word")
        return self.word if sealed is None else decrypt(sealed) if sealed else ""

    @staticmethod
    def new_claim() -> uuid.UUID:
        """Return a fresh token for a claim."""
        return uuid.uuid4()


class Suppression(models.Model):
    """An address that emails came back from, or whose reader reported one as unwanted.

    To the first, none are sent; to the second, only those that were asked for. Staff lift either, the second
    only if its reader asked for emails again; its reader, signed in, lifts it themselves.
    """

    class Cause(models.TextChoices):
        BOUNCE = "bounce", _("bounced")
        COMPLAINT = "complaint", _("reported as unwanted")

    address = models.EmailField(unique=True)
    cause = models.CharField(max_length=12, choices=Cause)
    detail = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("blocked address")
        verbose_name_plural = _("blocked addresses")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.address
