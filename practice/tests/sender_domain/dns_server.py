"""A real DNS server for tests, over UDP on this machine: it knows TXT records, or is silent."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class DnsServer(socketserver.ThreadingUDPServer):
    """A server of these records: name → texts. `broken`: names that it fails on."""

    daemon_threads = True

    def __init__(self, records: Mapping[str, list[str]], broken: tuple[str, ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), Question)
        self.records, self.broken = records, broken

    @property
    def address(self) -> str:
        """Where it listens, as the command takes it."""
        return f"127.0.0.1:{self.server_address[1]}"


class Question(socketserver.BaseRequestHandler):
    """One question."""

    server: DnsServer

    def handle(self) -> None:
        query = dns.message.from_wire(self.request[0])
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name in self.server.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif texts := self.server.records.get(name):
            pieces = [
                " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255)) for text in texts
            ]
            answer.answer.append(dns.rrset.from_text_list(query.question[0].name, 60, "IN", "TXT", pieces))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.request[1].sendto(answer.to_wire(max_size=65_535), self.client_address)


@contextmanager
def dns_server(records: Mapping[str, list[str]], broken: tuple[str, ...] = ()) -> Iterator[DnsServer]:
    """A DNS server while the block runs."""
    with DnsServer(records, broken) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
