#!/usr/bin/env bash
# Babel 2.19.0: numbers and prices of four digits are grouped in Spanish, Italian, Polish and others, where CLDR
# writes them together.
#
# CLDR has `minimumGroupingDigits` for each locale. It is 2 in Spain: "1234,50 €", and "12.345,50 €" from five
# digits on, which is what browsers write (ICU 78, CLDR 48). Babel's data for these locales does not hold the value,
# and `format_decimal` and `format_currency` always group. In Mexico and the United States it is 1, and Babel is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env && env/bin/pip install --quiet babel==2.19.0

env/bin/python - <<'PY' || { echo "This has changed."; exit 1; }
from babel.numbers import format_currency, format_decimal

together = {"es_ES": "1234", "it_IT": "1234", "pl_PL": "1234", "pt_PT": "1234", "hu_HU": "1234", "bg_BG": "1234"}
for locale, cldr in together.items():
    written = format_decimal(1234, locale=locale)
    print(f"{locale}: Babel {written!r}, CLDR {cldr!r}")
    assert written != cldr
print(format_currency(1234.5, "EUR", locale="es_ES"))
assert format_currency(1234.5, "EUR", locale="es_ES").startswith("1.234,50")
assert format_decimal(1234, locale="es_MX") == "1,234"
PY
