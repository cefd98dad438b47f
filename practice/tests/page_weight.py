"""What a page weighs on the line: itself and every file it names, as a browser that takes gzip gets them."""

from __future__ import annotations

import re

from django.http import HttpResponseBase
from django.test import Client

TAKES_GZIP = {"Accept-Encoding": "gzip"}
FILE = re.compile(r'/static/[^"#?\s]+\.(?:css|js|woff2|svg|png|jpg)')
FONT = re.compile(r'url\("\.\./(fonts/[^")]+)')


def files_of(visitor: Client, path: str) -> dict[str, int]:
    """Bytes of the page and of each file that it or its style sheets name: all fonts, used or not."""
    page, sent = visitor.get(path), visitor.get(path, headers=TAKES_GZIP)
    assert (page.status_code, sent.headers.get("Content-Encoding")) == (200, "gzip")
    wanted = set(FILE.findall(page.content.decode()))
    for sheet in [name for name in wanted if name.endswith(".css")]:
        wanted |= {f"/static/{font}" for font in FONT.findall(served(visitor, sheet).decode())}
    return {path: len(sent.content)} | {name: len(served(visitor, name, **TAKES_GZIP)) for name in wanted}


def served(visitor: Client, name: str, **headers: str) -> bytes:
    """What goes over the line for a file, to a browser that says so of itself."""
    answer: HttpResponseBase = visitor.get(name, headers=headers)
    assert answer.status_code == 200, name
    return b"".join(answer.streaming_content)
