"""The style sheets, scripts and pictures where they are served from: put there when they have changed.

Compressing all of them takes two seconds of each start, and their sources change with an upgrade only.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

#: What makes other files of the same sources: our own code, and the libraries behind it.
MADE_BY = ("practice/web/static_storage.py", "practice/web/lean_files.py", "practice/settings.py")
LIBRARIES = ("Django", "whitenoise", "brotli")


def collect() -> bool:
    """Put the files where they are served from; return False when they are there already."""
    note, now = settings.VAR_DIR / "static-files", fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and note.exists() and note.read_text() == now:
        return False
    note.unlink(missing_ok=True)  # should this end half-way, the next start does it again
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(now)
    return True


def fingerprint() -> str:
    """Return a text that differs when another source, setting or library would make other files."""
    made_by = [settings.BASE_DIR / path for path in MADE_BY]
    found = [
        Path(storage.path(path)) for finder in finders.get_finders() for path, storage in finder.list([])
    ]
    parts = [f"{name} {version(name)}" for name in LIBRARIES]
    parts += [f"{settings.STATIC_ROOT} {settings.STATIC_URL} {settings.DEBUG}"]
    for file in (*made_by, *found):
        about = file.stat()
        parts.append(f"{file} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
