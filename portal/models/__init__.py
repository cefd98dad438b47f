"""The models of the portal. Import models from here."""

from portal.models.activity_rating import ActivityRating
from portal.models.assignment import Assignment
from portal.models.client import ClientProfile, GuidelinesRead
from portal.models.collection import Collection, CollectionLesson
from portal.models.erasure import ErasureRequest
from portal.models.exercise import Exercise, ExerciseMedia
from portal.models.follow_up import FollowUp, FollowUpPlan, FollowUpStep
from portal.models.lesson import Chapter, Cue, Lesson, LessonAudio
from portal.models.lesson_change import LessonChange
from portal.models.practice_entry import PracticeEntry, Segment
from portal.models.question import Question
from portal.models.record_merge import RecordMerge
from portal.models.record_note import RecordNote
from portal.models.record_permission import RecordPermission
from portal.models.session_note import NoteAmendment, NoteClosed, SessionNote
from portal.models.upload import RecordingUpload
from portal.models.visitor_question import VisitorQuestion

__all__ = [
    "ActivityRating",
    "Assignment",
    "Chapter",
    "ClientProfile",
    "Collection",
    "CollectionLesson",
    "Cue",
    "ErasureRequest",
    "Exercise",
    "ExerciseMedia",
    "FollowUp",
    "FollowUpPlan",
    "FollowUpStep",
    "GuidelinesRead",
    "Lesson",
    "LessonAudio",
    "LessonChange",
    "NoteAmendment",
    "NoteClosed",
    "PracticeEntry",
    "Question",
    "RecordMerge",
    "RecordNote",
    "RecordPermission",
    "RecordingUpload",
    "Segment",
    "SessionNote",
    "VisitorQuestion",
]
