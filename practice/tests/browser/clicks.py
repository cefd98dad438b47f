"""Counts the clicks of a journey, in the page itself: each press, each Enter, each list changed."""

from __future__ import annotations

from playwright.sync_api import Page

# Kept where it outlives a page of this tab. Filling in a field is typing, and counts as none.
COUNT = """
const counted = () => sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks")) + 1);
document.addEventListener("pointerdown", (event) => event.isTrusted && counted(), true);
document.addEventListener("keydown", (event) => event.key === "Enter" && counted(), true);
document.addEventListener("change", (event) => event.target.matches("select") && counted(), true);
"""


class ClickCounter:
    """Counts from the moment it is made; the page has to be opened after that."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.add_init_script(COUNT)

    @property
    def clicks(self) -> int:
        """How many it took so far."""
        return int(self._page.evaluate("Number(sessionStorage.getItem('clicks'))"))
