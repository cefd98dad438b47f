"""Sentences that say why a file can't be used as a picture, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from practice.pictures.engine.prepare import MOST_BYTES, Fault


def refusal(fault: Fault, *, least: int) -> str:
    """Return why this file can't be used. `least`: how many pixels the shorter side needs."""
    return {
        Fault.EMPTY: _("This file is empty. Please choose another."),
        Fault.BYTES: _("This file is larger than %(most)s MB. Please choose a smaller one.")
        % {"most": MOST_BYTES // 1_000_000},
        Fault.PIXELS: _("This picture has too many pixels to open safely. Please export it smaller."),
        Fault.SMALL: _("This picture is too small. Its shorter side needs at least %(least)s pixels.")
        % {"least": least},
        Fault.SVG: _("SVG files can contain programs, so we don’t take them. Please export it as PNG."),
        Fault.HEIC: _("We can’t open photos in the HEIC format. Please export it as JPEG."),
        Fault.OTHER_KIND: _("We take JPEG, PNG and WebP. Please export it as one of these."),
        Fault.NO_IMAGE: _("This is not an image. Please choose a JPEG, PNG or WebP file."),
        Fault.BROKEN: _("This picture is damaged or incomplete. Please choose another."),
    }[fault]
