"""The model of articles."""

from __future__ import annotations

from django.core.validators import MinLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from practice.models.people import Practitioner
from practice.models.readers_text import ReadersCharField, ReadersTextField
from practice.models.validators import validate_regions


class Article(models.Model):
    """An article, in Markdown, tagged by body region; published once it has a date that has come."""

    ART = [(name, name) for name in ("room", "keystone", "resting", "blanket", "lying")]

    slug = models.SlugField(_("web address"), unique=True)
    title = ReadersCharField(max_length=120)
    standfirst = ReadersTextField(_("introduction"), blank=True)
    body = ReadersTextField(_("text, in Markdown"), validators=[MinLengthValidator(1)])
    regions = models.JSONField(_("body regions"), default=list, validators=[validate_regions])
    author = models.ForeignKey(Practitioner, on_delete=models.SET_NULL, null=True, blank=True)
    art = models.CharField(_("drawing"), max_length=20, choices=ART, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_doctors_page = models.BooleanField(
        _("this is the page “When to see a doctor first”"),
        default=False,
        help_text=_("Links to warning signs lead here. While it isn’t published, they lead to our own text."),
    )

    class Meta:
        ordering = ("order", "-published_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["is_doctors_page"],
                condition=models.Q(is_doctors_page=True),
                name="one_doctors_page",
                violation_error_message=_("Another article is the doctor’s page. Uncheck it there first."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    @property
    def minutes(self) -> int:
        """Return how many minutes it takes to read, at 200 words a minute."""
        return max(1, round(len(self.body.split()) / 200))
