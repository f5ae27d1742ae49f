"""The one door to Pillow: an unknown file becomes a picture of our own making, or is refused with a reason.

What comes out is WebP drawn anew from the pixels, so nothing else of the file survives: no place of the
camera, no name, no second file hidden behind the first. Must not know what a picture is for.

Codes of refusal: empty, too_large (limit MB), unknown_kind, animated, too_many_pixels (limit megapixels),
too_small (limit pixels), broken.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PIL import Image, ImageDraw, ImageOps
else:
    Image, ImageDraw, ImageOps = later("PIL.Image"), later("PIL.ImageDraw"), later("PIL.ImageOps")

MAX_BYTES: Final = 10_000_000
MAX_PIXELS: Final = 50_000_000
"""Asked of the file's head, before a pixel is decoded: some 200 MB when unpacked."""
MIN_SIDE: Final = 16
LONGEST: Final = 1600
"""Pixels of the longer side at most; a small picture is never blown up."""
SMALL: Final = 480
"""The same of the small picture that stands in lists."""
_QUALITY: Final = 82

_KINDS: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("JPEG", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("PNG", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ("WEBP", lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
)
_BROKEN = (
    OSError,
    SyntaxError,  # so does Pillow call a PNG that is not in order
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    MemoryError,
    OverflowError,
    struct.error,
    zlib.error,
)


class PictureError(Exception):
    """A file that is no picture for us: `code`, and the named `values` of its text."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew, in two sizes, both WebP. `digest` is the SHA-256 of `image` in hex."""

    image: bytes
    width: int
    height: int
    small: bytes
    small_width: int
    small_height: int

    @property
    def digest(self) -> str:
        """What names it: the same file drawn twice has the same."""
        return hashlib.sha256(self.image).hexdigest()


def draw_anew(data: bytes) -> Picture:
    """The picture in a JPEG, PNG or WebP file, told by its content and never by its name.

    Turned as the camera held it, at most `LONGEST` pixels long. Raises `PictureError`.
    """
    if not data:
        raise PictureError("empty")
    if len(data) > MAX_BYTES:
        raise PictureError("too_large", limit=MAX_BYTES // 1_000_000)
    kind = next((name for name, fits in _KINDS if fits(data[:12])), None)
    if kind is None:
        raise PictureError("unknown_kind")
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as opened:
            pixels = _pixels_of(opened, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PictureError("too_many_pixels", limit=MAX_PIXELS // 1_000_000) from bomb
    except _BROKEN as fault:
        raise PictureError("broken") from fault
    return _encode(pixels)


def _pixels_of(opened: Image.Image, kind: str) -> Image.Image:
    """The pixels alone, upright, in RGB or RGBA and no larger than needed."""
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise PictureError("too_many_pixels", limit=MAX_PIXELS // 1_000_000)
    if min(width, height) < MIN_SIDE:
        raise PictureError("too_small", limit=MIN_SIDE)
    # phones keep a second frame (depth, HDR) in a JPEG: that is no animation, and the first is taken
    if kind != "JPEG" and getattr(opened, "n_frames", 1) > 1:
        raise PictureError("animated")
    if kind == "JPEG":
        opened.draft("RGB", (LONGEST, LONGEST))
    opened.load()
    upright = _upright(opened)
    has_holes = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_holes else "RGB")
    plain.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    # a new sheet: what Pillow carries along beside the pixels (EXIF, XMP, colour profile) stays behind
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _upright(opened: Image.Image) -> Image.Image:
    """Turned as the camera held it; a file whose turning cannot be read stays as it lies."""
    try:
        return ImageOps.exif_transpose(opened)
    except _BROKEN:
        return opened


def _encode(pixels: Image.Image) -> Picture:
    small = pixels.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return Picture(
        image=_webp(pixels),
        width=pixels.width,
        height=pixels.height,
        small=_webp(small),
        small_width=small.width,
        small_height=small.height,
    )


def _webp(pixels: Image.Image) -> bytes:
    target = io.BytesIO()
    pixels.save(target, "WEBP", quality=_QUALITY, method=4)
    return target.getvalue()


def draw_sheet(
    size: tuple[int, int],
    paper: str,
    boxes: Iterable[tuple[tuple[int, int, int, int], str]],
) -> bytes:
    """A plain drawing of coloured boxes (left, top, right, bottom) as a PNG file: for demonstrations, where
    a photograph would show somebody's face.
    """
    sheet = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(sheet)
    for box, colour in boxes:
        pen.rounded_rectangle(box, radius=6, fill=colour)
    target = io.BytesIO()
    sheet.save(target, "PNG")
    return target.getvalue()
