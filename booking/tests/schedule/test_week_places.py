"""The stylesheet with the places on a board is the one that its tool writes."""

from tools.week_places import PLACE, sheet


def test_the_places_are_as_their_tool_writes_them():
    assert PLACE.read_text(encoding="utf-8") == sheet()
