"""Models of collections: lessons that belong together, in the practitioner's order."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models.lesson import Lesson
from practice.models.readers_text import ReadersCharField, ReadersTextField


class Collection(models.Model):
    """Lessons that belong together, such as "Free the hips". A lesson may be in several."""

    slug = models.SlugField(_("web address"), unique=True)
    name = ReadersCharField(_("name"), max_length=120)
    text = ReadersTextField(_("introduction"), blank=True)
    is_published = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    lessons = models.ManyToManyField(Lesson, through="CollectionLesson", related_name="collections")

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lesson_collection", args=[self.slug])


class CollectionLesson(models.Model):
    """The place of a lesson in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="places")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="places")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("lesson of the collection")
        verbose_name_plural = _("lessons of the collection, in their order")
        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint(fields=["collection", "lesson"], name="one_place_in_a_collection")
        ]

    def __str__(self) -> str:
        return f"{self.collection}: {self.lesson}"
