"""The template tag for the pictures that a lock screen shows beside a lesson."""

from __future__ import annotations

from django import template
from django.templatetags.static import static

register = template.Library()
SIZES = (256, 512)  # px; drawn by tools/artwork.py


@register.simple_tag
def artwork(posture: str) -> str:
    """Return the addresses of the drawing of a posture as PNG files, by size, with a space between them."""
    return " ".join(static(f"artwork/{posture}-{size}.png") for size in SIZES) if posture else ""
