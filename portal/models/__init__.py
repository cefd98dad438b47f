"""The models of the portal. Import models from here."""

from portal.models.assignment import Assignment
from portal.models.client import ClientProfile, GuidelinesRead
from portal.models.collection import Collection, CollectionLesson
from portal.models.erasure import ErasureRequest
from portal.models.exercise import Exercise
from portal.models.follow_up import FollowUp, FollowUpPlan, FollowUpStep
from portal.models.lesson import Chapter, Cue, Lesson, LessonAudio
from portal.models.practice_entry import PracticeEntry, Segment
from portal.models.question import Question
from portal.models.record_merge import RecordMerge
from portal.models.record_note import RecordNote
from portal.models.record_permission import RecordPermission
from portal.models.session_note import NoteAmendment, NoteClosed, SessionNote
from portal.models.upload import RecordingUpload

__all__ = [
    "Assignment",
    "Chapter",
    "ClientProfile",
    "Collection",
    "CollectionLesson",
    "Cue",
    "ErasureRequest",
    "Exercise",
    "FollowUp",
    "FollowUpPlan",
    "FollowUpStep",
    "GuidelinesRead",
    "Lesson",
    "LessonAudio",
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
]
