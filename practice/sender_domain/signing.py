"""PURE. The DKIM signature of an email (RFC 6376), by dkimpy, over both headers of the unsubscribe button."""

from __future__ import annotations

from email.message import Message
from email.utils import parseaddr

import dkim

#: What is signed of what the email has. dkimpy's own choice leaves out List-Unsubscribe-Post, without which
#: the button is not shown (RFC 8058, 4; findings/dkimpy_one_click.sh).
SIGNED = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "auto-submitted"),
    *("mime-version", "content-type", "content-transfer-encoding"),
    *("list-unsubscribe", "list-unsubscribe-post"),
)


def dkim_signature(message: Message, raw: bytes, *, selector: str, key: bytes) -> str:
    """Return the value of the DKIM-Signature header, on one line. `raw`: the email as it is sent.

    It is signed for the domain of its From address, as DMARC wants it. From is named twice, so that no second
    one can be added.
    """
    domain = parseaddr(str(message["From"]))[1].rpartition("@")[2].lower()
    names = [name for name in SIGNED if name in message]
    header = dkim.sign(
        raw,
        selector.encode("ascii"),
        domain.encode("ascii"),
        key,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name.encode("ascii") for name in (*names, "from")],
    )
    return " ".join(header.decode("ascii").partition(":")[2].split())
