"""The record as one ZIP: `record.json` for programs, `record.html` for people, in a temporary file.

The file is gone from the disk as soon as it is closed, also when the process is killed.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import zipfile
from collections.abc import Mapping
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.text import slugify

from portal.export.wording import label, title
from practice.core import formatting
from practice.queries import the_practice

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
    locale = the_practice().locale
    parts = [
        (title(name), shown(value, locale))
        for name, value in record.items()
        if name not in ("format", "made_at")
    ]
    context = {
        "name": record["person"].get("name", ""),
        "made_at": _word(record["made_at"], locale),
        "practice": record["practice"]["name"],
        "parts": parts,
    }
    return render_to_string("export/record.html", context)


def shown(value: Any, locale: str) -> dict[str, Any]:
    """Return a value as the page's template walks through it; what is empty is left out."""
    if isinstance(value, dict):
        told = {name: one for name, one in value.items() if one not in ("", None, [], {}, ())}
        return {"pairs": [(label(name), shown(one, locale)) for name, one in told.items()]}
    if isinstance(value, list | tuple):
        return {"rows": [shown(one, locale) for one in value]}
    return {"text": _word(value, locale)}


def _word(value: Any, locale: str) -> str:
    if isinstance(value, bool):
        return label("yes") if value else label("no")
    if isinstance(value, dt.datetime):
        return formatting.moment(value, ZoneInfo("UTC"), locale=locale, year=True)
    if isinstance(value, dt.date):
        return formatting.date_in_words(value, locale=locale)
    if isinstance(value, dt.time):
        return formatting.wall_time(value, locale=locale)
    return str(value)


def filename(name: str) -> str:
    """Return a file name such as "record-ann-lee.zip"."""
    return f"record-{slugify(name) or 'client'}.zip"
