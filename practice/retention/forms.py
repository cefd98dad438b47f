"""The form for how long things are kept, with what is sensible and what the law asks for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from practice.business.forms import SettingsForm
from practice.models import Practice


class RetentionForm(SettingsForm):
    """The form for the periods that the owner may choose; its limits are the fields' own."""

    class Meta:
        model = Practice
        fields = (
            *("keep_letter_bodies_days", "keep_email_addresses_days", "keep_visitor_questions_days"),
            *("keep_unfinished_intakes_days", "keep_office_log_days", "keep_records_years"),
        )
        labels = {
            "keep_letter_bodies_days": _("Text of emails, in days"),
            "keep_email_addresses_days": _("Whom an email went to, in days"),
            "keep_visitor_questions_days": _("Questions from visitors, in days"),
            "keep_unfinished_intakes_days": _("Unfinished intakes, in days after the session"),
            "keep_office_log_days": _("Who changed what in the back office, in days"),
            "keep_records_years": _("Records of clients who no longer come, in years"),
        }
        help_texts = {
            "keep_letter_bodies_days": "",
            "keep_email_addresses_days": _(
                "At least 90: complaints about an email and bounces can arrive weeks later."
            ),
            "keep_visitor_questions_days": _(
                "At least 30. A question on a page stays there without its sender’s name and address."
            ),
            "keep_unfinished_intakes_days": "",
            "keep_office_log_days": _(
                "At least 365, so that a mistake found at the end of the year can be traced."
            ),
            "keep_records_years": _(
                "Empty: until the client asks. Otherwise the whole record is erased so many years after the "
                "last session, sign-in or entry, and can’t be brought back. At least 7: tax law and many "
                "rules for health records ask for up to that. Some ask for more, and for minors until years "
                "after they come of age. Ask your professional association first."
            ),
        }
