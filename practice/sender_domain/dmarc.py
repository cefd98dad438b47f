"""PURE. What a domain's DMARC record lacks (RFC 7489)."""

from __future__ import annotations

from practice.sender_domain.finding import NOTE, Finding, Lookup, fine, tags_of

POLICIES = ("none", "quarantine", "reject")


def check_dmarc(domain: str, lookup: Lookup, *, bounce_domain: str = "") -> list[Finding]:
    """Return what was found about the policy, of the domain or of one above it. Raises DnsSilent.

    `bounce_domain`: of the envelope sender, where it is another one.
    """
    found = _nearest(domain, lookup)
    if found is None:
        name = f"_dmarc.{domain}"
        return [Finding("dmarc_missing", {"name": name}, name=name, record="v=DMARC1; p=none")]
    at, records = found
    if len(records) > 1:
        return [Finding("dmarc_several", {"name": f"_dmarc.{at}", "count": len(records)})]
    tags = tags_of(records[0])
    policy = (tags.get("sp") or tags.get("p", "") if at != domain else tags.get("p", "")).lower()
    if policy not in POLICIES:
        return [Finding("dmarc_no_policy", {"name": f"_dmarc.{at}"})]
    return [
        *([Finding("dmarc_only_watches", {"name": f"_dmarc.{at}"}, NOTE)] if policy == "none" else []),
        *([Finding("dmarc_share", {"pct": tags["pct"]}, NOTE)] if tags.get("pct", "100") != "100" else []),
        *_alignment(domain, tags, bounce_domain),
    ] or [fine("dmarc_fine", name=f"_dmarc.{at}", policy=policy)]


def _nearest(domain: str, lookup: Lookup) -> tuple[str, list[str]] | None:
    """Return the records of the domain, else of the nearest domain above it that has any."""
    labels = domain.split(".")
    for place in range(max(1, len(labels) - 1)):
        at = ".".join(labels[place:])
        texts = lookup(f"_dmarc.{at}")
        if records := [text for text in texts if text.replace(" ", "").startswith("v=DMARC1")]:
            return at, records
    return None


def _alignment(domain: str, tags: dict[str, str], bounce_domain: str) -> list[Finding]:
    """Return whether SPF is checked for another domain than the reader sees; DKIM is signed for this one."""
    if not bounce_domain or bounce_domain == domain:
        return []
    below = bounce_domain.endswith(f".{domain}") or domain.endswith(f".{bounce_domain}")
    if below and tags.get("aspf", "r").lower() != "s":
        return []
    return [Finding("dmarc_not_aligned", {"domain": domain, "bounces": bounce_domain})]
