"""The lines of retention for what `portal/` keeps: notes, practice at home, questions and lessons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from practice.retention.periods import ERASURE_WAITS, MERGE_DAYS, UNCONFIRMED, UPLOADS
from practice.retention.rules import (
    RetentionRule,
    Section,
    for_days,
    for_days_of,
    with_practice,
    with_record,
)

RULES = (
    RetentionRule(
        key="notes",
        section=Section.RECORD,
        what=gettext_lazy("Notes of your sessions and what was added to them"),
        how_long=with_record,
        why=gettext_lazy(
            "Practitioners must be able to show what they did. The database lets no one change a signed note."
        ),
        models=("portal.SessionNote", "portal.NoteAmendment", "portal.RecordNote", "portal.RecordPermission"),
    ),
    RetentionRule(
        key="practice_at_home",
        section=Section.RECORD,
        what=gettext_lazy("What you were given to do at home, what you did and noticed, and your plan"),
        how_long=with_record,
        why=gettext_lazy("So that you and your practitioner see how it goes."),
        models=(
            *("portal.ClientProfile", "portal.Assignment", "portal.PracticeEntry", "portal.Segment"),
            *("portal.ActivityRating", "portal.GuidelinesRead"),
        ),
    ),
    RetentionRule(
        key="questions",
        section=Section.RECORD,
        what=gettext_lazy("Your questions and our answers"),
        how_long=with_record,
        why=gettext_lazy("So that neither of us has to ask twice."),
        models=("portal.Question",),
    ),
    RetentionRule(
        key="merges",
        section=Section.RECORD,
        what=gettext_lazy("How two records of yours were merged, so that it can be undone"),
        how_long=for_days(MERGE_DAYS),
        why=gettext_lazy("Two people can have the same name."),
        models=("portal.RecordMerge",),
        chores=("forget_ledgers",),
    ),
    RetentionRule(
        key="erasures",
        section=Section.RECORD,
        what=gettext_lazy("Your record, after you asked us to erase it"),
        how_long=for_days(ERASURE_WAITS.days),
        why=gettext_lazy("So that you can change your mind."),
        models=("portal.ErasureRequest",),
        chores=("erase_due",),
    ),
    RetentionRule(
        key="follow_ups",
        section=Section.EMAILS,
        what=gettext_lazy("Which emails between sessions are planned for you"),
        how_long=with_record,
        why=gettext_lazy("So that each is sent once, and stops when you say so."),
        models=("portal.FollowUpPlan", "portal.FollowUpStep", "portal.FollowUp"),
    ),
    RetentionRule(
        key="visitor_questions",
        section=Section.EMAILS,
        what=gettext_lazy("A question you asked without an account"),
        how_long=for_days_of("keep_visitor_questions_days"),
        why=gettext_lazy("So that we can answer, and look up what we answered."),
        models=("portal.VisitorQuestion",),
        chores=("forget_visitor_questions",),
        setting="keep_visitor_questions_days",
    ),
    RetentionRule(
        key="unconfirmed_accounts",
        section=Section.ACCOUNT,
        what=gettext_lazy("An account that was never confirmed"),
        how_long=for_days(UNCONFIRMED.days),
        why=gettext_lazy("To wait until you confirm your email address."),
        models=("practice.User",),
        chores=("forget_unconfirmed",),
    ),
    RetentionRule(
        key="uploads",
        section=Section.PRACTICE,
        what=gettext_lazy("A recording that was not uploaded to its end"),
        how_long=for_days(UPLOADS.days),
        why=gettext_lazy("So that the upload can continue where it stopped."),
        models=("portal.RecordingUpload",),
        chores=("forget_unfinished", "remove_leftovers"),
    ),
    RetentionRule(
        key="lessons",
        section=Section.PRACTICE,
        what=gettext_lazy("Lessons with their recordings and history, exercises and collections"),
        how_long=with_practice,
        why=gettext_lazy("They are the practice’s own work, and about no client."),
        models=(
            *("portal.Lesson", "portal.LessonAudio", "portal.Chapter", "portal.Cue", "portal.LessonChange"),
            *("portal.Exercise", "portal.ExerciseMedia", "portal.Collection", "portal.CollectionLesson"),
        ),
        is_public=False,
    ),
)
