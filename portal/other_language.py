"""The texts of this app that can be written in the practice's other language."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models import Collection, Exercise, ExerciseMedia, Lesson
from practice.other_language.registry import TranslatedKind

KINDS = (
    TranslatedKind(
        key="lessons",
        label=_("Lessons"),
        rows=Lesson.objects.all,
        fields={
            "title": _("Title"),
            "standfirst": _("Introduction"),
            "position": _("Position"),
            "things": _("Things needed"),
            "guidelines": _("Guidelines, before the lesson"),
            "expectations": _("What to expect"),
            "what_happened": _("What happened, after the lesson"),
            "voice": _("Voice"),
        },
        page=lambda lesson: reverse("workspace_lesson", args=[lesson.slug]),
        title=lambda lesson: lesson.title,
        markdown=frozenset({"guidelines", "expectations", "what_happened"}),
    ),
    TranslatedKind(
        key="collections",
        label=_("Collections"),
        rows=Collection.objects.all,
        fields={"name": _("Name"), "text": _("Introduction")},
        page=lambda collection: reverse("workspace_collection", args=[collection.slug]),
        title=lambda collection: collection.name,
    ),
    TranslatedKind(
        key="exercises",
        label=_("Exercises"),
        rows=Exercise.objects.all,
        fields={
            "title": _("Title"),
            "position": _("Position"),
            "things": _("Things needed"),
            "words": _("Description of the picture"),
            "steps": _("Steps"),
            "to_feel": _("What to feel"),
            "when_to_stop": _("When to stop"),
            "dosage": _("How often"),
            "easier": _("An easier way"),
            "harder": _("A harder way"),
            "care": _("What to take care of"),
        },
        page=lambda exercise: reverse("workspace_exercise", args=[exercise.slug]),
        title=lambda exercise: exercise.title,
        markdown=frozenset({"steps", "to_feel", "when_to_stop", "easier", "harder"}),
    ),
    TranslatedKind(
        key="photos",
        label=_("Photos"),
        rows=lambda: ExerciseMedia.objects.filter(state=ExerciseMedia.State.READY).select_related("exercise"),
        fields={"words": _("Description")},
        page=lambda photo: reverse("workspace_exercise", args=[photo.exercise.slug]),
        title=lambda photo: photo.words,
    ),
)
