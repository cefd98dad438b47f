"""The choice of a page that opens first after signing in, for each person."""

from __future__ import annotations

from practice.models import User


def choose_first_page(user: User, page: str) -> None:
    """Save which page of the workspace opens first on this person's computer. Raises ValueError."""
    user.opens_first = User.OpensFirst(page)
    user.save(update_fields=["opens_first"])
