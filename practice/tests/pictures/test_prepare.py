"""A picture is shown upright and tells nothing but itself; what is no picture is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from practice.pictures.engine import prepare
from practice.pictures.engine.prepare import Fault, NotAPicture
from practice.tests.pictures.samples import (
    CAMERA,
    SVG,
    encoded,
    from_a_phone,
    halves,
    heic,
    moving,
    png_that_says,
)

RED, BLUE = (255, 0, 0), (0, 0, 255)


def opened(picture: prepare.Prepared) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


def is_near(seen: object, color: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 40 for one, other in zip(seen[:3], color, strict=True))


REFUSED = {
    "nothing": (b"", Fault.EMPTY),
    "a text": (b"Dear Tess, here is my photo.", Fault.NO_IMAGE),
    "a PDF": (b"%PDF-1.7\n" + b"0" * 400, Fault.NO_IMAGE),
    "a program": (b"MZ" + b"\x90\0" * 400, Fault.NO_IMAGE),
    "a page called .jpg": (b"<!doctype html><script>alert(1)</script>", Fault.NO_IMAGE),
    "an SVG": (SVG, Fault.SVG),
    "an SVG without a header": (b"\n <svg onload='alert(1)'/>", Fault.SVG),
    "a photo of an iPhone": (heic(), Fault.HEIC),
    "an animated GIF": (moving("GIF"), Fault.OTHER_KIND),
    "a BMP": (encoded(halves(), "BMP"), Fault.OTHER_KIND),
    "a TIFF": (encoded(halves(), "TIFF"), Fault.OTHER_KIND),
    "half a JPEG": (from_a_phone()[:1500], Fault.BROKEN),
    "half a PNG": (encoded(halves(), "PNG")[:300], Fault.BROKEN),
    "half a WebP": (encoded(halves(), "WEBP")[:200], Fault.BROKEN),
    "the start of a JPEG": (b"\xff\xd8\xff\xe0", Fault.BROKEN),
    "a PNG of lies": (png_that_says(400, 400), Fault.BROKEN),
    "a bomb": (png_that_says(6000, 6000), Fault.PIXELS),
    "a bomb that Pillow itself refuses": (png_that_says(60000, 60000), Fault.PIXELS),
    "too many bytes": (from_a_phone() + b"\0" * prepare.MOST_BYTES, Fault.BYTES),
    "a stamp": (encoded(halves(size=(20, 20)), "PNG"), Fault.SMALL),
}


@pytest.mark.parametrize(("content", "fault"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_is_refused_for_its_own_reason(content: bytes, fault: Fault) -> None:
    for take in (prepare.photo, prepare.logo):
        with pytest.raises(NotAPicture) as refused:
            take(content)
        assert refused.value.fault is fault


def test_nothing_of_a_bomb_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(self: Image.Image) -> None:
        raise AssertionError("decoded before its size was judged")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", unpacked)
    with pytest.raises(NotAPicture, match=Fault.PIXELS):
        prepare.photo(png_that_says(6000, 6000))


def test_the_place_the_camera_and_the_comment_are_gone() -> None:
    sent = from_a_phone()
    assert CAMERA.encode() in sent
    for picture in (*prepare.photo(sent), prepare.logo(sent)):
        seen = opened(picture)
        assert not dict(seen.getexif())
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(seen.info)
        assert CAMERA.encode() not in picture.content
        assert b"Denver" not in picture.content


def test_what_hides_behind_a_picture_is_gone() -> None:
    hidden = encoded(halves(), "PNG") + b"<script>alert(1)</script>"
    assert all(b"script" not in one.content for one in (*prepare.photo(hidden), prepare.logo(hidden)))


@pytest.mark.parametrize(
    ("turned", "top", "bottom"),
    [(6, RED, BLUE), (8, BLUE, RED)],
)
def test_a_photo_that_lies_on_its_side_is_shown_upright(turned: int, top: object, bottom: object) -> None:
    seen = opened(prepare.photo(from_a_phone(turned=turned))[-1]).convert("RGB")
    assert is_near(seen.getpixel((256, 20)), top)  # type: ignore[arg-type]
    assert is_near(seen.getpixel((256, 490)), bottom)  # type: ignore[arg-type]


def test_a_photo_is_a_square_in_both_sizes_and_never_stretched() -> None:
    small, large = (opened(one) for one in prepare.photo(encoded(halves(size=(1200, 300)), "JPEG")))
    assert (small.size, large.size, large.format) == ((192, 192), (512, 512), "WEBP")
    assert is_near(large.convert("RGB").getpixel((10, 256)), RED)
    assert is_near(large.convert("RGB").getpixel((500, 256)), BLUE)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_shown_and_nothing_moves(kind: str) -> None:
    seen = opened(prepare.photo(moving(kind))[0])
    assert getattr(seen, "n_frames", 1) == 1
    assert is_near(seen.convert("RGB").getpixel((90, 90)), RED)


def test_a_logo_keeps_what_is_see_through_and_its_shape() -> None:
    clear = Image.new("RGBA", (2000, 500), (0, 0, 0, 0))
    picture = prepare.logo(encoded(clear, "PNG"))
    assert (picture.width, picture.height) == (640, 160)
    assert opened(picture).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA", "RGB"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    assert len(prepare.photo(encoded(Image.new(mode, (200, 200)), "PNG"))) == 2


def test_a_jpeg_for_print_is_taken() -> None:
    seen = opened(prepare.photo(encoded(Image.new("CMYK", (200, 200), (0, 255, 255, 0)), "JPEG"))[0])
    assert is_near(seen.convert("RGB").getpixel((90, 90)), RED)
