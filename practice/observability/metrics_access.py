"""PURE. Who may read the metrics: whoever knows a token, or whoever asks from a listed address."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass

from practice.core.env import BadSetting

SHAPE = "token: and 20 characters or more, or addresses such as 10.0.0.5,192.0.2.0/24; empty for no metrics"
SHORTEST = 20
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class MetricsAccess:
    """The setting METRICS, read. Without a token and networks there are no metrics."""

    token: str = ""
    networks: tuple[Network, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.token or self.networks)

    def allows(self, *, authorization: str, address: str, forwarded: bool) -> bool:
        """Return whether this request may read them.

        `address`: of the connection; `forwarded`: whether a proxy passed it on, so that the address is the
        proxy's, and counts for nothing.
        """
        if self.token:
            return hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode())
        try:
            asker = ipaddress.ip_address(address)
        except ValueError:
            return False
        return not forwarded and any(asker in network for network in self.networks)


def metrics_access(name: str, raw: str) -> MetricsAccess:
    """Return who may read the metrics. Raises BadSetting for what is neither a token nor addresses."""
    kind, colon, token = raw.partition(":")
    if colon and kind == "token":
        if len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
            raise BadSetting(name, "the token is too short, or has characters that no header takes.", SHAPE)
        return MetricsAccess(token=token)
    try:
        networks = tuple(ipaddress.ip_network(one.strip()) for one in raw.split(",") if one.strip())
    except ValueError as error:
        raise BadSetting(name, f"{error}.", SHAPE) from None
    return MetricsAccess(networks=networks)
