"""PURE. Phone numbers: read as people type them, kept in one form, and written as the reader's country does.

Kept is E.164, with the extension as RFC 3966 writes it: "+13035550142" or "+13035550142;ext=12". What cannot
be read is kept and shown as it was typed, until somebody corrects it.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from babel.core import get_global

#: Where neither the clock nor the language of a practice names a country.
ELSEWHERE = "US"
LONGEST = 40


def region_of(zone: str, locale: str = "") -> str:
    """Return the country whose numbers are typed without a prefix: of the time zone, else of the locale.

    The zone comes first, since it says where a practice is: one in Berlin may well write American English.
    """
    _language, _dash, territory = locale.replace("_", "-").partition("-")
    for region in (get_global("zone_territories").get(zone, ""), territory.upper()):
        if region in phonenumbers.SUPPORTED_REGIONS:
            return region
    return ELSEWHERE


def read(text: str, *, region: str) -> str:
    """Return the number in the form in which it is kept; "" if it is none, or lacks its area code.

    A number need only be possible, not assigned: prefixes are opened faster than our table of them is
    updated, and it is better to keep a wrong number than to refuse a client with a new one. A number that can
    only be dialed within its own area is not enough.
    """
    parsed = _parsed(text, region)
    return as_kept(parsed) if parsed else ""


def as_kept(parsed: phonenumbers.PhoneNumber) -> str:
    """Return a number in the form in which it is kept; "" if it could not be dialed from anywhere."""
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{number};ext={parsed.extension}" if parsed.extension else number


def kept(text: str, *, region: str) -> str:
    """Return the number in the form in which it is kept; unchanged if it cannot be read."""
    return read(text, region=region) or text


@lru_cache(maxsize=256)
def shown(number: str, *, region: str) -> str:
    """Return a number like "303 555 0142" to readers of its country, "+1 303 555 0142" to others.

    What cannot be read is shown unchanged. Kept, for the practice's own is in every email, several times.
    """
    parsed = _parsed(number, region)
    if parsed is None or not as_kept(parsed):
        return number
    way = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    if is_at_home(parsed, region):
        way = phonenumbers.PhoneNumberFormat.NATIONAL
    return re.sub(r"[\s-]+", " ", re.sub(r"[()]", "", phonenumbers.format_number(parsed, way)))


def example(region: str) -> str:
    """Return a number as people of this country write it."""
    found = phonenumbers.example_number(region)
    if region == ELSEWHERE or found is None:
        return "303 555 0142"
    return shown(as_kept(found), region=region)


def is_at_home(parsed: phonenumbers.PhoneNumber, region: str) -> bool:
    """Return whether a number is of this country; one that nobody has been given is judged by its prefix."""
    country = phonenumbers.region_code_for_number(parsed)
    return (
        country == region if country else parsed.country_code == phonenumbers.country_code_for_region(region)
    )


def link(number: str, *, region: str) -> str:
    """Return the address of a link that dials, as in RFC 3966: "tel:+13035550142;ext=12"."""
    found = read(number, region=region)
    return f"tel:{found or ''.join(sign for sign in number if sign.isdigit() or sign == '+')}"


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
