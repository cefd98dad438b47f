"""The practice's own color: where it must be readable, its partner for the dark, its stylesheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from practice.business.engine.contrast import LEAST, lightness, moved, nearest_readable, ratio


class Under(StrEnum):
    """What the color is read on, or what is read on it."""

    PAPER = "paper"
    LINEN = "linen"
    PLANK = "plank"
    ON_CLAY = "on-clay"


@dataclass(frozen=True)
class Theme:
    """A set of tokens of `practice/static/css/tokens.css`, with its own accent."""

    accent: str
    surfaces: dict[Under, str]
    is_dark: bool


LIGHT = Theme(
    "#9E4926",
    {Under.PAPER: "#FBF7F0", Under.LINEN: "#F4EBDD", Under.PLANK: "#EBDDC6", Under.ON_CLAY: "#FFFAF3"},
    is_dark=False,
)
DARK = Theme(
    "#E8976F",
    {Under.PAPER: "#1C1917", Under.LINEN: "#27211C", Under.PLANK: "#382E25", Under.ON_CLAY: "#1C1917"},
    is_dark=True,
)
#: How much lighter or darker a button becomes below a finger.
PRESSED = 0.08


@dataclass(frozen=True)
class Unreadable:
    """The place where a color is hardest to read, and the nearest color of its hue that would do."""

    under: Under
    ratio: float
    would_do: str


def problem(accent: str, theme: Theme) -> Unreadable | None:
    """Return where this accent can't be read in a theme; None if it can be read everywhere."""
    under, least = min(
        ((name, ratio(accent, color)) for name, color in theme.surfaces.items()), key=lambda found: found[1]
    )
    if least >= LEAST:
        return None
    return Unreadable(under, least, readable(accent, theme))


def readable(accent: str, theme: Theme) -> str:
    """Return this accent if it can be read in the theme, else the nearest of its hue."""
    return nearest_readable(accent, on=tuple(theme.surfaces.values())) or theme.accent


def partner(light: str) -> str:
    """Return the accent for the dark that goes with one for the light: of the same hue, and readable."""
    return DARK.accent if light.upper() == LIGHT.accent else readable(light, DARK)


def pressed(accent: str, theme: Theme) -> str:
    """Return the accent of a pressed button: away from the page, so that it never becomes harder to read."""
    change = PRESSED if theme.is_dark else -PRESSED
    return moved(accent, to=lightness(accent) + change)


def is_own(light: str, dark: str) -> bool:
    """Return whether these are others than the site's own colors."""
    return (light.upper(), dark.upper()) != (LIGHT.accent, DARK.accent)


def stylesheet(light: str, dark: str, *, inside: str = "") -> str:
    """Return the style rules that put these accents in place of clay; `inside`: only within this selector.

    The rules stand where tokens.css has its own, so that a room lying in the dark keeps to the dark.
    """
    if inside:
        return (
            f'{inside}[data-theme="light"]{_tokens(light, LIGHT)}\n'
            f'{inside}[data-theme="dark"]{_tokens(dark, DARK)}\n'
        )
    return (
        f':root,[data-theme="light"]{_tokens(light, LIGHT)}\n'
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){_tokens(dark, DARK)}}}\n'
        f'[data-theme="dark"]{_tokens(dark, DARK)}\n'
    )


def _tokens(accent: str, theme: Theme) -> str:
    return f"{{--clay:{accent};--clay-deep:{pressed(accent, theme)}}}"
