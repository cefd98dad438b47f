"""Rules for who may book a session type, given what is known of the person who asks.

A visitor who has not signed in is *unknown*, whatever address they type. If the address were judged, "this is
for people who come for the first time" would tell anybody who tries one that its owner is a client here. So
an unknown visitor may book what is for new people, and only people at work learn that somebody has been here
before. For what is for returning people a visitor signs in first: a signed-in person learns only about
themselves.
"""

from collections.abc import Mapping
from typing import Literal

Audience = Literal["anyone", "new", "returning", "staff"]
AskerStatus = Literal["unknown", "new", "returning", "staff"]

ADMITTED: Mapping[str, frozenset[AskerStatus]] = {
    "anyone": frozenset({"unknown", "new", "returning", "staff"}),
    "new": frozenset({"unknown", "new", "staff"}),
    "returning": frozenset({"returning", "staff"}),
    "staff": frozenset({"staff"}),
}


def admits(who: str, asker: AskerStatus) -> bool:
    """Return whether a session type for `who` may be booked by `asker`. Staff book for anybody."""
    return asker in ADMITTED[who]
