"""The record as one ZIP: `record.json` for programs, `record.html` for people, in a temporary file.

The file is gone from the disk as soon as it is closed, also when the process is killed.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.text import slugify

from portal.export.wording import label, title

EXPORTED = "application/zip"


def archive(record: Mapping[str, Any]) -> IO[bytes]:
    """Return the ZIP, open for reading from its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (its sender closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("record.json", as_json(record))
        folder.writestr("record.html", as_page(record))
    file.seek(0)
    return file


def as_json(record: Mapping[str, Any]) -> str:
    """Return the record as JSON, in the format of docs/export.md."""
    return json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def as_page(record: Mapping[str, Any]) -> str:
    """Return the record as one HTML file that loads nothing."""
    plain = json.loads(as_json(record))
    parts = [
        (title(name), shown(value)) for name, value in plain.items() if name not in ("format", "made_at")
    ]
    context = {
        "name": plain["person"].get("name", ""),
        "made_at": record["made_at"],
        "practice": plain["practice"]["name"],
        "parts": parts,
    }
    return render_to_string("export/record.html", context)


def shown(value: Any) -> dict[str, Any]:
    """Return a value as the page's template walks through it; what is empty is left out."""
    if isinstance(value, dict):
        pairs = [(label(name), shown(one)) for name, one in value.items() if one not in ("", None, [], {})]
        return {"pairs": pairs}
    if isinstance(value, list):
        return {"rows": [shown(one) for one in value]}
    return {"text": _word(value)}


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return label("yes") if value else label("no")
    return str(value)


def filename(name: str) -> str:
    """Return a file name such as "record-ann-lee.zip"."""
    return f"record-{slugify(name) or 'client'}.zip"
