"""Bring the Spanish catalogs up to date with the sentences in the code, and compile them.

`python -m tools.catalogs` reads every marked sentence (with gettext, through Django's makemessages), adds
what is new to `locale/es/LC_MESSAGES/django.po` of each app and of templates/, drops what is gone, and writes
the compiled `django.mo` beside it. A new sentence has no translation yet, and a changed one is marked
"fuzzy": write the Spanish, take the mark away, and run it again. The tests in `practice/tests/languages/`
notice whatever is missing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("practice", "booking", "portal", "templates")
LANGUAGE = "es"
MAKE = (
    f"-m django makemessages --locale {LANGUAGE} --add-location file --no-wrap --no-obsolete "
    "--extension html,txt,py --ignore tests/* --verbosity 0"
)
#: What a file's head says: nothing that changes by itself.
HEAD = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Language", LANGUAGE),
    ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
)


def catalog_file(part: str, *, below: Path = ROOT) -> Path:
    """Return the file of a part's sentences."""
    return below / part / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """Return the sentences of a file."""
    with path.open("rb") as content:
        return read_po(content, locale=LANGUAGE)


def collect(below: Path = ROOT) -> None:
    """Bring the files below a copy of the source up to date. Raises CalledProcessError without gettext."""
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    quiet = subprocess.DEVNULL
    for part in PARTS:
        command = [sys.executable, *MAKE.split()]
        subprocess.run(command, cwd=below / part, env=environ, check=True, stdout=quiet, stderr=quiet)


def tidy(path: Path) -> None:
    """Write the file anew without dates, names of tools and line numbers, so that only sentences differ."""
    catalog = read(path)
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, omit_header=True, include_lineno=False, ignore_obsolete=True)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in HEAD)
    path.write_text(f'msgid ""\nmsgstr ""\n{head}\n{buffer.getvalue().decode("utf-8")}', encoding="utf-8")


def compiled(path: Path) -> bytes:
    """Return the compiled form of a file; fuzzy translations are left out."""
    command = ["msgfmt", "--check-format", "--no-hash", "--output-file=-", str(path)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def untranslated(path: Path) -> list[Message]:
    """Return the sentences of a file that have no Spanish, or not in all forms."""
    return [one for one in read(path) if one.id and (one.fuzzy or not all(texts(one.string)))]


def texts(text: str | Sequence[str] | None) -> list[str]:
    """Return the one text or the forms of a sentence or of its translation."""
    return [text] if isinstance(text, str) else list(text or [""])


def main() -> None:
    """Update and compile all of them, and print what is still to be translated."""
    collect()
    for part in PARTS:
        path = catalog_file(part)
        tidy(path)
        path.with_suffix(".mo").write_bytes(compiled(path))
        missing = untranslated(path)
        print(f"{part}: {len(missing)} to translate")
        for sentence in missing:
            print(f"  {sentence.id!r}")


if __name__ == "__main__":
    main()
