"""PURE. Sentences that rows keep as codes with parameters, put into words when shown.

Why an email waits, failed or was called off, and what was opened of a record. A row keeps the code, never the
sentence: a reader with another language, and a sentence that is improved later, are right for old rows too.
Each feature registers the sentences of its codes in a `wording.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Reasons as a row keeps them: `[{"code": …, "params": {…}}]`, each one sentence.
Reasons = list[dict[str, Any]]
Sentence = Callable[[Mapping[str, Any]], str]
#: The code of a sentence that was stored before there were codes.
AS_WRITTEN = "as_written"

_sentences: dict[str, object] = {AS_WRITTEN: "%(text)s"}


def because(code: str, /, **params: Any) -> Reasons:
    """Return one reason as a row keeps it. `params`: JSON values."""
    return [{"code": code, "params": params}]


def as_written(text: str) -> Reasons:
    """Return a reason that is a sentence already."""
    return because(AS_WRITTEN, text=text) if text else []


def register(sentences: Mapping[str, object]) -> None:
    """Register what each code says: a text with `%(name)s`, translated when it is shown, or a `Sentence`.

    Called by apps in `ready()`. Raises ValueError for a code that says something else already.
    """
    if taken := {code for code, says in sentences.items() if _sentences.get(code, says) is not says}:
        raise ValueError(f"these codes have another sentence: {', '.join(sorted(taken))}")
    _sentences.update(sentences)


def has_sentence(code: str) -> bool:
    """Return whether a code can be put into words."""
    return code in _sentences


def reason_in_words(reasons: Reasons) -> str:
    """Return the reasons as sentences for a practitioner, in the language of the moment.

    A code of another version of the program is shown as it is: one row must not close a page.
    """
    return " ".join(_sentence(one["code"], one.get("params", {})) for one in reasons)


def _sentence(code: str, params: Mapping[str, Any]) -> str:
    says = _sentences.get(code)
    if says is None:
        return code
    try:
        return says(params) if callable(says) else str(says) % params
    except (KeyError, TypeError, ValueError):
        return code
