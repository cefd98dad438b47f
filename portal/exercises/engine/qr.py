"""An address as a QR code, as the path of an SVG: black modules, one row after the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # modules of white around it, as the standard asks


@dataclass(frozen=True)
class QrPath:
    """A QR code: the side of its square in modules, and the path of the black ones."""

    side: int
    path: str


def qr_path(address: str) -> QrPath:
    """Return the QR code of an address."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    return QrPath(len(rows), "".join(_row(y, row) for y, row in enumerate(rows)))


def _row(y: int, row: list[bool]) -> str:
    """Return the black stretches of one row."""
    found, x = [], 0
    for is_black, stretch in groupby(row):
        length = len(list(stretch))
        if is_black:
            found.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(found)
