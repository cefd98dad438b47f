"""Admin pages of lessons: their texts and their recordings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audio.accept import SHORTEST_MS
from portal.audio.measure import LONGEST_S
from portal.lessons.actions.uploads import NotStored, receive
from portal.models import Lesson, LessonAudio, RecordingUpload
from portal.recordings.forms import SOUND_FILES
from practice.access.pages import require_staff
from practice.admin.shared import LabeledListAdmin, ReadOnlyAdmin, RegionsField
from practice.append_only.door import Why, open_door

TEXTS = ("guidelines", "expectations", "what_happened")


class LessonForm(forms.ModelForm):
    """A form for a lesson's texts, with a field to upload a recording."""

    regions = RegionsField(label=gettext_lazy("Body regions"))
    recording = forms.FileField(
        label=gettext_lazy("New recording"),
        required=False,
        widget=forms.FileInput(attrs={"accept": SOUND_FILES}),
    )

    class Meta:
        model = Lesson
        fields = (
            *("title", "slug", "standfirst", "position", "things", "regions"),
            *(*TEXTS, "voice", "is_free", "is_published", "order", "recording"),
        )
        widgets = {name: forms.Textarea(attrs={"rows": 12, "cols": 90}) for name in TEXTS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "recording" in self.fields:
            said = " ".join([_about_recordings(), *ends_with(self.instance)])
            self.fields["recording"].help_text = _with_link(said, self.instance)


def _about_recordings() -> str:
    return _(
        "Any audio file of up to %(megabytes)s MB and %(minutes)s minutes, and at least %(seconds)s seconds "
        "long. It takes about a minute to adjust the volume and add the bell; until then, the old recording "
        "plays."
    ) % {
        "megabytes": settings.UPLOAD_BYTES // 1_000_000,
        "minutes": LONGEST_S // 60,
        "seconds": SHORTEST_MS // 1000,
    }


def _with_link(said: str, lesson: Lesson) -> str:
    """Return the help with a link to the page on which a large file is sent in parts."""
    if lesson.pk is None:
        return said
    page, words = (
        reverse("workspace_lesson_recording", args=[lesson.slug]),
        _("Send it in parts, or record here"),
    )
    return format_html('{} <a href="{}">{}</a>', said, page, words)


def ends_with(lesson: Lesson) -> list[str]:
    """Return a sentence about what happens to the words of the old recording."""
    old = LessonAudio.objects.filter(lesson=lesson.pk, is_current=True)
    if not old.filter(Q(cues__isnull=False) | Q(chapters__isnull=False)).exists():
        return []
    return [
        _(
            "The transcript and the parts to jump to are carried over. If the new recording has another "
            "length, please check their times."
        )
    ]


class ReadOnlyInline(admin.TabularInline):
    """A list of rows that can only be read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class UploadInline(ReadOnlyInline):
    """The uploads of a lesson, and what became of each."""

    model = RecordingUpload
    fields = ("created_at", "name", "by", "state", "reason")


class RecordingInline(ReadOnlyInline):
    """The recordings of a lesson, the current one and earlier ones."""

    model = LessonAudio
    fields = ("created_at", "duration_ms", "size", "is_current")


@admin.register(Lesson)
class LessonAdmin(LabeledListAdmin):
    """The admin of lessons: texts here, the sound through the media worker."""

    form = LessonForm
    list_display = ("title", "position", "is_free", "is_published", "order")
    list_editable = ("is_free", "is_published", "order")
    search_fields = ("title", "standfirst")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (UploadInline, RecordingInline)

    def save_model(self, request: HttpRequest, obj: Lesson, form: Any, change: bool) -> None:
        """Save the texts; leave the recording for the worker.

        What is unpublished here was withdrawn: clients who have it read that, as after "Withdraw".
        """
        if change and "is_published" in form.changed_data:
            obj.withdrawn_at = None if obj.is_published else timezone.now()
        super().save_model(request, obj, form, change)
        incoming = getattr(form, "cleaned_data", {}).get("recording")
        if not incoming:
            return
        goes = ends_with(obj)
        try:
            receive(obj, incoming, by=require_staff(request))
        except NotStored as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            said = _("Recording uploaded. It will be on its page in a minute or two.")
            self.message_user(request, " ".join([said, *goes]), messages.WARNING if goes else messages.INFO)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False for a lesson that was ever assigned; unpublish it instead."""
        if isinstance(obj, Lesson) and obj.assignments.exists():
            return False
        return super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Lesson) -> None:
        """Delete a lesson with its history."""
        with open_door(Why.LESSON):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Lesson]) -> None:
        """Delete lessons with their histories."""
        with open_door(Why.LESSON):
            super().delete_queryset(request, queryset)


@admin.register(RecordingUpload)
class RecordingUploadAdmin(ReadOnlyAdmin):
    """The read-only list of everything that was uploaded."""

    list_display = ("created_at", "lesson", "name", "by", "state", "reason")
    list_filter = ("state",)
    search_fields = ("name", "lesson__title")
