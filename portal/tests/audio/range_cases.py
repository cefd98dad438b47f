"""`Range` headers and what each asks for of 1000 bytes: one table for the server's rule and the worker's."""

from __future__ import annotations

from portal.audio.ranges import Span, Unsatisfiable

N = 1000
RANGES: list[tuple[str | None, Span | Unsatisfiable | None]] = [
    (None, None),
    ("", None),
    ("bytes=0-0", Span(0, 0)),
    ("bytes=0-1", Span(0, 1)),
    ("bytes=999-999", Span(999, 999)),
    ("bytes=-1", Span(999, 999)),
    ("bytes=-500", Span(500, 999)),
    ("bytes=-1001", Span(0, 999)),
    ("bytes=0-", Span(0, 999)),
    ("bytes=999-", Span(999, 999)),
    ("bytes=1000-", Unsatisfiable()),
    ("bytes=1000-2000", Unsatisfiable()),
    ("bytes=-0", Unsatisfiable()),
    ("bytes=0-99999", Span(0, 999)),
    ("bytes=0-" + "9" * 150, Span(0, 999)),
    ("bytes=" + "9" * 150 + "-", Unsatisfiable()),
    ("BYTES= 0-0 ", Span(0, 0)),
    ("bytes=5-2", None),
    ("bytes=2000-1000", None),
    ("bytes=abc", None),
    ("abc", None),
    ("bytes=-", None),
    ("bytes=--5", None),
    ("bytes=0x1-2", None),
    ("bytes=٠-١", None),
    ("items=0-1", None),
    ("bytes=0-1,5-6", None),
    ("bytes=" + "9" * 5000 + "-", None),
]
