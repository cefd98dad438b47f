"""PURE. The answer of a mail server, found in the text of a report."""

from __future__ import annotations

import re

LONGEST = 200
#: "550 5.1.1 …", "550-5.1.1 …", "550 #5.1.0 …", "554 …"; the code begins the line or follows a word.
ANSWER = re.compile(r"(?<![\d.])([245]\d\d)[ -]+#?((?:[245]\.\d{1,3}\.\d{1,3})?(?![\d.]).*)", re.S)
ENHANCED = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
#: A status that says only that it failed, RFC 3463: the words beside it say more.
GENERIC = re.compile(r"^[245]\.0\.\d{1,3}$")
#: Later lines of one answer repeat its codes.
REPEATED = re.compile(r"\s+[245]\d\d-?\s*[245]\.\d{1,3}\.\d{1,3}\s+")


def smtp_answer(text: str, status: str = "") -> tuple[int, str]:
    """Return the code and the words of an answer; the words begin with the enhanced status if known.

    `status`: the enhanced status that stands beside the text, in a field of its own. Code 0: none is given.
    """
    flat = " ".join(text.split())
    found = ANSWER.search(flat)
    code, words = (int(found[1]), REPEATED.sub(" ", found[2]).strip()) if found else (0, flat)
    status = status.strip()
    if status and not GENERIC.match(status) and not ENHANCED.match(words):
        words = f"{status} {words}".strip()
    if not code and (known := ENHANCED.match(words) or ENHANCED.match(status)):
        code = {"2": 250, "4": 450, "5": 550}[known[0][0]]
    return code, words[:LONGEST]
