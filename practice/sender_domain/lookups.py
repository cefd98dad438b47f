"""The DNS, as the checks ask it: the TXT records of a name."""

from __future__ import annotations

import dns.exception
import dns.name
import dns.resolver

from practice.sender_domain.finding import DnsSilent, Lookup

SECONDS = 10.0


def txt_lookup(server: str = "", port: int = 53) -> Lookup:
    """Return a lookup by this machine's own name servers, or by one of them."""
    resolver = dns.resolver.Resolver(configure=not server)
    if server:
        resolver.nameservers, resolver.port = [server], port

    def lookup(name: str) -> list[str]:
        try:
            answer = resolver.resolve(name, "TXT", lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except dns.exception.DNSException as error:
            raise DnsSilent(f"{name}: {error}") from error
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    return lookup
