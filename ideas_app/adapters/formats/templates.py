"""What stands between an unknown HWPX file and its use as the centre's form: a bounded look at the
archive and at every XML part, before any reader lays it out.

Must not know who uploads it. Codes of the error: empty_file, file_too_large (limit MB), old_hwp,
not_hwpx, encrypted, unpacks_too_large (limit MB), doctype, no_body. Sources: KS X 6101
(OWPML), ASVS 5.2.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from ideas_app.adapters.formats.hwpx import (
    HEADER,
    PROPERTIES,
    SECTION,
    has_place_for_body,
    prepare,
)

MAX_BYTES: Final = 2_000_000
MAX_UNPACKED: Final = 20_000_000
MAX_PARTS: Final = 200
MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 200_000
_OLD = b"\xd0\xcf\x11\xe0"
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error)


class TemplateError(Exception):
    """A file that cannot be a template: `code`, and `limit` where one was passed."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


def check_template(data: bytes) -> None:
    """Raises `TemplateError` for a file that is no HWPX, asks for too much, fetches something,
    or has no place for the body.
    """
    if not data:
        raise TemplateError("empty_file")
    if len(data) > MAX_BYTES:
        raise TemplateError("file_too_large", MAX_BYTES // 1_000_000)
    if data.startswith(_OLD):
        raise TemplateError("old_hwp")
    parts = _read_parts(data)
    if parts.get("mimetype") != b"application/hwp+zip" or not {
        SECTION,
        HEADER,
        PROPERTIES,
    } <= set(parts):
        raise TemplateError("not_hwpx")
    for name, content in parts.items():
        if name.lower().endswith((".xml", ".hpf", ".rdf")):
            _scan(content)
    if not has_place_for_body(parts[SECTION]):
        raise TemplateError("no_body")
    _check_whole(data)


def _read_parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check_archive(infos)
            return {info.filename: archive.read(info) for info in infos}
    except (*_BROKEN, zlib.error) as error:
        raise TemplateError("not_hwpx") from error


def _check_archive(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename.lower() for info in infos]
    if any(info.flag_bits & 0x1 for info in infos):
        raise TemplateError("encrypted")
    doubtful = any("\\" in name or ".." in name or name.startswith("/") for name in names)
    if len(infos) > MAX_PARTS or len(set(names)) < len(names) or doubtful:
        raise TemplateError("not_hwpx")
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise TemplateError("unpacks_too_large", MAX_UNPACKED // 1_000_000)


def _scan(content: bytes) -> None:
    """Walks an XML part and refuses what a parser would have to hold or fetch."""
    depth = elements = 0
    parser = expat.ParserCreate()

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            raise TemplateError("not_hwpx")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_told: object) -> None:
        raise TemplateError("doctype")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)  # noqa: FBT003  # its own shape
    except expat.ExpatError as error:
        raise TemplateError("not_hwpx") from error


def _check_whole(data: bytes) -> None:
    """Has the library open it and save it again: what it cannot take, no document could be written into.

    Its schema check alone would be too strict: 한글 itself writes what that does not know.
    """
    try:
        prepare(data)
    except Exception as error:  # its errors are of many kinds, and all say: cannot be used
        raise TemplateError("not_hwpx") from error
