"""Models of logs and consents: who opened a record, who agreed, how often, and when the clock last ticked."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.core.reasons import because, reason_in_words
from practice.in_language import language_of_text, print_of
from practice.models.language import language_of_this_page
from practice.models.people import User
from practice.models.readers_text import ReadersTextField


class AccessLog(models.Model):
    """A line of the access log: who opened whose record, and when. Only appended; the client can read it."""

    at = models.DateTimeField(default=timezone.now)
    reader = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    whose = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_log")
    # Of rows from before the codes: the words as they were written.
    what = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40, blank=True, help_text="What was opened or done; said when shown.")
    params: Any = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-at",)
        verbose_name_plural = _("access log")

    @property
    def words(self) -> str:
        """Return what was opened or done, in the language of the moment."""
        return reason_in_words(because(self.code, **self.params)) if self.code else self.what


class Consent(models.Model):
    """A person's agreement to a version of a text, with the time, and the name if it was signed."""

    class Kind(models.TextChoices):
        BOOKING = "booking", _("booking policy")
        LETTERS = "letters", _("emails between sessions")
        TREATMENT = "treatment", _("treatment")
        HEALTH_DATA = "health_data", _("keeping health information")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(blank=True)
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        help_text="Of the text. Empty: given before it was written down.",
    )
    signed_name = models.CharField(_("signed as"), max_length=150, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)


class UsageCount(models.Model):
    """A count of events in a window of time, for rate limits shared by all processes."""

    key = models.CharField(max_length=120)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "practice_tally"  # as before the model was renamed
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_tally")]
        indexes = [models.Index(fields=["window"], name="tally_window")]


class Heartbeat(models.Model):
    """The last sign of life of a ticking part: "beat" when a tick it sent was worked off.

    `why`: what has kept it from its work since `at`; for one that never worked, since it first tried.
    """

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    why: Any = models.JSONField(default=list, editable=False, help_text="Codes, worded when shown.")

    class Meta:
        db_table = "practice_pulse"  # as before the model was renamed

    @property
    def reason(self) -> str:
        """Return what keeps it from its work, in sentences; "" for nothing."""
        return reason_in_words(self.why)


class Erasure(models.Model):
    """A note that a record was erased, for backups that still have it: a number and a hash, and nothing else.

    Copied to where the backups are, since a database that is restored does not know what came after it.
    """

    number = models.BigIntegerField(help_text="Of the record that is gone.")
    proof = models.CharField(
        max_length=64, help_text="Tells it from a later record with the same number: of when it was made."
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"erasure of record {self.number}"

    @staticmethod
    def proof_of(user: User) -> str:
        """Return the hash of what a record keeps from its first day on."""
        return hashlib.sha256(f"{user.pk} {user.created_at.isoformat()}".encode()).hexdigest()[:32]


class ConsentText(models.Model):
    """A text that the owner has clients sign. A new text is a new row with the next version."""

    KINDS = (Consent.Kind.TREATMENT, Consent.Kind.HEALTH_DATA)

    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.label) for kind in KINDS], default=Consent.Kind.TREATMENT
    )
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    text = ReadersTextField(_("text"), only_if_current=True)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("kind", "-version")
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_text_of_each_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"

    @property
    def language(self) -> str:
        """Return the language in which it is shown now. The shipped text (version 0) is in all of them."""
        return language_of_text(self.text) if self.version else language_of_this_page()

    @property
    def shown_as(self) -> str:
        """Return the version with a print of the words that are shown now: these are the ones signed."""
        return f"{self.version}-{print_of(self.text)}"
