"""The shipped page on when to see a doctor first: every page links to it, so it is never missing.

A practice's own article under the same address takes its place.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from practice.models import Article

SLUG = "when-to-see-a-doctor-first"
TEXT = Path(__file__).resolve().parents[1] / "content" / "shipped" / f"{SLUG}.md"


def shipped() -> Article:
    """Return the shipped article, which is in no row and has no names or numbers of a practice."""
    return Article(
        slug=SLUG,
        title=_("When to see a doctor first"),
        standfirst=_(
            "Most back pain is harmless, if unpleasant. Some is not. This is when to ask a doctor before you "
            "come to us."
        ),
        body=_body(),
        regions=["low-back", "pelvis-sacrum"],
    )


@cache
def _body() -> str:
    return TEXT.read_text(encoding="utf-8")
