"""What a dosage in words says to the timer, such as "6 times, 10 seconds each", in English and in Spanish.

Only what can be read in one way counts: where two numbers could be meant, the exercise's own numbers stay.
"""

from __future__ import annotations

import re
from dataclasses import replace

from portal.exercises.engine.timing import (
    LONGEST,
    LONGEST_HOLD,
    LONGEST_REST,
    MOST_REPETITIONS,
    Timing,
    phases,
    total_seconds,
)

ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
SPANISH = ("una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce")
NUMBERS = {word: place for words in (ENGLISH, SPANISH) for place, word in enumerate(words, 1)}
NUMBER = rf"(\d{{1,3}}|{'|'.join(NUMBERS)})"
SECONDS = r"(?:s|secs?|seconds?|seg|segundos?)\b"
#: "times a day" says how often, not how many times in a row.
OFTEN = (
    r"(?!\s*(?:a|per|each|every|al|por|cada)\s*(?:day|week|hour|morning|evening|día|semana|hora)"
    r"|\s+(?:daily|in the|on))"
)
TIMES = re.compile(
    rf"\b{NUMBER}(?:\s+(?:slow|gentle|easy))?\s*(?:times|reps?|repetitions?|veces|repeticiones|[x×])(?![a-z]){OFTEN}"
)
HOLD = re.compile(rf"\b{NUMBER}[\s-]*{SECONDS}")
REST = re.compile(
    rf"\b{NUMBER}[\s-]*{SECONDS}\s*(?:of\s+|de\s+)?(?:rest|pause|descanso|pausa)"
    rf"|\b(?:rest|pause|descanse|descanso|pausa)\s*(?:for\s+|of\s+|de\s+)?{NUMBER}[\s-]*{SECONDS}"
)
#: Between two numbers, of which either may be meant.
RANGE = re.compile(rf"{NUMBER}\s*(?:-|–|to|or|a|o)\s*{NUMBER}\b")


def timing_by(words: str, usual: Timing) -> Timing:
    """Return what the timer counts for a dosage in these words; what they leave open is as `usual`."""
    said = words.casefold()
    if RANGE.search(said):
        return usual
    rests = [one[1] or one[2] for one in REST.finditer(said)]
    said = REST.sub(" ", said)
    times, holds = ([one[1] for one in pattern.finditer(said)] for pattern in (TIMES, HOLD))
    if max(len(times), len(holds), len(rests)) > 1:
        return usual
    found = replace(
        usual,
        repetitions=_number(times) or usual.repetitions,
        hold=_number(holds) or usual.hold,
        rest=_number(rests) if rests else usual.rest,
    )
    return found if _can_be_counted(found) else usual


def _number(found: list[str]) -> int:
    """Return the only number found, 0 without one."""
    return next((NUMBERS.get(word) or int(word) for word in found), 0)


def _can_be_counted(timing: Timing) -> bool:
    within = (
        timing.repetitions <= MOST_REPETITIONS and timing.hold <= LONGEST_HOLD and timing.rest <= LONGEST_REST
    )
    return within and total_seconds(phases(timing)) <= LONGEST
