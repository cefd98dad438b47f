"""Sentences about recordings on their way: steps of the preparation, sizes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audio.progress import Step

STEPS: dict[str, str | Promise] = {
    Step.READING: gettext_lazy("Reading the file"),
    Step.MEASURING: gettext_lazy("Measuring how loud it is"),
    Step.ENCODING: gettext_lazy("Adjusting the volume and adding the bell"),
    Step.CHECKING: gettext_lazy("Checking the result"),
    Step.PUBLISHING: gettext_lazy("Publishing"),
}


def step_words(step: str) -> str:
    """Return what is being done with a recording; that it is next when nothing is done yet."""
    return str(STEPS.get(step) or _("Waiting for its turn"))


def size_words(size: int) -> str:
    """Return a number of bytes in MB, as pages say it: "45 MB"; below one, "0.4 MB"."""
    megabytes = size / 1_000_000
    number = f"{megabytes:.1f}" if megabytes < 1 else f"{megabytes:.0f}"
    return _("%(number)s MB") % {"number": number}
