"""Pictures of words: what social networks show beside a link. 1200 x 630 pixels, PNG.

Lines break between words, as Korean is set; a word that is too long is broken anywhere. A sign that the
font cannot draw is left out, so that no box stands in its place. Must not know what a card is about.
"""

from __future__ import annotations

import io
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ideas_app.core.later import later

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont
else:
    Image, ImageDraw, ImageFont = later("PIL.Image"), later("PIL.ImageDraw"), later("PIL.ImageFont")

WIDTH: Final = 1200
HEIGHT: Final = 630
_MARGIN: Final = 80
_BAND: Final = 18
_FONTS = Path(__file__).parent.parent / "fonts"
_SIZES: Final = ((88, 2), (72, 3), (60, 4), (50, 5))
"""Sizes of a title in pixels, each with the lines that it may take; the largest that fits is taken."""
_INK, _MUTED, _PAPER, _RULE = "#031f3f", "#464c53", "#fffdf8", "#e4e3de"


def draw_card(*, label: str, title: str, facts: tuple[str, ...], house: str, colour: str) -> bytes:
    """The picture. `colour`: of the band and the label, as `#rrggbb`; it must be dark enough for white paper."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, WIDTH, _BAND), fill=colour)
    room = WIDTH - 2 * _MARGIN
    small = _font("Bold", 34)
    pen.text((_MARGIN, 66), _cut(_clean(label, small), small, room), font=small, fill=colour)
    _draw_title(pen, title, room)
    pen.line((_MARGIN, 500, WIDTH - _MARGIN, 500), fill=_RULE, width=3)
    plain = _font("Regular", 34)
    name = _cut(_clean(house, small), small, room)
    pen.text((_MARGIN, 532), name, font=small, fill=_INK)
    left = room - small.getlength(name) - 40
    said = _cut(_clean(" · ".join(facts), plain), plain, left)
    pen.text((WIDTH - _MARGIN - plain.getlength(said), 532), said, font=plain, fill=_MUTED)
    target = io.BytesIO()
    # few colours: a quarter of the bytes, and nobody sees it
    sheet.quantize(64, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def _draw_title(pen: ImageDraw.ImageDraw, title: str, room: int) -> None:
    for size, most in _SIZES:
        font = _font("Bold", size)
        lines = _lines(_clean(title, font), font, room)
        if len(lines) <= most:
            break
    else:
        lines = [*lines[: most - 1], _cut(f"{lines[most - 1]} {lines[most]}", font, room)]
    step = round(size * 1.28)
    top = 146 + (330 - step * len(lines)) // 2
    for number, line in enumerate(lines):
        pen.text((_MARGIN, top + number * step), line, font=font, fill=_INK)


def _lines(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    lines = [""]
    for word in text.split():
        wider = f"{lines[-1]} {word}".strip()
        if font.getlength(wider) <= room:
            lines[-1] = wider
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if font.getlength(lines[-1] + sign) > room:
                lines.append("")
            lines[-1] += sign
    return lines


def _cut(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """The text, shortened with dots where it is too long."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _clean(text: str, font: ImageFont.FreeTypeFont) -> str:
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join("".join(sign for sign in composed if _is_drawn(sign, font)).split())


@lru_cache(maxsize=4096)
def _is_drawn(sign: str, font: ImageFont.FreeTypeFont) -> bool:
    """Whether the font has a glyph for a sign."""
    return sign == " " or _glyph(sign, font) != _glyph("\uffff", font)


def _glyph(sign: str, font: ImageFont.FreeTypeFont) -> bytes:
    mask = font.getmask(sign)
    return bytes(mask) + repr(mask.size).encode()


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / f"Pretendard-{weight}.otf"), size)
