"""The fonts of receipts and the letters they print: Latin, Greek and Cyrillic, not Chinese or Arabic."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools import ttLib

HERE = Path(__file__).resolve().parent / "fonts"
FAMILY, HEADLINE = "Atkinson", "Fraunces"
TEXT_FILES = {
    (FAMILY, ""): HERE / "atkinson-hyperlegible-next.woff2",
    (FAMILY, "B"): HERE / "atkinson-hyperlegible-next-bold.woff2",
    (HEADLINE, ""): HERE / "fraunces.woff2",
}
#: Asked one after the other for what the text font does not have.
FALLBACK_FILES = {
    "LatinExt": HERE / "atkinson-hyperlegible-next-latin-ext.woff2",
    "Vietnamese": HERE / "noto-sans-vietnamese.woff2",
    "Cyrillic": HERE / "noto-sans-cyrillic.woff2",
    "CyrillicExt": HERE / "noto-sans-cyrillic-ext.woff2",
    "Greek": HERE / "noto-sans-greek.woff2",
    "GreekExt": HERE / "noto-sans-greek-ext.woff2",
}


@lru_cache(maxsize=len(FALLBACK_FILES) + 1)
def letters_of(file: Path) -> frozenset[int]:
    """Return the code points that a font file can print."""
    return frozenset(ttLib.TTFont(file).getBestCmap())


def fallbacks_for(words: str) -> list[str]:
    """Return the fonts that these words need beside the text font: others would only make the file slow."""
    missing = {ord(one) for one in printed_as(words)} - letters_of(TEXT_FILES[FAMILY, ""])
    needed = []
    for name, file in FALLBACK_FILES.items():
        if missing & letters_of(file):
            needed.append(name)
            missing -= letters_of(file)
    return needed


def printed_as(words: str) -> str:
    """Return words as they are printed: letter and accent as one sign, on one line."""
    return unicodedata.normalize("NFC", " ".join(words.split()))


def unprintable(words: str) -> str:
    """Return the signs of the words that a receipt cannot print, each once; "" when it can print all."""
    files = (TEXT_FILES[FAMILY, ""], *FALLBACK_FILES.values())
    return "".join(
        dict.fromkeys(
            one for one in printed_as(words) if not any(ord(one) in letters_of(file) for file in files)
        )
    )
