"""The name under which a browser keeps a person's things: it separates two people and names neither."""

from __future__ import annotations

from typing import Any

from django.utils.crypto import salted_hmac


def device_name(user: Any) -> str:
    """Return twelve digits for someone signed in, the same on each device; "" for everyone else."""
    if not user.is_authenticated:
        return ""
    return salted_hmac("portal.place", str(user.pk)).hexdigest()[:12]
