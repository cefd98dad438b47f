"""The rows of the portal. Import models from here."""

from portal.models.lesson import Assignment, Chapter, Cue, Lesson, LessonAudio
from portal.models.upload import RecordingUpload

__all__ = ["Assignment", "Chapter", "Cue", "Lesson", "LessonAudio", "RecordingUpload"]
