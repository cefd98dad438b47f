"""The sites that may show our booking pages in a frame, from the lines the owner wrote."""

from __future__ import annotations

import re

ANY = "*"
SITE = re.compile(
    r"https?://(?:[a-z0-9*](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?"
)


def site_in(line: str) -> str | None:
    """Return the origin a line names, in lower case, or None when it names none.

    A header is made of it, so nothing but a scheme, a host (its first label may be *) and a port passes.
    """
    found = SITE.fullmatch(line.strip().rstrip("/").lower())
    return found[0] if found else None


def framing_sites(lines: str) -> list[str]:
    """Return the origins for `frame-ancestors`; any site when the owner named none.

    A line that names no site is left out, but it is no permission: where nothing else is named, nobody may.
    """
    written = [line for line in lines.splitlines() if line.strip()]
    if not written:
        return [ANY]
    return [site for line in written if (site := site_in(line))] or ["'none'"]
