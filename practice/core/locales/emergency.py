"""PURE. The emergency number of a country."""

from __future__ import annotations

from phonenumbers.shortnumberinfo import is_emergency_number

#: The number in the texts that we ship.
IN_OUR_TEXTS = "911"
#: 3GPP TS 22.101, 10.1.1: every mobile phone knows it as an emergency number, in each network.
EVERYWHERE = "112"
#: What people of the country call first, where more than one number works.
FIRST = {"US": "911", "CA": "911", "MX": "911", "GB": "999", "IE": "112", "AU": "000", "NZ": "111"}


def emergency_number(region: str) -> str:
    """Return the number to call in an emergency in a country such as "ES".

    Sources: FCC, 47 CFR 9.4 (911 in the US); CRTC (911 in Canada); IFT, Mexico, agreement of December 2, 2015
    (911); Directive (EU) 2018/1972, article 109 (112 in the European Union); Ofcom, General Condition A3 (999
    and 112 in Great Britain); Telecommunications (Emergency Call Service) Determination 2019 (000 in
    Australia); elsewhere Google's libphonenumber, first 112, then 911. Without any of these it is 112.
    """
    if region in FIRST:
        return FIRST[region]
    if is_emergency_number(EVERYWHERE, region) or not is_emergency_number(IN_OUR_TEXTS, region):
        return EVERYWHERE
    return IN_OUR_TEXTS
