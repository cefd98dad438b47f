"""Models of a practitioner's note about a session: signed once, then only amended."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models import Appointment
from practice.models import Practitioner, User
from practice.models.encrypted import EncryptedTextField


class NoteClosed(Exception):
    """Raised when a signed note, an amendment or a record note would be changed."""


class SessionNoteQuerySet(models.QuerySet["SessionNote"]):
    """Filters for the note of a session, and for drafts left behind after a handover."""

    def signed(self) -> SessionNoteQuerySet:
        """Return the signed notes: at most one of a session."""
        return self.filter(signed_at__isnull=False)

    def standing(self) -> SessionNoteQuerySet:
        """Return each session's signed note, else its practitioner's draft; signed ones first."""
        theirs = Q(author=F("appointment__practitioner"))
        return self.filter(Q(signed_at__isnull=False) | theirs).order_by(F("signed_at").asc(nulls_last=True))

    def left_behind(self) -> SessionNoteQuerySet:
        """Return drafts of sessions that their authors have handed over to a colleague."""
        return self.filter(signed_at=None).exclude(author=F("appointment__practitioner"))


class SessionNote(models.Model):
    """The note of one session by one author, in the order of work. All of its words are encrypted.

    Until it is signed it is a draft, saved while it is written: `version` counts the savings, so that two
    open pages cannot overwrite each other unseen. A draft is its author's: a colleague who takes the session
    over begins one of their own. One of them is signed.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="notes")
    foundation = EncryptedTextField(_("foundation: pelvis and sacrum"), blank=True, default="")
    low_back = EncryptedTextField(_("low back"), blank=True, default="")
    whole_body = EncryptedTextField(_("whole body"), blank=True, default="")
    next_time = EncryptedTextField(_("for next time"), blank=True, default="")
    touched = EncryptedTextField(
        blank=True, default="", help_text='Parts of the body map with their strength: "pelvis:2 knee-left:1".'
    )
    draft = EncryptedTextField(
        blank=True, default="", help_text="The rest of the page as it stands, as JSON. Empty once signed."
    )
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SessionNoteQuerySet.as_manager()

    class Meta:
        ordering = ("-appointment__starts_at",)
        constraints = [
            models.UniqueConstraint(fields=("appointment", "author"), name="one_note_of_each_author"),
            models.UniqueConstraint(
                fields=("appointment",), condition=Q(signed_at__isnull=False), name="one_signed_note"
            ),
        ]

    def __str__(self) -> str:
        return f"session note {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it, unless it was signed. Raises Closed, for an old copy too."""
        if SessionNote.objects.filter(pk=self.pk, signed_at__isnull=False).exists():
            raise NoteClosed("a signed note is only added to")
        super().save(*args, **kwargs)


class NoteAmendment(models.Model):
    """Text added to a signed note. Only ever appended."""

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="amendments")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = EncryptedTextField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"amendment {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it once. Raises Closed for a saved amendment."""
        if not self._state.adding:
            raise NoteClosed("an amendment stays as it was written")
        super().save(*args, **kwargs)
