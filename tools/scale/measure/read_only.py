"""Which pages a replica could serve: each is opened on a database that takes no write, as a replica is.

`python -m tools.scale.measure.read_only`, on the PostgreSQL that DATABASE_URL names. Prints JSON: the status
of each page on the primary and on the replica.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench import booking_costs

# isort: split
from django.conf import settings
from django.db import InternalError, connection
from django.test import Client, override_settings
from django.utils import timezone

from practice.models import Heartbeat, User
from practice.testing import at_work
from tools.scale.measure.work import seeded

READ_ONLY = "-c default_transaction_read_only=on"
ANYONE = ("/", "/book/", "/book/{kind}/", "/lessons/", "/articles/", "/accounts/login/", "/healthz", "/livez")
API = "/api/v1/slots?session_type={kind}&practitioner=any&from={day}&to={day}&tz=UTC"
CLIENT = ("/portal/", "/portal/lessons/floor/", "/portal/appointments/", "/portal/history/")
BOOKS = "visitor books a time"
AT_WORK = ("/workspace/", "/workspace/week/", "/workspace/clients/", "/workspace/clients/{client}/")


def statuses(browsers: dict[str, tuple[Client, tuple[str, ...]]], words: dict[str, str]) -> dict[str, int]:
    """Return the status of each page, by who opens it and its path."""
    return {
        f"{who} {path}": browser.get(path.format(**words)).status_code
        for who, (browser, paths) in browsers.items()
        for path in paths
    }


def refuse_to_write() -> None:
    """Show that nothing can be written: an answer of 200 means nothing otherwise."""
    try:
        Heartbeat.objects.create(name="read only", at=timezone.now())
    except InternalError:
        return
    raise AssertionError("this database takes what is written")


def main() -> None:
    """Print what was found, as JSON."""
    logging.disable(logging.CRITICAL)
    settings.RATE_LIMITS = False
    with override_settings(ALLOWED_HOSTS=["*"]):
        kind, practice = seeded()
        ann, ben = practice.clients(2)
        client = Client(raise_request_exception=False)
        client.force_login(ann)
        owner = User.objects.get(pk=practice.tess.user_id)
        browsers = {
            "visitor": (Client(raise_request_exception=False), (*ANYONE, API)),
            "client": (client, CLIENT),
            "at work": (at_work(owner, Client(raise_request_exception=False)), AT_WORK),
        }
        words = {"kind": kind.slug, "day": f"{booking_costs.FIRST:%Y-%m-%d}", "client": str(ann.pk)}
        where, said = booking_costs.form(booking_costs.held(kind, kind.practitioners.all()[0]))
        primary = statuses(browsers, words)
        kind.save()  # what is kept of free times is old now
        connection.close()
        connection.settings_dict["OPTIONS"]["options"] = READ_ONLY
        refuse_to_write()
        replica = statuses(browsers, words | {"client": str(ben.pk)})  # whose record nobody has opened
        primary[BOOKS] = 302
        replica[BOOKS] = browsers["visitor"][0].post(where, said, headers=booking_costs.ORIGIN).status_code
    print(json.dumps({"read_only_pages": {path: [primary[path], replica[path]] for path in primary}}))


if __name__ == "__main__":
    main()
