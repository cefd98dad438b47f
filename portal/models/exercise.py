"""The models of exercises: a short movement with its pictures, a dosage, and an easier and a harder way."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.exercises.engine.timing import (
    LONGEST,
    LONGEST_HOLD,
    LONGEST_REST,
    MOST_REPETITIONS,
    Timing,
    phases,
    total_seconds,
)
from portal.exercises.figures import FIGURES
from practice.models import User
from practice.models.readers_text import ReadersCharField, ReadersTextField
from practice.models.validators import validate_regions


def known_figure(value: str) -> None:
    """Raise ValidationError unless the value is the name of a drawn figure of this site."""
    if value not in FIGURES:
        raise ValidationError(
            _("There is no figure “%(figure)s”. Choose one of these: %(known)s."),
            params={"figure": value, "known": ", ".join(FIGURES)},
        )


def _count(label: Any, most: int, help_text: Any = "") -> Any:
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
        help_text=help_text,
    )


class Exercise(models.Model):
    """A small movement done at home. The long texts are Markdown; everything else is plain.

    The timer needs `repetitions` and `hold_seconds`; an exercise without them has none.
    """

    class Sides(models.IntegerChoices):
        """How often all of it is done: once, or once on each side."""

        ONE = 1, _("once")
        BOTH = 2, _("on each side")

    slug = models.SlugField(_("web address"), unique=True)
    title = ReadersCharField(max_length=120)
    words = ReadersTextField(_("description of the picture"), help_text=_("For people who can’t see it."))
    position = ReadersCharField(_("position"), max_length=80, help_text=_("lying on the back"))
    things = ReadersCharField(_("things needed"), max_length=200, blank=True)
    regions = models.JSONField(_("body regions"), default=list, validators=[validate_regions])
    steps = ReadersTextField(_("steps"))
    to_feel = ReadersTextField(_("what to feel"), blank=True)
    when_to_stop = ReadersTextField(_("when to stop"), blank=True)
    dosage = ReadersCharField(
        _("how often"), max_length=200, blank=True, help_text=_("six times, once a day")
    )
    repetitions = _count(_("times"), MOST_REPETITIONS)
    hold_seconds = _count(
        _("seconds each time"), LONGEST_HOLD, _("How long one time lasts: a hold, or a slow movement.")
    )
    rest_seconds = _count(_("seconds of rest between"), LONGEST_REST)
    sides = models.PositiveSmallIntegerField(_("sides"), choices=Sides, default=Sides.ONE)
    easier = ReadersTextField(_("an easier way"), blank=True)
    harder = ReadersTextField(_("a harder way"), blank=True)
    care_regions = models.JSONField(
        _("needs care with"), default=list, blank=True, validators=[validate_regions]
    )
    care = ReadersCharField(
        _("what to take care of"), max_length=200, blank=True, help_text=_("Keep the knee below the hip.")
    )
    figure = models.SlugField(_("figure"), blank=True, validators=[known_figure])
    is_published = models.BooleanField(_("published"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page inside the portal."""
        return reverse("portal_exercise", args=[self.slug])

    @property
    def timing(self) -> Timing | None:
        """Return what the timer counts, or None for an exercise without a timer."""
        if not self.repetitions or not self.hold_seconds:
            return None
        return Timing(self.repetitions, self.hold_seconds, self.rest_seconds or 0, self.sides)

    def clean(self) -> None:
        """Raise ValidationError for half a timing, or one that takes too long."""
        if bool(self.repetitions) != bool(self.hold_seconds):
            raise ValidationError(
                {
                    "hold_seconds" if self.repetitions else "repetitions": _(
                        "The timer needs both: how many times, and how many seconds each."
                    )
                }
            )
        if self.timing and total_seconds(phases(self.timing)) > LONGEST:
            raise ValidationError(
                {
                    "repetitions": _("This adds up to more than %(most)s minutes. Please make it shorter.")
                    % {"most": LONGEST // 60}
                }
            )


class ExerciseMedia(models.Model):
    """A photo or a short video of an exercise. A video is prepared by the media worker before anyone sees it.

    `key` names the files below MEDIA_ROOT: it is made of their content, so it changes with them.
    """

    class Kind(models.TextChoices):
        """What it is."""

        PHOTO = "photo", _("photo")
        VIDEO = "video", _("video")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being prepared")
        READY = "ready", _("ready")
        REFUSED = "refused", _("could not be used")

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="media")
    kind = models.CharField(max_length=5, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    key = models.CharField(max_length=64, blank=True, db_index=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)
    words = ReadersCharField(_("description"), max_length=300, help_text=_("For people who can’t see it."))
    order = models.PositiveSmallIntegerField(default=0)
    file = models.CharField(
        max_length=200, blank=True, help_text="What was uploaded, until it is dealt with."
    )
    name = models.CharField(_("file name"), max_length=200, blank=True)
    reason = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("order", "id")
        verbose_name_plural = _("exercise media")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="exercise_media_open",
                condition=models.Q(state__in=["waiting", "working"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
