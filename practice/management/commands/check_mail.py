"""`manage.py check_mail DOMAIN`: what SPF, DKIM and DMARC of a domain lack, and whether emails arrive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import idna
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practice.health.findings import look
from practice.sender_domain.dkim_record import check_dkim
from practice.sender_domain.dmarc import check_dmarc
from practice.sender_domain.finding import FINE, LACKS, NOTE, DnsSilent, Finding, Lookup
from practice.sender_domain.lookups import txt_lookup
from practice.sender_domain.spf import check_spf
from practice.sender_domain.wording import in_one_sentence


class Command(BaseCommand):
    """The command `check_mail`."""

    help = "Say what the DNS records of a domain lack, so that emails from it are accepted. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the domain, the selectors, and the name server to ask."""
        parser.add_argument("domain", help="what is after the @ of the sender’s address")
        parser.add_argument(
            "--selector", action="append", default=[], help="of a DKIM key; may be given several times"
        )
        parser.add_argument("--server", default="", help="the name server to ask: 192.0.2.53:53")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one sentence for each finding; end with an error where something is lacking."""
        domain = self.ascii_domain(options["domain"])
        server, _, port = options["server"].partition(":")
        if port and not port.isdigit():
            raise CommandError(f"{options['server']} is no name server.")
        lookup = txt_lookup(server, int(port or 53))
        found = list(self.findings(domain, options["selector"], lookup))
        for finding in found:
            self.stdout.write(f"{finding.level:<5}  {in_one_sentence(finding)}")
        self.say_what_arrives()
        if any(finding.level == LACKS for finding in found):
            raise CommandError("Something is lacking.")

    def say_what_arrives(self) -> None:
        """Say whether emails arrive, as the owner's page does: records that are in order don't prove it."""
        found = look("arrival", timezone.now())
        level = NOTE if found.state or found.to_do else FINE
        self.stdout.write(f"{level:<5}  {found.title} {found.to_do}".rstrip())

    @staticmethod
    def ascii_domain(raw: str) -> str:
        """Return the domain as the DNS knows it. Raises CommandError for what is no domain."""
        try:
            found = idna.encode(raw.strip().rstrip(".").lower(), uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise CommandError(f"{raw!r} is no domain: {error}") from error
        if "." not in found:
            raise CommandError(f"{raw!r} is no domain.")
        return found

    @staticmethod
    def findings(domain: str, selectors: list[str], lookup: Lookup) -> Iterator[Finding]:
        """Yield what was found, in the order SPF, DKIM, DMARC."""
        own = settings.DKIM_SELECTOR
        names = list(dict.fromkeys([*selectors, *([own] if own else [])]))
        bounces = settings.BOUNCE_ADDRESS.rpartition("@")[2]
        try:
            yield from check_spf(bounces or domain, lookup)
            for name in names:
                yield from check_dkim(domain, name, lookup, own_key=settings.DKIM_KEY if name == own else b"")
            if not names:
                yield Finding("dkim_no_selector", {})
            yield from check_dmarc(domain, lookup, bounce_domain=bounces)
        except DnsSilent as error:
            yield Finding("dns_silent", {"said": str(error)})
