"""Small drawings that stand in the demonstration where a department would send a photograph.

Must not show anybody, nor carry words: those stand beside it, in the step and in its description.
"""

from __future__ import annotations

from ideas_app.adapters.pictures import draw_sheet

_INK, _SEA, _SUN, _PAPER, _SKY = "#052b57", "#256ef4", "#ffb114", "#ffffff", "#dce8ff"


def draw(name: str) -> bytes:
    """A drawing as a PNG file. Raises `KeyError` for a name that nobody drew."""
    return {"timetable": _timetable}[name]()


def _timetable() -> bytes:
    """A bus stop at night: the pole, the sign, and a sheet with four departures."""
    boxes = [
        ((0, 430, 800, 500), "#38507a"),
        ((150, 60, 166, 440), _PAPER),
        ((96, 40, 220, 120), _SEA),
        ((116, 62, 200, 98), _PAPER),
        ((300, 50, 700, 420), _PAPER),
        ((300, 50, 700, 116), _SUN),
        ((330, 72, 520, 94), _INK),
    ]
    for row in range(4):
        top = 146 + row * 66
        boxes += [
            ((330, top, 440, top + 40), _SKY),
            ((346, top + 12, 424, top + 28), _INK),
            ((470, top + 12, 640 - row * 24, top + 28), _SEA),
        ]
    return draw_sheet((800, 500), "#0a1f44", boxes)
