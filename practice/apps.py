from functools import partial
from pathlib import Path

from django.apps import AppConfig
from django.core import checks

from practice.web import field_messages

CONTENT = Path(__file__).parent / "content"


class PracticeConfig(AppConfig):
    """The app of the business, its people and its emails."""

    name = "practice"
    verbose_name = "Practice"

    def ready(self) -> None:
        """Connect signals, and register rows, chores and checks, once the models are there."""
        from practice.access import own_rows, wording  # noqa: PLC0415
        from practice.accounts import adapter, new_practice, sign_in_log  # noqa: PLC0415
        from practice.articles.actions import add_shipped_texts  # noqa: PLC0415
        from practice.checks import CHECKS, emails_have_a_sender, zone_data_is_fresh  # noqa: PLC0415
        from practice.core import reasons  # noqa: PLC0415
        from practice.email_texts.queries import find_own_words  # noqa: PLC0415
        from practice.mail.composing.render import register_own_words  # noqa: PLC0415
        from practice.mail.wording import SENTENCES  # noqa: PLC0415
        from practice.mail_events import wording as mail_events_wording  # noqa: PLC0415
        from practice.other_language import kinds, registry  # noqa: PLC0415
        from practice.retention import chores, periods  # noqa: PLC0415
        from practice.shipped_texts import register  # noqa: PLC0415

        field_messages.install()
        register(CONTENT)
        registry.register(kinds.KINDS)
        reasons.register(SENTENCES)
        reasons.register(mail_events_wording.SENTENCES)
        reasons.register(wording.ACCESS_LOG)
        register_own_words(find_own_words)
        adapter.connect()
        sign_in_log.connect()
        own_rows.register()
        new_practice.register(add_shipped_texts)
        for chore in periods.CHORES:
            chores.register(chore, partial(chore, dry=True))
        for check in CHECKS:
            checks.register(check, checks.Tags.security)
        checks.register(zone_data_is_fresh, checks.Tags.database)
        checks.register(emails_have_a_sender, checks.Tags.database)
