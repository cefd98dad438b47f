"""Where static files are collected: under hashed names, compressed with gzip."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage without Brotli.

    WhiteNoise 6 uses Brotli wherever it is installed (we read the receipts' fonts with it), at its
    highest quality: half a minute of processor time at each start with new files; gzip takes two seconds.
    """

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Return what compresses one file."""
        return super().create_compressor(use_brotli=False, **kwargs)
