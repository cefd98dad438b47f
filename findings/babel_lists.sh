#!/usr/bin/env bash
# Babel 2.19.0: `format_list` of two units says the second one twice in Arabic, and fails in Spanish.
#
# What the documentation promises: every style works in every locale. CLDR lets a locale inherit its pattern for
# two things, and whole styles. Babel takes the inherited pattern for the end of a longer list instead, and adds
# the last word to a list that already has it: "1 hour and 30 minutes and 30 minutes". Where a whole style is
# inherited, it raises KeyError('start'). Lists in the style "standard" are right in every locale.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env && env/bin/pip install --quiet babel==2.19.0

env/bin/python - <<'PY' || { echo "This has changed."; exit 1; }
from babel import localedata
from babel.lists import format_list


def outcome(style, locale):
    try:
        said = format_list(["A", "B"], style, locale)
    except KeyError:
        return "fails"
    return "right" if said.count("B") == 1 else "says it twice"


locales = [name for name in localedata.locale_identifiers() if name != "root"]
for style in ("standard", "unit-narrow", "unit-short"):
    found = [outcome(style, name) for name in locales]
    print(style, {each: found.count(each) for each in sorted(set(found))})
print(format_list(["A", "B"], "unit-narrow", "ar"))
assert {outcome("standard", name) for name in locales} == {"right"}
assert outcome("unit-narrow", "ar") == "says it twice"
assert outcome("unit-short", "es") == "fails"
PY
