"""The rows of the portal. Import models from here."""

from portal.models.lesson import Assignment, Chapter, Cue, Lesson, LessonAudio

__all__ = ["Assignment", "Chapter", "Cue", "Lesson", "LessonAudio"]
