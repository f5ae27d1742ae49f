"""Taking in the pictures of a step. Reading one takes a while: it is done before the transaction begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters import pictures as door
from ideas_app.answers.models import PromisePicture
from ideas_app.answers.rules.promises import ALT_MAX
from ideas_app.core import text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask_babel import LazyString

    from ideas_app.answers.models import PromiseStep


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, and what can be seen on it. `row` is its place in the form, from 0."""

    data: bytes
    alt: str
    row: int = 0


def draw_pictures(uploads: Sequence[Upload]) -> list[PromisePicture]:
    """The pictures of some files, drawn anew and not yet kept anywhere.

    Raises `Invalid` with every fault, each at `<row>-file` or `<row>-alt`: no picture without words.
    """
    drawn, faults = [], []
    for upload in uploads:
        alt = text.one_line(upload.alt)
        found = _alt_faults(alt)
        try:
            picture = door.draw_anew(upload.data)
        except door.PictureError as error:
            found.append(Fault("file", error.code, _words_of(error)))
        else:
            row = PromisePicture(
                alt=alt,
                digest=picture.digest,
                image=picture.image,
                width=picture.width,
                height=picture.height,
                small=picture.small,
                small_width=picture.small_width,
                small_height=picture.small_height,
            )
            drawn.append(row)
        faults += [Fault(f"{upload.row}-{one.field}", one.code, one.message) for one in found]
    if faults:
        raise Invalid(*faults)
    return drawn


def hang(step: PromiseStep, pictures: Sequence[PromisePicture]) -> None:
    """Puts pictures to a step."""
    session().flush()
    for picture in pictures:
        picture.step_id = step.id
        session().add(picture)
    session().flush()


def _alt_faults(alt: str) -> list[Fault]:
    if not alt:
        message = _l("Say what can be seen on the picture, for those who cannot see it.")
        return [Fault("alt", "alt_missing", message)]
    if text.length(alt) > ALT_MAX:
        return [
            Fault("alt", "too_long", _l("Too long: at most %(most)s characters.", most=ALT_MAX))
        ]
    return []


def _words_of(error: door.PictureError) -> LazyString:
    words = {
        "empty": _l("This file is empty. Choose it again."),
        "too_large": _l("This file is too large: at most %(limit)s MB.", **error.values),
        "unknown_kind": _l("This is no JPEG, PNG or WebP picture. Save it as one of them."),
        "animated": _l("This picture moves. Choose one that stands still."),
        "too_many_pixels": _l(
            "This picture has too many pixels: at most %(limit)s million.", **error.values
        ),
        "too_small": _l(
            "This picture is too small: at least %(limit)s pixels a side.", **error.values
        ),
    }
    return words.get(
        error.code, _l("This picture cannot be read: the file is damaged. Choose another.")
    )
