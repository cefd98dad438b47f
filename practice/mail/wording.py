"""The sentences for what becomes of an email, by the code that its row keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

#: `said`: a server's own answer.
SENTENCES: Mapping[str, Any] = {
    # The check before it leaves.
    "account_closed": _("That account is closed."),
    "complained": _("They reported an email as unwanted, so we only send what they ask for."),
    "address_bounced": _("Earlier email to that address bounced."),
    "no_address": _("There is no email address on file."),
    "tell_them": _("Please tell them another way."),
    "too_late": _("Its time had passed before it could be sent."),
    "text_gone": _("Its text is no longer stored."),
    "kind_stopped": _("The mail server is rejecting emails of this kind. They wait for an hour."),
    # The mail server.
    "no_own_address": _("The practice has no email address of its own yet. Enter one in the back office."),
    "no_answer": _("The mail server does not answer or rejects our sign-in: %(said)s."),
    "not_accepted": _("The mail server did not accept it."),
    "sender_rejected": _("The mail server rejects our sender address: %(said)s."),
    "line_broke": _("The connection to the mail server broke off (%(said)s)."),
    "try_later": _("The mail server says to try again later (%(said)s)."),
    "rejected": _("The mail server rejected it: %(said)s."),
    # How it ended.
    "may_have_gone": _("It may not have been sent."),
    "eight_tries": _("We tried eight times."),
    "sender_stopped": _("The sender stopped while sending it."),
    "sent_once_more": _("It is sent once more, to be sure."),
    "always_stopped": _("It was tried eight times; the sender stopped each time."),
    "undecryptable": _("It can’t be decrypted: its key is missing."),
    "our_error": _("Something is wrong with this email (%(what)s)."),
    # What a person decided.
    "sent_again": _("Sent again by %(who)s."),
    "dismissed": _("Dismissed by %(who)s."),
    "emails_turned_off": _("They turned off emails between sessions."),
}
