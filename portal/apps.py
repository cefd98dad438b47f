from pathlib import Path

from django.apps import AppConfig

from practice.append_only import guard

CONTENT = Path(__file__).parent / "content"

#: Rows that are only added: the database guards them.
GUARDED = (
    guard.Guarded("portal_activityrating"),
    guard.Guarded("portal_lessonchange"),
    guard.Guarded("portal_noteamendment"),
    guard.Guarded("portal_recordnote"),
    guard.Guarded("portal_segment"),
    guard.Guarded("portal_sessionnote", once="signed_at"),
)


class PortalConfig(AppConfig):
    """The app for what happens between sessions: lessons, practice, notes, follow-ups, records."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Register own rows, daily chores, starting content, and the checks before emails are sent."""
        from portal import health_checks, letters, measures, own_rows, wording  # noqa: PLC0415
        from portal.email_texts.letters import EMAILS  # noqa: PLC0415
        from portal.erasure.actions.inactive import forget_inactive  # noqa: PLC0415
        from portal.erasure.actions.request import erase_due  # noqa: PLC0415
        from portal.erasure.actions.retention import forget_unconfirmed  # noqa: PLC0415
        from portal.first_steps import letters as first_steps_letters  # noqa: PLC0415
        from portal.followup_plans.actions.shipped import add_plans  # noqa: PLC0415
        from portal.followups import queue  # noqa: PLC0415
        from portal.followups.wording import OF_ROWS  # noqa: PLC0415
        from portal.merging.actions.late_rows import move_late_rows  # noqa: PLC0415
        from portal.merging.actions.undo import forget_ledgers  # noqa: PLC0415
        from portal.other_language import KINDS  # noqa: PLC0415
        from portal.recordings.actions.receive import forget_unfinished  # noqa: PLC0415
        from portal.retention.actions import files  # noqa: PLC0415
        from portal.retention.table import RULES  # noqa: PLC0415
        from portal.starting_content.actions.new_practice import add_exercises_and_lesson  # noqa: PLC0415
        from portal.visitor_questions import letters as visitor_letters  # noqa: PLC0415
        from portal.visitor_questions.retention import forget_visitor_questions  # noqa: PLC0415
        from practice import shipped_texts  # noqa: PLC0415
        from practice.accounts import new_practice  # noqa: PLC0415
        from practice.core import reasons  # noqa: PLC0415
        from practice.email_texts import registry  # noqa: PLC0415
        from practice.health import findings  # noqa: PLC0415
        from practice.mail.send_check import register_all  # noqa: PLC0415
        from practice.mail_events.actions.record import on_answer  # noqa: PLC0415
        from practice.observability import measures as all_measures  # noqa: PLC0415
        from practice.other_language import registry as other_language  # noqa: PLC0415
        from practice.retention import chores, rules  # noqa: PLC0415

        findings.register("recordings", health_checks.recordings)
        for measure in measures.MEASURES:
            all_measures.register(measure)
        guard.register(*GUARDED, since=("portal", "0036_append_only"))
        own_rows.register()
        other_language.register(KINDS)
        shipped_texts.register(CONTENT)
        reasons.register(OF_ROWS)
        reasons.register(wording.REASONS)
        reasons.register(wording.ACCESS_LOG)
        new_practice.register(add_exercises_and_lesson)
        new_practice.register(add_plans)
        chores.register(
            *(erase_due, forget_inactive, forget_unconfirmed, move_late_rows, forget_ledgers),
            *(forget_visitor_questions, forget_unfinished),
        )
        rules.register(RULES)
        files.register()
        registry.register(EMAILS)
        on_answer(queue.answered_by_email)
        register_all(queue.CHECKS)
        register_all(letters.CHECKS)
        register_all(first_steps_letters.CHECKS)
        register_all(visitor_letters.CHECKS)
