"""PURE. What a reply to a text message asks for: the words that carriers have everybody obey.

Only a message of that one word counts, as at the carriers: "please cancel my session" stops nothing.
"""

from __future__ import annotations

import unicodedata
from enum import Enum


class Reply(Enum):
    """What a reply asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


#: The carriers' English words (CTIA), and those that they also take from Spanish speakers.
WORDS = {
    **dict.fromkeys(
        (
            *("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke"),
            *("optout", "opt out", "opt-out"),
            *("alto", "parar", "pare", "para", "baja", "cancelar", "detener", "fin", "salir"),
        ),
        Reply.STOP,
    ),
    **dict.fromkeys(("start", "unstop", "yes", "empezar", "iniciar", "comenzar"), Reply.START),
    **dict.fromkeys(("help", "info", "ayuda"), Reply.HELP),
}
#: How a gateway that judges replies itself names them.
NAMED = {"STOP": Reply.STOP, "START": Reply.START, "HELP": Reply.HELP}


def reply_in(text: str, named: str = "") -> Reply | None:
    """Return what a reply asks for, or None. `named`: what the gateway made of it, if it says so."""
    if named in NAMED:
        return NAMED[named]
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one)
    )
    return WORDS.get(" ".join(bare.split()).strip(" .!¡\"'“”‘’«»*"))
