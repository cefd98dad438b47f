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
    # The gateway for text messages.
    "texts_off": _("Text messages are turned off."),
    "text_no_answer": _("The text message gateway does not answer or rejects our sign-in: %(said)s."),
    "text_later": _("The text message gateway says to try again later (%(said)s)."),
    "text_line_broke": _("The connection to the text message gateway broke off (%(said)s)."),
    "text_rejected": _("The text message gateway rejected it: %(said)s."),
    "text_stopped": _("They replied STOP, so no texts go to that number (%(said)s)."),
    # A text message and the email behind it.
    "text_first": _("A text message says the same. This email goes if that can’t be delivered."),
    "text_went": _("A text message went instead."),
    "text_failed": _("The text message could not be delivered, so this email goes."),
    "email_went": _("An email went instead."),
    "text_quiet": _("It is due in their quiet hours. Texts go before or after."),
    "text_too_late": _("It would have come in their quiet hours."),
    # How it ended.
    "may_have_gone": _("It may not have been sent."),
    "eight_tries": _("We tried eight times."),
    "sender_stopped": _("The sender stopped while sending it."),
    "sent_once_more": _("It is sent once more, to be sure."),
    "always_stopped": _("It was tried eight times; the sender stopped each time."),
    "undecryptable": _("It can’t be decrypted: its key is missing."),
    "our_error": _("Something is wrong with this email (%(what)s)."),
    # What the provider, or the receiving mail server, reported later.
    "bounced": _("It bounced: %(said)s."),
    "bounced_silently": _("It bounced, without a reason."),
    "reported_delivered": _("Delivered."),
    "reported_deferred": _("The receiving mail server delayed it. It will be tried again."),
    "reported_bounced": _("It bounced."),
    "reported_complained": _("Its reader, or their email provider, reported it as unwanted."),
    "reported_answered": _("They answered it by email."),
    # What a person decided.
    "sent_again": _("Sent again by %(who)s."),
    "dismissed": _("Dismissed by %(who)s."),
    "emails_turned_off": _("They turned off emails between sessions."),
}
