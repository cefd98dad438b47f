"""Who may book a session type, seen from what is known of whoever asks.

A visitor who has not signed in is *unknown*, and stays it whatever address they type. Were the address
judged, "this is for people who come for the first time" would tell anybody who tries one that its owner is a
client here. So an unknown visitor may book what is for new people; that somebody has been here before is told
to people at work only. For what is for returning people a visitor signs in first: who has signed in learns of
themselves only.
"""

from collections.abc import Mapping
from typing import Literal

Who = Literal["anyone", "new", "returning", "staff"]
Asker = Literal["unknown", "new", "returning", "staff"]

ADMITTED: Mapping[str, frozenset[Asker]] = {
    "anyone": frozenset({"unknown", "new", "returning", "staff"}),
    "new": frozenset({"unknown", "new", "staff"}),
    "returning": frozenset({"returning", "staff"}),
    "staff": frozenset({"staff"}),
}


def admits(who: str, asker: Asker) -> bool:
    """Whether a session type that is for `who` may be booked by whoever asks. Staff book for anybody."""
    return asker in ADMITTED[who]
