"""Making a copy of a client's record, and recording who took it."""

from __future__ import annotations

import datetime as dt
from typing import IO

from django.db import transaction

from portal.export.archive import archive
from portal.export.record import record_of
from practice.access.actions.open_record import log_action
from practice.models import User

#: Taken by a command, where nobody is signed in: its code, and what older rows of the access log say.
ON_THE_SERVER = ("access:copy_on_server", "a copy of the whole record, taken on the server")


def export(client: User, *, by: User | None, now: dt.datetime) -> IO[bytes]:
    """Make the ZIP, open for reading; it leaves nothing on the disk.

    `by`: None is the command line, which makes the client's own copy. Each copy is a line of its own in the
    access log, the client's too: a copy goes further than a look.
    """
    with transaction.atomic():  # one moment: what is written meanwhile is in it as a whole or not at all
        record = record_of(client, by=by or client, now=now)
        log_action(by, client, "access:copy" if by else ON_THE_SERVER[0], now=now)
    return archive(record)
