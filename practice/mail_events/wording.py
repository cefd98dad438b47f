"""The sentences for why the mailbox for bounces cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: `said`: the server's own answer, or the system's.
SENTENCES: Mapping[str, Promise] = {
    "mailbox_no_answer": _("The mail server that keeps it doesn’t answer: %(said)s."),
    "mailbox_no_tls": _("The connection to its mail server isn’t secure: %(said)s."),
    "mailbox_sign_in": _("Its mail server rejects our user or password: %(said)s."),
    "mailbox_no_folder": _("Its mail server doesn’t open the folder: %(said)s."),
    "mailbox_refused": _("Its mail server refuses what we ask: %(said)s."),
}
