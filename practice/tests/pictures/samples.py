"""Files that people send as pictures: good ones, and what else is called .jpg."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

#: "GPS" of a camera: Denver, and the name of the camera, as EXIF keeps them.
CAMERA = "Juniper Cam 3000"
ORIENTATION, MODEL, GPS = 0x0112, 0x0110, 0x8825


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def halves(*, size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red, and whose right half is blue."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


def from_a_phone(*, turned: int = 6) -> bytes:
    """A JPEG that lies on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = turned, CAMERA
    exif.get_ifd(GPS).update({1: "N", 2: (39.0, 44.0, 21.0), 3: "W", 4: (104.0, 59.0, 3.0)})
    return encoded(halves(), "JPEG", exif=exif, quality=95, comment=b"from Denver")


def moving(kind: str) -> bytes:
    """An animation: red first, then blue."""
    red, blue = Image.new("RGB", (200, 200), "red"), Image.new("RGB", (200, 200), "blue")
    return encoded(red, kind, save_all=True, append_images=[blue], duration=100)


def png_that_says(width: int, height: int) -> bytes:
    """A file of 100 bytes that unpacks to as many pixels as its header says."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
