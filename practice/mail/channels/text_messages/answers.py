"""PURE. What a gateway of Twilio's kind answers: which errors are about the number, which about us."""

from __future__ import annotations

#: They replied STOP to us: the gateway refuses until they reply START.
STOPPED = 21610
#: No such number, one that takes no texts (a landline), one that cannot be reached.
DEAD = frozenset({21211, 21214, 21217, 21614, 30005, 30006, 30011})
#: The queue of this number is full, or too many at once: try again.
FULL = frozenset({14107, 20429, 21611, 30001, 30022})
#: HTTP statuses for "not now", and those with which it refuses our account.
LATER, SHUT = frozenset({429, 503}), frozenset({401, 403, 404})

#: Their word for how a message is doing → ours. What is missing here is news to us, and changes nothing.
STATUSES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending"), "taken"),
    "sent": "sent",
    **dict.fromkeys(("delivered", "read"), "delivered"),
    **dict.fromkeys(("failed", "undelivered", "canceled"), "failed"),
}
#: Which may follow which: a report that comes late takes nothing back, and the two ends are final.
RANK = {"taken": 0, "sent": 1, "delivered": 2, "failed": 2}


def earlier_than(status: str) -> list[str]:
    """Return the statuses that this one may replace."""
    return [one for one, rank in RANK.items() if rank < RANK[status]]


def is_dead(code: str) -> bool:
    """Return whether an error says that nothing arrives at the number."""
    return code.isdigit() and int(code) in DEAD
