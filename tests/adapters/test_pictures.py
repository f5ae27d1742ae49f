"""A picture is drawn anew from its pixels; whatever else a file is, or pretends to be, stays outside."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ideas_app.adapters import pictures
from ideas_app.adapters.pictures import PictureError, draw_anew

SECRET = b"37.9677N 126.7366E"


def file_of(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **more: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, "navy" if mode in {"RGB", "RGBA"} else 0).save(target, kind, **more)
    return target.getvalue()


def seen(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        draw_anew(data)
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_usual_kinds_become_webp_in_two_sizes(kind: str) -> None:
    picture = draw_anew(file_of(kind, (1700, 340)))
    assert (picture.width, picture.height) == (1600, 320)
    assert (picture.small_width, picture.small_height) == (480, 96)
    for data, size in ((picture.image, (1600, 320)), (picture.small, (480, 96))):
        assert (seen(data).format, seen(data).size) == ("WEBP", size)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
def test_colours_of_every_kind_are_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert draw_anew(file_of(kind, mode=mode)).width == 64


def test_a_picture_is_turned_as_the_camera_held_it_and_never_blown_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    picture = draw_anew(file_of("JPEG", (80, 40), exif=exif))
    assert (picture.width, picture.height) == (40, 80)


def test_nothing_but_the_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"  # the place
    for kind, more in (
        ("JPEG", {"comment": SECRET, "exif": exif}),
        ("WEBP", {"exif": exif, "xmp": SECRET, "icc_profile": SECRET}),
        ("PNG", {"exif": exif}),
    ):
        data = file_of(kind, **more)
        assert SECRET in data, kind
        picture = draw_anew(data)
        for made in (picture.image, picture.small):
            assert SECRET not in made
            assert not seen(made).getexif()
            assert not {"exif", "xmp", "icc_profile"} & set(seen(made).info)


def test_a_second_file_behind_the_first_does_not_come_along() -> None:
    polyglot = file_of("JPEG") + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in draw_anew(polyglot).image


def test_a_phone_s_second_frame_is_no_animation() -> None:
    target = io.BytesIO()
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("navy", "gold")]
    frames[0].save(target, "MPO", save_all=True, append_images=frames[1:])
    assert draw_anew(target.getvalue()).width == 64


def test_what_moves_is_refused() -> None:
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("navy", "gold")]
    for kind in ("WEBP", "PNG"):
        target = io.BytesIO()
        frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=100)
        assert refusal(target.getvalue()) == "animated"


@pytest.mark.parametrize(
    "data",
    [
        file_of("GIF"),
        file_of("BMP"),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"%PDF-1.7",
        b"RIFF....WAVEfmt ",
        b"\x00" * 64,
    ],
)
def test_a_kind_is_told_by_the_content_whatever_the_name_says(data: bytes) -> None:
    assert refusal(data) == "unknown_kind"


def test_what_is_empty_too_large_or_too_small_is_refused() -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"\xff\xd8\xff" + b"\x00" * pictures.MAX_BYTES) == "too_large"
    assert refusal(file_of("PNG", (4, 400))) == "too_small"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_bomb_is_refused_before_a_pixel_is_drawn(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object) -> None:
        pytest.fail("a pixel was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999))
    assert refusal(bomb + chunk(b"IEND", b"")) == "too_many_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_broken(kind: str) -> None:
    data = file_of(kind, (300, 300))
    assert refusal(data[: len(data) // 2]) == "broken"


WHOLE = {kind: file_of(kind, (40, 40)) for kind in ("JPEG", "PNG", "WEBP")}


def outcome_of(data: bytes) -> str:
    try:
        draw_anew(data)
    except PictureError as error:
        return error.code
    return "drawn"


@pytest.mark.filterwarnings("ignore")  # what Pillow says of a spoilt file while it reads it
@settings(max_examples=40)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_spoilt_file_is_a_picture_or_a_refusal_and_nothing_else(
    kind: str, data: st.DataObject
) -> None:
    spoilt = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    known = {"drawn", "broken", "unknown_kind", "too_many_pixels", "too_small", "animated"}
    assert outcome_of(bytes(spoilt)) in known
