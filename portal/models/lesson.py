"""Models of lessons: guided audio, with what comes before it and what comes after."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.models.readers_text import ReadersCharField, ReadersTextField
from practice.models.validators import validate_regions


def minutes_of(duration_ms: int) -> int:
    """Return a length rounded to minutes, as titles say it: "21 min"."""
    return round(duration_ms / 60_000)


class Lesson(models.Model):
    """Guided audio done on the floor: guidelines before, "what happened" after. Texts are Markdown."""

    slug = models.SlugField(_("web address"), unique=True)
    title = ReadersCharField(max_length=120)
    standfirst = ReadersTextField(_("introduction"), blank=True)
    position = ReadersCharField(_("position"), max_length=80, help_text=_("lying on the back"))
    things = ReadersCharField(_("things needed"), max_length=200, blank=True)
    regions = models.JSONField(_("body regions"), default=list, validators=[validate_regions])
    guidelines = ReadersTextField(_("guidelines, before the player"), blank=True)
    expectations = ReadersTextField(_("what to expect"), blank=True)
    what_happened = ReadersTextField(_("what happened, after the lesson"), blank=True)
    voice = ReadersCharField(_("voice"), max_length=120, blank=True)
    is_free = models.BooleanField(_("free for everyone, without an account"), default=False)
    is_published = models.BooleanField(default=False)
    #: Set while a lesson that was published is taken back: those who had it then read why it is gone.
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Texts that are saved beside the published ones: {"texts": …, "from": the print of those they change}.
    draft: Any = models.JSONField(null=True, blank=True, default=None, editable=False)
    order = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.slug])


class LessonAudio(models.Model):
    """One published recording of a lesson, named by its content, so that a new one has a new address."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="recordings")
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=200, help_text="Path below MEDIA_ROOT.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    duration_ms = models.PositiveIntegerField()
    content_type = models.CharField(max_length=40, default="audio/mp4")
    is_current = models.BooleanField(default=True)
    #: The rests of 3 s and more, as [start, end] in ms; None until the media worker has looked for them.
    silences: Any = models.JSONField(null=True, blank=True, default=None, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    times_to_check = models.BooleanField(
        default=False, help_text="Chapters and transcript were carried over from another length."
    )

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["lesson", "sha256"], name="one_recording_once"),
            models.UniqueConstraint(
                fields=["lesson"], condition=models.Q(is_current=True), name="one_current_recording"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson}, {self.duration_ms // 1000} s"

    @property
    def minutes(self) -> int:
        """Return the length in minutes."""
        return minutes_of(self.duration_ms)


class Chapter(models.Model):
    """A part of a recording one can go to."""

    audio = models.ForeignKey(LessonAudio, on_delete=models.CASCADE, related_name="chapters")
    start_ms = models.PositiveIntegerField()
    title = ReadersCharField(max_length=120)

    class Meta:
        ordering = ("start_ms",)


class Cue(models.Model):
    """A sentence of a recording with its start and end, for the transcript."""

    audio = models.ForeignKey(LessonAudio, on_delete=models.CASCADE, related_name="cues")
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ("start_ms",)
