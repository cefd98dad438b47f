"""The model of exercises: a short movement with a drawn figure and a dosage in words."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.exercises.figures import FIGURES
from practice.models.validators import validate_regions


def known_figure(value: str) -> None:
    """Raise ValidationError unless the value is the name of a drawn figure of this site."""
    if value not in FIGURES:
        raise ValidationError(
            _("There is no figure “%(figure)s”. Choose one of these: %(known)s."),
            params={"figure": value, "known": ", ".join(FIGURES)},
        )


class Exercise(models.Model):
    """A small movement done at home. Steps, feeling and stopping are Markdown; everything else is plain."""

    slug = models.SlugField(_("web address"), unique=True)
    title = models.CharField(max_length=120)
    words = models.TextField(_("description of the picture"), help_text=_("For people who can’t see it."))
    position = models.CharField(_("position"), max_length=80, help_text=_("lying on the back"))
    things = models.CharField(_("things needed"), max_length=200, blank=True)
    regions = models.JSONField(_("body regions"), default=list, validators=[validate_regions])
    steps = models.TextField(_("steps"))
    to_feel = models.TextField(_("what to feel"), blank=True)
    when_to_stop = models.TextField(_("when to stop"), blank=True)
    dosage = models.CharField(
        _("how often"), max_length=200, blank=True, help_text=_("six times, once a day")
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
