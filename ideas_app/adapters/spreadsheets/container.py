"""What stands between an unknown XLSX file and its parser: a bounded look at the archive and at
every XML part.

`open_parts` gives only parts that were read whole and scanned; `repack` makes a new archive of
them, so that the parser cannot see anything that this scan did not. Must not know what a sheet
means. Sources: ECMA-376 part 1 (SpreadsheetML), part 2 (packages); ASVS 5.2.3.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.parsers import expat

from ideas_app.adapters.spreadsheets.limits import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_PARTS,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED,
    RATIO_FROM,
    SpreadsheetError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    zlib.error,
)
_NOT_NEEDED = re.compile(
    r"^(docprops|customxml|xl/(theme|drawings|media|charts|comments|persons|threadedcomments|externallinks|pivot"
    r"|tables|calcchain|printersettings|ctrlprops|activex|vba|slicer|querytables|richdata))",
)
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
_CHUNK = 1 << 16
_FREQUENT = frozenset({"c", "v", "row", "t", "is", "si"})
"""Elements that announce no count; leaving them out keeps the walk fast."""
_COUNT_DIGITS = len(str(MAX_CELLS))


def open_parts(data: bytes) -> dict[str, bytes]:
    """The XML parts of a workbook by name, each scanned.

    Raises `SpreadsheetError` (broken_file, encrypted, too_many_parts, unpacks_too_large,
    not_a_workbook, doctype, too_many_rows, too_many_columns, too_many_cells, cell_too_long).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check_archive(infos, len(data))
            parts = {info.filename: _read_part(archive, info) for info in _needed(infos)}
    except _BROKEN as error:
        raise SpreadsheetError("broken_file", "the archive cannot be read") from error
    _Scan().run(parts)
    return parts


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    """A new archive of these parts alone, not compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def _check_archive(infos: list[zipfile.ZipInfo], packed: int) -> None:
    if len(infos) > MAX_PARTS:
        raise SpreadsheetError("too_many_parts", "too many entries", limit=MAX_PARTS)
    names = [info.filename.lower() for info in infos]
    if any(info.flag_bits & 0x1 for info in infos):
        raise SpreadsheetError("encrypted", "an encrypted archive")
    if len(set(names)) < len(names) or any("\\" in name or ".." in name for name in names):
        # Two readers could take two different parts for the same one.
        raise SpreadsheetError("broken_file", "doubtful names of entries")
    if "xl/workbook.xml" not in names:
        raise SpreadsheetError("not_a_workbook", "no xl/workbook.xml")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed):
        raise SpreadsheetError(
            "unpacks_too_large", "unpacks too large", limit=MAX_UNPACKED // 1_000_000
        )


def _needed(infos: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return [
        info
        for info in infos
        if info.filename.lower().endswith((".xml", ".rels"))
        and not _NOT_NEEDED.match(info.filename.lower())
    ]


def _read_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as stream:
        return stream.read(info.file_size)


class _Scan:
    """One walk over all parts: counts what a parser would have to hold, and refuses before it has
    to.
    """

    def __init__(self) -> None:
        self.elements = 0
        self.cells = 0
        self.characters = 0
        self.lengths: list[int] = []
        """Of the shared strings, in their order: one long text may stand in many cells."""

    def run(self, parts: dict[str, bytes]) -> None:
        shared_first = sorted(
            parts, key=lambda name: not name.lower().endswith("sharedstrings.xml")
        )
        for place, name in enumerate(shared_first):
            part = _Part(self, name, may_share=place == 0)
            part.scan(parts[name])


class _Part:
    """The scan of one part. Positions are counted as readers do: an absent reference is the next
    one.
    """

    def __init__(self, whole: _Scan, name: str, *, may_share: bool) -> None:
        self.whole = whole
        self.name = name.rpartition("/")[2].rpartition(".")[0]
        self.may_share = may_share
        self.depth = 0
        self.row = 0
        self.column = 0
        self.bottom = 0
        self.right = 0
        self.shared = False
        self.in_value = False
        self.in_string = False
        self.value: list[str] = []

    def scan(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self.doctype
        try:
            for start in range(0, len(content), _CHUNK):
                parser.Parse(content[start : start + _CHUNK], False)  # noqa: FBT003  # expat takes no name here
            parser.Parse(b"", True)  # noqa: FBT003  # as above
        except (expat.ExpatError, ValueError, LookupError, TypeError) as error:
            # The last two: an encoding that does not exist, or is none.
            raise SpreadsheetError("broken_file", "a part is not well-formed") from error

    def doctype(self, *_: object) -> None:
        raise SpreadsheetError("doctype", "a document type declaration")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.whole.elements += 1
        if self.depth > MAX_DEPTH or self.whole.elements > MAX_ELEMENTS:
            raise SpreadsheetError(
                "unpacks_too_large", "too many elements", limit=MAX_UNPACKED // 1_000_000
            )
        local = name.rpartition(":")[2]
        if local == "c":
            self.begin_cell(attributes)
        elif local in {"v", "is"}:
            self.in_value = local == "v"
            self.value.clear()
            self.use_cell()
        elif local == "row":
            number = attributes.get("r")
            self.row = int(number[:8]) if number else self.row + 1
            self.column = 0
        elif local == "si":
            self.whole.lengths.append(0)
            self.in_string = True
        elif local == "sst" and not self.may_share:
            raise SpreadsheetError("broken_file", "shared strings in an unusual place")
        if attributes and local not in _FREQUENT:
            _check_counts(attributes)

    def begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            match = _REFERENCE.match(reference)
            if match is None:
                raise SpreadsheetError("broken_file", "a cell reference that is none")
            self.column, self.row = _column_number(match[1]), int(match[2])
        else:
            self.column += 1
        self.shared = attributes.get("t") == "s"

    def use_cell(self) -> None:
        whole = self.whole
        whole.cells += 1
        self.bottom = max(self.bottom, self.row)
        self.right = max(self.right, self.column)
        if self.bottom > MAX_ROWS:
            raise SpreadsheetError(
                "too_many_rows", "too many rows", limit=MAX_ROWS, sheet=self.name
            )
        if self.right > MAX_COLUMNS:
            raise SpreadsheetError(
                "too_many_columns", "too many columns", limit=MAX_COLUMNS, sheet=self.name
            )
        if whole.cells > MAX_CELLS or self.bottom * self.right > MAX_CELLS:
            raise SpreadsheetError(
                "too_many_cells", "too many cells", limit=MAX_CELLS, sheet=self.name
            )

    def text(self, text: str) -> None:
        if self.in_string:
            self.whole.lengths[-1] += len(text)
        elif self.in_value and self.shared:
            self.value.append(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        local = name.rpartition(":")[2]
        if local == "v":
            self.in_value = False
            if self.shared:
                self.use_shared("".join(self.value))
        elif local == "si":
            self.in_string = False

    def use_shared(self, index: str) -> None:
        place = int(index[:10])
        if not 0 <= place < len(self.whole.lengths):
            raise SpreadsheetError("broken_file", "a shared string that does not exist")
        length = self.whole.lengths[place]
        self.whole.characters += length
        if length > MAX_CELL:
            raise SpreadsheetError(
                "cell_too_long", "a cell is too long", limit=MAX_CELL, row=self.row, sheet=self.name
            )
        if self.whole.characters > MAX_UNPACKED:
            raise SpreadsheetError(
                "unpacks_too_large", "too much text", limit=MAX_UNPACKED // 1_000_000
            )


def _check_counts(attributes: dict[str, str]) -> None:
    """Refuses announced counts that no bounded file can hold.

    The parser reserves memory for them unseen: `uniqueCount="4000000000"` ends the whole process.
    """
    for name, value in attributes.items():
        if name.lower().endswith("count") and len(value) > _COUNT_DIGITS:
            raise SpreadsheetError("broken_file", "an announced count that cannot be true")


def _column_number(letters: str) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
