"""The rows of the portal. Import models from here."""

from portal.models.exercise import Exercise
from portal.models.lesson import Assignment, Chapter, Cue, Lesson, LessonAudio
from portal.models.practice_entry import PracticeEntry, Segment
from portal.models.upload import RecordingUpload

__all__ = [
    "Assignment",
    "Chapter",
    "Cue",
    "Exercise",
    "Lesson",
    "LessonAudio",
    "PracticeEntry",
    "RecordingUpload",
    "Segment",
]
