#!/usr/bin/env bash
# django-phonenumber-field 9.0.0: an extension is read, shown and validated, and gone once the row is saved.
#
# What the documentation promises: E.164 is the format for the database, and a number that was saved is the
# number that is read again. "303 555 0142 x12" is valid, and shows its extension until it is stored: E.164 has
# none. Two numbers that differ in their extension only are equal, too. Nothing fails; the extension is lost.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env && env/bin/pip install --quiet "django==5.2.*" "django-phonenumber-field[phonenumberslite]==9.0.0" >&2

cat >extension.py <<'PY'
import django
from django.conf import settings

settings.configure(INSTALLED_APPS=["phonenumber_field"], PHONENUMBER_DEFAULT_REGION="US")
django.setup()
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field.phonenumber import to_python

typed = to_python("303 555 0142 x12")
stored = PhoneNumberField().get_prep_value(typed)
assert typed.is_valid() and typed.extension == "12", "it is no longer read"
print("typed", typed.as_national, "| stored", stored, "| equal to x13:", typed == to_python("303 555 0142 x13"))
raise SystemExit("12" in stored.removeprefix("+13035550142") or typed != to_python("303 555 0142 x13"))
PY

env/bin/python extension.py || { echo "This has changed."; exit 1; }
