"""The shipped page on when to see a doctor first: every page links to it, so it is never missing.

The article that the owner flagged takes its place, whatever its own address is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from practice.core.locales.shipped_pages import read_page
from practice.models import Article

SLUG = "when-to-see-a-doctor-first"
SHIPPED = Path(__file__).resolve().parents[1] / "content" / "shipped"
TEXT = SHIPPED / f"{SLUG}.md"


def shipped() -> Article:
    """Return the shipped article, which is in no row and has no names or numbers of a practice."""
    facts, body = _page()
    return Article(
        slug=SLUG,
        title=facts["title"],
        standfirst=facts["standfirst"],
        body=body,
        regions=["low-back", "pelvis-sacrum"],
        is_doctors_page=True,
    )


def is_it(article: Article) -> bool:
    """Return whether an article is this page: flagged, or at its address."""
    return article.is_doctors_page or article.slug == SLUG


@cache
def _page() -> tuple[dict[str, str], str]:
    return read_page(TEXT)
