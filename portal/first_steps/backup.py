"""What has to be copied today to have the practice a second time: places, never what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Copied:
    """A place to copy, and what is in it. `path`: a folder; "" for what is no folder."""

    what: str
    path: str = ""


def what_to_copy() -> list[Copied]:
    """Return what a copy of the practice consists of, by how this site is set up."""
    data, keys, media = (Path(one) for one in (settings.VAR_DIR, settings.KEYS_DIR, settings.MEDIA_ROOT))
    in_folder = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    found = [Copied(_("All data of the practice:") if in_folder else _("Files:"), str(data))]
    if not in_folder:
        found.insert(0, Copied(_("The PostgreSQL database, with pg_dump.")))
    if settings.S3:
        found.append(Copied(_("The recordings and pictures, which are in the bucket %s.") % settings.S3.name))
    elif data not in (media, *media.parents):
        found.append(Copied(_("Recordings:"), str(media)))
    found.append(Copied(_("The keys, in another place than the data:"), str(keys)))
    found.append(Copied(_("The settings, such as the file .env: they can hold keys, too.")))
    return found
