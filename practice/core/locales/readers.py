"""PURE. The locale of a reader: their language, in the country of the practice.

A practice writes dates and prices as its country does, and a client who reads Spanish gets the Spanish of
that country: "2:00 p.m." in Denver, "14:00" in Madrid. The words are in the catalogs (`locale/`), the
rest in CLDR.
"""

from __future__ import annotations

from functools import lru_cache

from practice.core.locales.patterns import UnknownLocale, locale_named, read_locale

#: The languages in which there are texts, each with its own name.
LANGUAGES = (("en", "English"), ("es", "Español"))
CODES = frozenset(code for code, _name in LANGUAGES)
#: Where CLDR knows no such language in a country: Spanish and English as they are written nearby.
NEARBY = {("es", "CA"): "es-us", ("es", ""): "es-es", ("en", ""): "en-us"}


def language_of(tag: str) -> str:
    """Return the language of a tag such as "es-mx": "es"."""
    return tag.replace("_", "-").partition("-")[0].lower()


def known_language(tag: str) -> str:
    """Return the language of a tag if there are texts in it, else English."""
    language = language_of(tag)
    return language if language in CODES else LANGUAGES[0][0]


@lru_cache(maxsize=256)
def locale_of(language: str, home: str) -> str:
    """Return the locale in which dates, times and prices are written for a reader of `language`.

    home: the practice's locale. It stays where it is in that language, and where there are no texts in its
    own language anyway: such an owner chose to have, say, French dates in English sentences.
    """
    language = language_of(language)
    if language_of(home) == language or not {language, language_of(home)} <= CODES:
        return home
    territory = locale_named(home).territory or ""
    try:
        return str(read_locale(f"{language}-{territory}")).replace("_", "-").lower()
    except UnknownLocale:
        return NEARBY.get((language, territory)) or NEARBY[language, ""]
