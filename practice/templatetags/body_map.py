"""Template tags for the drawn body map, to fill in and to look at.

{% load body_map %}
{% body_map touched %}                           a fieldset; names `region` and `strength-<part>`
{% body_map touched prefix="then" legend=… %}    a second one on the same page
{% body_map touched words="touched" %}           strengths: how long it was worked on, not how much it is felt
{% body_map touched fold=True %}                 where the drawing can be pressed: names only on request
{% body_map_small touched %}                     read only; `touched` may be the stored text too

`touched` is a dict part → 1, 2, 3, as `practice.core.body_map.read_marks` gives it. The page links
css/bodymap.css and js/bodymap.js. The first map of a page must not stand in what may be hidden: it brings the
shapes for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from practice.core import body_map as the_map

register = template.Library()

WORDS = {"felt": the_map.FELT, "touched": the_map.TOUCHED}
ASKED = {
    "felt": lambda place: _("%(place)s: how much?") % {"place": place},
    "touched": lambda place: _("%(place)s: for how long?") % {"place": place},
}
FRONT = tuple(part for part in the_map.PARTS if part not in the_map.ONLY_BEHIND)
BACK = tuple(part for part in the_map.PARTS if part not in the_map.ONLY_IN_FRONT)


@register.inclusion_tag("includes/_bodymap.html", takes_context=True)
def body_map(
    context: Context,
    touched: Mapping[str, int] | str = "",
    *,
    prefix: str = "bm",
    legend: str = "",
    hint: str = "",
    words: str = "felt",
    fold: bool = False,
) -> dict[str, Any]:
    """Show the form. words: "felt" (a little, some, a lot) or "touched" (briefly, for a while, for long)."""
    marked = _marked(touched)
    return {
        "first": _is_first(context),
        "prefix": prefix,
        "legend": legend or _("Where?"),
        "fold": fold,
        "hint": hint or _("As many places as you like. Left and right are the person’s own left and right."),
        "rows": [[_place(part, marked, words) for part in row] for row in _rows()],
    }


@register.inclusion_tag("includes/_bodymap_small.html", takes_context=True)
def body_map_small(
    context: Context, touched: Mapping[str, int] | str = "", words: str = "felt"
) -> dict[str, Any]:
    """Show a small drawing of the marks, and their list in words, which is read aloud."""
    marked = _marked(touched)
    return {
        "first": _is_first(context),
        "views": [
            (view, x, [(part, strength) for part, strength in marked.items() if part in seen])
            for view, x, seen in (("front", 84, FRONT), ("back", 248, BACK))
        ],
        "said": the_map.marks_in_words(marked, WORDS[words], say=_),
    }


def _marked(touched: Mapping[str, int] | str) -> dict[str, int]:
    text = touched if isinstance(touched, str) else the_map.to_text(touched or {})
    return the_map.from_text(text)


def _is_first(context: Context) -> bool:
    """Return whether this is the first map on the page.

    The lowest layer of a rendering is the same for all of its templates.
    """
    page = context.render_context.dicts[0]
    first = "body map" not in page
    page["body map"] = "stands"
    return first


def _rows() -> Iterator[tuple[str, ...]]:
    """Yield rows of parts: left and right side by side, the rest alone."""
    for part in the_map.PARTS:
        if part.endswith("-left"):
            yield part, part.removesuffix("left") + "right"
        elif not part.endswith("-right"):
            yield (part,)


def _place(part: str, marked: Mapping[str, int], words: str) -> dict[str, Any]:
    label = _(the_map.LABELS[part])
    chosen = marked.get(part, the_map.MIDDLING)
    return {
        "part": part,
        "label": label,
        "strength": marked.get(part),
        "asked": ASKED[words](label),
        "choices": [
            (strength, _(word), strength == chosen) for strength, word in zip(the_map.STRENGTHS, WORDS[words])
        ],
    }
