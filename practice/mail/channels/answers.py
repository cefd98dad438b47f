"""What a mail server's refusal says: no such recipient, a full mailbox, or something about us."""

from __future__ import annotations

import re

#: As long as the column that keeps it (`Letter.refusal`).
LONGEST = 120

#: RFC 3463: no such recipient. 5.2.1 is a mailbox that takes nothing, which counts only if it says for good.
DEAD = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
ENHANCED = re.compile(r"^(\d\.\d{1,3}\.\d{1,3})(?![\d.])")
FULL = re.compile(r"\b(mailbox|quota|storage)\b.*\b(full|exceeded|limit)\b|\bover ?quota\b", re.I)
RECIPIENT = re.compile(r"\b(user|mailbox|recipient|account)\b", re.I)
ABSENT = re.compile(
    r"\bunknown\b|\b(does not|doesn.?t|did not|didn.?t) exist\b|\bno such\b|\bnot found\b|\bno mailbox\b",
    re.I,
)
OURS = re.compile(r"\bsender\b|\bfrom address\b", re.I)


def is_dead(code: int, words: str) -> bool:
    """Return whether this answer proves that the recipient does not exist. `words`: without the code."""
    found = ENHANCED.match(words)
    if found:
        closed = found[1] == "5.2.1" and "disabled" in words.lower()
        return found[1] in DEAD or closed
    about_them = bool(RECIPIENT.search(words) and ABSENT.search(words)) and not OURS.search(words)
    return code in (550, 553) and about_them


def is_full(words: str) -> bool:
    """Return whether the mailbox exists and cannot take anything just now."""
    found = ENHANCED.match(words)
    return found[1] == "5.2.2" if found else bool(FULL.search(words))


def wording(code: int, words: str) -> str:
    """Return a refusal as it reads to anybody: without addresses, numbers and names of servers."""
    plain = re.sub(r"\S+@\S+|\S*\d\S*|<[^>]*>", " ", words.lower())
    return f"{code} {' '.join(plain.split())}"[:LONGEST]
