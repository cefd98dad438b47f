"""The lines that `up` prints when all runs: the address, and links to sign in."""

from __future__ import annotations

import datetime as dt

from practice.accounts import one_time_links
from practice.accounts.actions.enter import has_owner
from practice.models import User
from practice.queries import is_demo


def sign_in_links(*, now: dt.datetime) -> list[tuple[str, str]]:
    """Return (for whom, link): one that makes the owner while there is none; in a demo, one for each side."""
    if not has_owner():
        return [("To set up your practice", one_time_links.set_up_url(now=now))]
    if not is_demo():
        return []
    people = User.objects.filter(is_active=True).order_by("pk")
    owner = people.filter(role=User.Role.OWNER).first()
    client = people.filter(role=User.Role.CLIENT).first()
    named = [("For the practitioner", owner), ("For a client", client)]
    return [(words, one_time_links.enter_url(user, now=now)) for words, user in named if user]


def welcome_lines(site_url: str, ways: list[tuple[str, str]]) -> str:
    """Return the lines to print."""
    lines = ["", f"The practice is running:  {site_url}/"]
    if ways:
        lines += ["", "Each link works once, for one day. Restart to get new ones."]
        lines += [f"  {for_whom + ':':29} {link}" for for_whom, link in ways]
    return "\n".join([*lines, "", "Press Ctrl-C to stop everything.", ""])
