"""PURE. What a domain's SPF record lacks (RFC 7208)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from practice.sender_domain.finding import NOTE, Finding, Lookup, fine

MOST_LOOKUPS = 10  # a receiver stops there, and takes the record for broken (4.6.4)
DEEPEST = 20  # of includes in includes, so that a circle ends
TERM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists|redirect|exp)(?:[:=/](.*))?", re.I)
ASKS = {"include", "a", "mx", "ptr", "exists", "redirect"}
SAMPLE = "v=spf1 include:{what your provider names} ~all"


def check_spf(domain: str, lookup: Lookup) -> list[Finding]:
    """Return what was found about the record. Raises DnsSilent."""
    records = spf_records(lookup(domain))
    if not records:
        return [Finding("spf_missing", {"domain": domain}, name=domain, record=SAMPLE)]
    if len(records) > 1:
        return [Finding("spf_several", {"domain": domain, "count": len(records)})]
    return [*_words(records[0]), *_counts(domain, records[0], lookup)] or [
        fine("spf_fine", record=records[0])
    ]


def spf_records(texts: list[str]) -> list[str]:
    """Return the records that are about SPF."""
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def _words(record: str) -> Iterator[Finding]:
    terms = [(term, TERM.fullmatch(term)) for term in record.split()[1:]]
    for term, found in terms:
        if found is None and "=" not in term:  # an unknown modifier is left out by receivers (6)
            yield Finding("spf_unreadable", {"term": term})
    known = [(found[1] or "+", found[2].lower()) for _, found in terms if found]
    ends = [sign for sign, name in known if name == "all"]
    names = {name for _, name in known}
    if ends and ends[0] in "+?":
        yield Finding("spf_allows_all", {"end": f"{ends[0]}all"})
    elif not ends and "redirect" not in names:
        yield Finding("spf_no_end", {})
    if "redirect" not in names and not any(sign == "+" and name != "all" for sign, name in known):
        yield Finding("spf_allows_none", {})
    if "ptr" in names:
        yield Finding("spf_ptr", {}, NOTE)


def _counts(domain: str, record: str, lookup: Lookup) -> Iterator[Finding]:
    """Yield what is wrong with the records that this one leads to."""
    count, ahead, broken = 0, [(domain, record, 0)], []
    while ahead:
        _, text, depth = ahead.pop()
        for term in text.split()[1:]:
            found = TERM.fullmatch(term)
            if found is None or found[2].lower() not in ASKS:
                continue
            count += 1
            target = (found[3] or "").rstrip(".").lower()
            if found[2].lower() not in ("include", "redirect") or "%" in target:
                continue
            inner = spf_records(lookup(target)) if depth < DEEPEST and count <= 5 * MOST_LOOKUPS else []
            if len(inner) == 1:
                ahead.append((target, inner[0], depth + 1))
            else:
                broken.append(target)
    if count > MOST_LOOKUPS:
        yield Finding("spf_too_many", {"count": count, "most": MOST_LOOKUPS})
    else:
        yield from (Finding("spf_include_broken", {"target": target}) for target in broken)
