"""Models of practice at home: a lesson heard or an exercise done, and what the client noticed."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.exercise import Exercise
from portal.models.lesson import Lesson, LessonAudio
from practice.models import User
from practice.models.encrypted import EncryptedTextField


class PracticeEntry(models.Model):
    """One play-through of a lesson on one device, or an exercise done once.

    The sums are kept by `portal.practice_log.actions.listen` from the segments, so that no page has to add
    them up.
    """

    class Felt(models.TextChoices):
        """The feeling afterward, compared with before; stored encrypted."""

        BETTER = "better", _("better")
        SAME = "same", _("the same")
        WORSE = "worse", _("worse")

    class NeedsHuman(models.TextChoices):
        """A reason for a practitioner to look at the entry. The code says no more than a list needs."""

        PAIN_ROSE = "pain_rose", _("more pain after practicing")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, help_text="Made by the client's device.")
    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="practice_entries")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, related_name="practice_entries")
    exercise = models.ForeignKey(
        Exercise, on_delete=models.PROTECT, null=True, related_name="practice_entries"
    )
    recording = models.ForeignKey(LessonAudio, on_delete=models.SET_NULL, null=True, related_name="+")
    first = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="continued",
        help_text="The entry in which this play-through began, on another device.",
    )

    since = models.DateTimeField(help_text="When its page was handed out: nothing was heard before.")
    started_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    said_done = models.BooleanField(default=False, help_text="Called finished by the client.")
    heard_ms = models.PositiveIntegerField(default=0)
    covered_ms = models.PositiveIntegerField(default=0)
    stopped_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    lying_before = EncryptedTextField(_("how they lie, sit or stand before"), blank=True, default="")
    lying_after = EncryptedTextField(_("how they lie, sit or stand after"), blank=True, default="")
    noticing = EncryptedTextField(_("what did you notice?"), blank=True, default="")
    pain_before = EncryptedTextField(_("pain before, 0–10"), null=True, blank=True)
    pain_after = EncryptedTextField(_("pain after, 0–10"), null=True, blank=True)
    felt = EncryptedTextField(_("afterward"), choices=Felt, blank=True, default="")
    # What is encrypted cannot be searched: that somebody should look stands beside it, in the clear.
    needs_human = models.CharField(max_length=20, choices=NeedsHuman, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True, help_text="When somebody had looked at it.")
    cleared_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-started_at", "-id")
        verbose_name_plural = _("practice entries")
        indexes = [
            models.Index(fields=["client", "-last_at"], name="entry_of_client"),
            models.Index(fields=["client", "lesson", "-last_at"], name="entry_of_lesson"),
            models.Index(fields=["started_at"], name="entry_started"),
            models.Index(
                fields=["client", "lesson"],
                name="entry_finished",
                condition=models.Q(finished_at__isnull=False) | models.Q(said_done=True),
            ),
            models.Index(
                fields=["client"],
                name="entry_needs_human",
                condition=models.Q(cleared_at__isnull=True) & ~models.Q(needs_human=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lesson=None, exercise__isnull=False)
                | models.Q(lesson__isnull=False, exercise=None),
                name="a_lesson_or_an_exercise",
            )
        ]

    def __str__(self) -> str:
        return f"practice entry {self.pk}"


class Segment(models.Model):
    """A stretch of a recording that was heard, without a pause. Only ever appended."""

    entry = models.ForeignKey(PracticeEntry, on_delete=models.CASCADE, related_name="segments")
    seq = models.PositiveIntegerField(help_text="Counted by the device.")
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    rate = models.FloatField(default=1)
    began_at = models.DateTimeField(help_text="By our clock.")
    ended_at = models.DateTimeField(help_text="By our clock.")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("entry", "seq")
        constraints = [
            models.UniqueConstraint(fields=["entry", "seq"], name="one_segment_once"),
            models.CheckConstraint(
                condition=models.Q(end_ms__gte=models.F("start_ms")), name="a_segment_goes_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start_ms}–{self.end_ms} ms"
