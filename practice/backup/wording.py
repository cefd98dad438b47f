"""The sentences about backups that rows keep as codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: `said`: why, in the words of the command; `made`: when the backup was made.
SENTENCES: Mapping[str, Promise] = {
    "backup_failed": _("The last try failed: %(said)s"),
    "restored_since": _(
        "The practice was restored from the backup of %(made)s. This email may have been sent after that."
    ),
}
