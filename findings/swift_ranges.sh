#!/usr/bin/env bash
# OpenStack Swift 2.38.3, S3 interface: If-Range is not looked at, and 416 does not say how long the object is.
#
# RFC 9110, 13.1.5: "A recipient of an If-Range header field MUST ignore the Range header field if the If-Range
# condition evaluates as false." Swift answers 206 with a part of the content that the client does not have, and
# whoever goes on with a download after the object was replaced puts two contents together without an error.
# 15.5.17: a 416 to a byte-range request SHOULD carry Content-Range with the length; Swift's has none.
# The portal is not hurt: another recording has another name (portal/audio/serve.py).
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/ask.py" <<'PY'
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"
import django

django.setup()
from pathlib import Path

from practice.storage.bucket import Bucket
from practice.tests.storage import s3

store = Bucket(s3.new_bucket(), work=Path(os.environ["VAR_DIR"]))
store.write("one", b"x" * 1000)
link = store.link("one", content_type="audio/mp4", caching="no-store", seconds=60)
replaced = s3.ask(link, **{"Range": "bytes=0-9", "If-Range": '"an older content"'})
beyond = s3.ask(link, Range="bytes=1000-")
print("If-Range of another content:", replaced[0], replaced[1].get("content-range"))
print("Beyond the end:", beyond[0], beyond[1].get("content-range"))
raise SystemExit((replaced[0], beyond[0], beyond[1].get("content-range")) != (206, 416, None))
PY
VAR_DIR="$folder/var" KEYS_DIR="$folder/keys" PYTHONPATH=. .venv/bin/python "$folder/ask.py" || { echo "This has changed."; exit 1; }
