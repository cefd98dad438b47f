"""The parts of an email that the owner can word: the shipped words stand between the tags.

{% editable "opening" %}…{% endeditable %}
"""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_block_tag(takes_context=True)
def editable(context: Context, content: str, part: str) -> str:
    """Return the practice's own words for this part, if the email has them, else the shipped ones.

    In HTML each paragraph of their own words is escaped. `shipped_parts`: where a page that shows the shipped
    words collects them.
    """
    own = context.get("own_words")
    if own is not None and part in own.parts:
        return _in_html(own.parts[part]) if context.autoescape else "\n\n".join(own.parts[part])
    if (shipped := context.get("shipped_parts")) is not None:
        shipped[part] = content.strip()
    return content


def _in_html(paragraphs: tuple[str, ...]) -> SafeString:
    lines = (
        (format_html_join(mark_safe("<br>"), "{}", ((line,) for line in one.split("\n"))),)
        for one in paragraphs
    )
    return format_html_join("\n", '<p class="para">{}</p>', lines)
