"""Pictures made ready to be shown: checked, turned upright, without metadata, in our own sizes and encoding.

Nothing of the uploaded file is kept but its pixels: no place, no camera, no second picture, no hidden tail.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 15_000_000  # as PICTURE_BYTES of the settings
#: A phone's largest photo. A JPEG is read at a fraction of its size; the others need all of it in memory.
MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000}
MOST_PIXELS_ELSE = 25_000_000
PHOTO_SIDES = (192, 512)
LEAST_PHOTO = 160
LOGO_WITHIN = (640, 160)
WHOLE_WITHIN = (1600, 1600)
LEAST_WHOLE = 320
LEAST_LOGO = 24
#: Faces are rather above the middle.
CENTER = (0.5, 0.4)
QUALITY = 86
#: What others call their pictures: the first bytes of a HEIC file name one of these.
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class Fault(StrEnum):
    """Why a file can't be used as a picture."""

    EMPTY = "empty"
    BYTES = "bytes"
    PIXELS = "pixels"
    SMALL = "small"
    SVG = "svg"
    HEIC = "heic"
    OTHER_KIND = "other_kind"
    NO_IMAGE = "no_image"
    BROKEN = "broken"


class NotAPicture(Exception):
    """Raised for a file that can't be used. `fault`: why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True)
class Prepared:
    """A picture as it will be served: WebP, with its width and height."""

    content: bytes
    width: int
    height: int


def photo(content: bytes) -> tuple[Prepared, ...]:
    """Return a photo as squares, one for each of PHOTO_SIDES. Raises NotAPicture."""
    image = _upright(content, least=LEAST_PHOTO, drawn_at=2 * max(PHOTO_SIDES))
    flat = _without_alpha(image)
    return tuple(
        _encoded(ImageOps.fit(flat, (side, side), Image.Resampling.LANCZOS, centering=CENTER))
        for side in PHOTO_SIDES
    )


def logo(content: bytes) -> Prepared:
    """Return a logo within LOGO_WITHIN; what was see-through stays so. Raises NotAPicture."""
    image = _upright(content, least=LEAST_LOGO, drawn_at=2 * max(LOGO_WITHIN))
    image.thumbnail(LOGO_WITHIN, Image.Resampling.LANCZOS)
    return _encoded(image)


def whole(content: bytes, *, least: int = LEAST_WHOLE) -> Prepared:
    """Return a photo uncut, within WHOLE_WITHIN; `least`: pixels of its shorter side. Raises NotAPicture."""
    image = _without_alpha(_upright(content, least=least, drawn_at=max(WHOLE_WITHIN)))
    image.thumbnail(WHOLE_WITHIN, Image.Resampling.LANCZOS)
    return _encoded(image)


def _upright(content: bytes, *, least: int, drawn_at: int) -> Image.Image:
    """Return the first picture of a file in RGB or RGBA, turned as its camera says."""
    image = _opened(content)
    try:
        if min(image.size) < least:
            raise NotAPicture(Fault.SMALL)
        image.draft("RGB", (drawn_at, drawn_at))
        image.load()
        return _in_our_colors(ImageOps.exif_transpose(image))
    except NotAPicture:
        raise
    except Exception as error:  # a broken file makes a decoder raise anything
        raise NotAPicture(Fault.BROKEN) from error


def _opened(content: bytes) -> Image.Image:
    """Return the picture with nothing of it decoded yet, once its kind and size are known to be fine."""
    if not content:
        raise NotAPicture(Fault.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotAPicture(Fault.BYTES)
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise NotAPicture(Fault.PIXELS) from error
    except Exception as error:  # as above
        raise NotAPicture(_kind_of_other(content)) from error
    if image.width * image.height > MOST_PIXELS.get(image.format or "", MOST_PIXELS_ELSE):
        raise NotAPicture(Fault.PIXELS)
    return image


def _kind_of_other(content: bytes) -> Fault:
    """Return what a file is that none of our formats can read."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!")) and b"<svg" in start):
        return Fault.SVG
    if content[4:8] == b"ftyp":
        return Fault.HEIC if content[8:12] in HEIC_BRANDS else Fault.OTHER_KIND
    if content.startswith((b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0")):
        return Fault.OTHER_KIND
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or content[8:12] == b"WEBP":
        return Fault.BROKEN
    return Fault.NO_IMAGE


def _in_our_colors(image: Image.Image) -> Image.Image:
    """Return the picture in the web's colors: a phone's wider ones look dull without their profile."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of gray
        image = image.convert("I").point([value >> 8 for value in range(65536)], "L")
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ours = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, ours, outputMode="RGB") or image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _without_alpha(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _encoded(image: Image.Image) -> Prepared:
    """Return the pixels alone as WebP: a new picture has none of the old one's metadata."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=QUALITY, method=4)
    return Prepared(written.getvalue(), bare.width, bare.height)
