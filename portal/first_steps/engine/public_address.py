"""Whether people elsewhere can reach a site under its address. No Django, no lookup: the text alone."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

#: Names that exist on one machine or in one building only (RFC 6761, 6762, 8375).
LOCAL_NAMES = ("localhost", "local", "internal", "lan", "home.arpa", "test", "invalid", "example")


def is_public(site_url: str) -> bool:
    """Return whether the address is https and names a host on the internet, not this machine or building."""
    site = urlsplit(site_url)
    host = (site.hostname or "").rstrip(".").lower()
    if site.scheme != "https" or not host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not any(host == name or host.endswith(f".{name}") for name in LOCAL_NAMES)
