"""Static files: collected lean, under hashed names, compressed with gzip; and served."""

import os
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponseBase
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from practice.web.lean_files import lean_script, lean_style

#: Of our own files only: the folder and the end of a name, and what makes it lean.
LEAN = {("js/", ".js"): lean_script, ("css/", ".css"): lean_style}


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage without Brotli, and our own scripts and styles without comments.

    WhiteNoise 6 uses Brotli wherever it is installed (we read the receipts' fonts with it), at its
    highest quality: half a minute of processor time at each start with new files; gzip takes two seconds.
    """

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Return what compresses one file."""
        return super().create_compressor(use_brotli=False, **kwargs)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Make our own files lean, then name all by their content and compress them."""
        for name in () if dry_run else paths:
            for (folder, end), lean in LEAN.items():
                if name.startswith(folder) and name.endswith(end):
                    self._rewrite(name, lean)
                    paths[name] = (self, name)  # else the file is read where it came from
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _rewrite(self, name: str, lean: Any) -> None:
        with self.open(name) as file:
            before = file.read().decode()
        after = lean(before)
        if after != before:
            self.delete(name)
            self._save(name, ContentFile(after.encode()))


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise's middleware, which also serves what was put there after this process started.

    While several machines are upgraded in turn, a page of one that has the new version asks for its new style
    sheet, and may be answered by one that still has the old: there the new files lie already.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.autorefresh and self.static_root:
            root = os.path.join(os.path.abspath(self.static_root), "")
            self.directories.append((root, self.static_prefix))  # where `find_file` looks

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with a file, if the address is one of them."""
        path = request.path_info
        may_be_new = not self.autorefresh and path not in self.files and path.startswith(self.static_prefix)
        if may_be_new and (found := self.find_file(path)):
            self.files[path] = found
        answer: HttpResponseBase = super().__call__(request)
        return answer
