"""A real IMAP server for tests, as small as RFC 3501 lets it be for reading one folder."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from practice.mail_events.sources import Mailbox

USER, PASSWORD, FOLDER = "bounces", "a password", "Bounces"


class ImapServer(socketserver.ThreadingTCPServer):
    """A server with one folder: UID → bytes, and the flags that were set. `refuses`: commands answered NO."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.messages: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.fetched: list[int] = []
        self.refuses: set[str] = set()

    def add(self, raw: bytes) -> int:
        """Put a message into the folder; return its UID."""
        uid = 100 + len(self.messages)
        self.messages[uid], self.flags[uid] = raw, set()
        return uid

    @property
    def mailbox(self) -> Mailbox:
        """Where it is, as the setting would say it."""
        return Mailbox("127.0.0.1", self.server_address[1], USER, PASSWORD, FOLDER, encrypted=False)


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: ImapServer
    disable_nagle_algorithm = True  # or each answer of several lines waits for a delayed acknowledgment

    def handle(self) -> None:
        self.say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            verb = command.split()[1 if command.startswith("UID ") else 0]
            if verb in self.server.refuses:
                self.say(f"{tag} NO not now".encode())
                continue
            self.answer(verb, command)
            self.say(f"{tag} {'OK' if self.is_right(verb, command) else 'NO'} done".encode())
            if verb == "LOGOUT":
                return

    def is_right(self, verb: str, command: str) -> bool:
        if verb == "LOGIN":
            return command == f'LOGIN {USER} "{PASSWORD}"'
        return verb != "SELECT" or command == f'SELECT "{FOLDER}"'

    def answer(self, verb: str, command: str) -> None:
        """Say what a command asks for, before its OK."""
        folder, flags = self.server.messages, self.server.flags
        if verb == "CAPABILITY":
            self.say(b"* CAPABILITY IMAP4rev1")
        elif verb == "SEARCH":
            found = [str(uid) for uid in folder if "\\Seen" not in flags[uid]]
            self.say(f"* SEARCH {' '.join(found)}".encode())
        elif verb in ("FETCH", "STORE"):
            uid = int(command.split()[2])
            raw = folder[uid]
            if asked := re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", command):
                self.server.fetched.append(uid)
                part = raw[: int(asked[1])]
                self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(part)}}}\r\n".encode() + part)
                self.say(b")")
            else:
                flags[uid] |= set(re.findall(r"\\\w+", command))
        elif verb == "LOGOUT":
            self.say(b"* BYE")

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def imap_server() -> Iterator[Any]:
    """An IMAP server while the block runs."""
    with ImapServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
