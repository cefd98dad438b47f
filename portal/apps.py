from functools import partial

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What happened, what comes next."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Have follow-ups judged, and worded, when they are about to go; and clients erased on their day."""
        from portal import letters, own_rows  # noqa: PLC0415
        from portal.erasure.actions.request import erase_due  # noqa: PLC0415
        from portal.erasure.actions.retention import forget_unconfirmed  # noqa: PLC0415
        from portal.followups.queue import judge_follow_up, words_when_due  # noqa: PLC0415
        from practice.mail.send_check import register  # noqa: PLC0415
        from practice.retention import chores  # noqa: PLC0415

        own_rows.register()
        chores.register(erase_due, partial(erase_due, dry=True))
        chores.register(forget_unconfirmed, partial(forget_unconfirmed, dry=True))
        register("follow_up", judge_follow_up, previewer=words_when_due)
        register("notice_pain", letters.judge_notice_pain)
        register("notice_question", letters.judge_notice_question)
        register("answered", letters.judge_answered)
