"""The one door to segno: a text becomes a QR code as an SVG that may stand in a page under the strict policy.

Must not know what the text is.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ideas_app.core.later import later

if TYPE_CHECKING:
    import segno
else:
    segno = later("segno")


def draw(text: str, *, title: str) -> str:
    """The SVG of a QR code, black on white with its quiet zone, `title` as its name for those who
    do not see it. No style, no script: geometry and colours in attributes.
    """
    code = segno.make(text, micro=False, error="m")
    return str(code.svg_inline(scale=6, dark="#000", light="#fff", title=title, omitsize=True))


def draw_file(text: str) -> str:
    """The same as an SVG file of its own, for documents that hold pictures by their bytes."""
    code = segno.make(text, micro=False, error="m")
    target = io.BytesIO()
    code.save(target, kind="svg", scale=6, dark="#000", light="#fff", xmldecl=False)
    return target.getvalue().decode()
