"""Blocks as the paragraphs and tables of HWPX. Must not know files, templates or what is written.

The library would need seconds for a table of a page. Source: KS X 6101 (OWPML), section parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ideas_app.adapters.formats import printable
from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import etree

    from ideas_app.adapters.formats.blocks import Block, Document, Entries, Facts, Grid
else:
    etree = later("lxml.etree")

HP: Final = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"


class Writer:
    """Blocks as paragraphs and tables of the format. `width`: between the margins, in hundredths of a point;
    `is_dense`: small letters in tables, for pages laid across.
    """

    def __init__(self, styles: dict[str, str], width: int, *, is_dense: bool) -> None:
        self.styles = styles
        self.width = width
        self.cell, self.cell_head = ("tiny", "tiny-head") if is_dense else ("cell", "cell-head")
        self.tables = 0
        self.breaks = False

    def write_title(self, document: Document) -> Iterator[etree._Element]:
        """The title and the line under it."""
        yield self.paragraph(document.title, "title", "text")
        if document.about:
            yield self.paragraph(document.about, "small", "text")

    def write(self, blocks: Iterable[Block]) -> Iterator[etree._Element]:
        """The paragraphs and tables of blocks, in their order; pictures are left out."""
        for block in blocks:
            if block.kind == "break":
                self.breaks = True
            elif block.kind == "heading":
                yield self.paragraph(block.text, f"head{min(block.level, 2)}", "head")  # type: ignore[union-attr]
            elif block.kind == "paragraph":
                kind = "small" if block.is_small else "plain"  # type: ignore[union-attr]
                for line in printable(block.text).split("\n"):  # type: ignore[union-attr]
                    yield self.paragraph(line, kind, "text")
            elif block.kind == "code":
                yield self.paragraph(block.text, "small", "text")  # type: ignore[union-attr]
            elif block.kind == "facts":
                yield self.facts(block)  # type: ignore[arg-type]
            elif block.kind == "entries":
                yield from self.entries(block)  # type: ignore[arg-type]
            elif block.kind == "grid":
                yield from self.grid(block)  # type: ignore[arg-type]

    def facts(self, block: Facts) -> etree._Element:
        """Pairs as a table without a head."""
        return self.table(block.pairs, (1, 3), heads=0, first_is_head=True)

    def entries(self, block: Entries) -> Iterator[etree._Element]:
        """Lines of a numbered list with their sentences."""
        for entry in block.entries:
            first = " ".join(part for part in (entry.mark, entry.title) if part)
            aside = f" ({entry.aside})" if entry.aside else ""
            yield self.paragraph(first + aside, "strong", "left")
            for line in entry.lines:
                yield self.paragraph(line, "small", "text")

    def grid(self, block: Grid) -> Iterator[etree._Element]:
        """A table with its caption above it."""
        yield self.paragraph(block.caption, "strong", "left")
        shares = tuple(share or 2 for share in block.widths) or (1,) * len(block.head)
        yield self.table((block.head, *block.rows), shares, heads=1, numeric=block.numeric)

    def paragraph(self, text: str, kind: str, place: str) -> etree._Element:
        """A paragraph; a line end within it begins a new line."""
        found = etree.Element(
            f"{HP}p",
            id="0",
            paraPrIDRef=self.styles[f"para-{place}"],
            styleIDRef="0",
            pageBreak="1" if self.breaks else "0",
            columnBreak="0",
            merged="0",
        )
        self.breaks = False
        run = etree.SubElement(found, f"{HP}run", charPrIDRef=self.styles[f"char-{kind}"])
        words = etree.SubElement(run, f"{HP}t")
        first, *others = printable(text).replace("\t", " ").split("\n")
        words.text = first
        for line in others:
            etree.SubElement(words, f"{HP}lineBreak").tail = line
        return found

    def table(
        self,
        rows: Sequence[Sequence[str]],
        shares: Sequence[int],
        *,
        heads: int,
        numeric: Sequence[int] = (),
        first_is_head: bool = False,
    ) -> etree._Element:
        """A table as wide as the page in a paragraph of its own; its head comes again on each page."""
        whole = sum(shares)
        widths = [self.width * share // whole for share in shares]
        self.tables += 1
        around = self.paragraph("", "plain", "text")
        run = around[0]
        run.remove(run[0])
        table = etree.SubElement(
            run, f"{HP}tbl", id=str(self.tables), zOrder="0", numberingType="TABLE",
            textWrap="TOP_AND_BOTTOM", textFlow="BOTH_SIDES", lock="0", dropcapstyle="None",
            pageBreak="CELL", repeatHeader="1", rowCnt=str(len(rows)), colCnt=str(len(widths)),
            cellSpacing="0", borderFillIDRef=self.styles["border-body"], noAdjust="0",
        )  # fmt: skip
        etree.SubElement(
            table, f"{HP}sz", width=str(sum(widths)), widthRelTo="ABSOLUTE",
            height=str(_ROW * len(rows)), heightRelTo="ABSOLUTE", protect="0",
        )  # fmt: skip
        etree.SubElement(
            table, f"{HP}pos", treatAsChar="0", affectLSpacing="0", flowWithText="1",
            allowOverlap="0", holdAnchorAndSO="0", vertRelTo="PARA", horzRelTo="COLUMN",
            vertAlign="TOP", horzAlign="LEFT", vertOffset="0", horzOffset="0",
        )  # fmt: skip
        _sides(table, "outMargin", 0, 0, 0, 283)
        _sides(table, "inMargin", *_PADDING)
        for row, cells in enumerate(rows):
            line = etree.SubElement(table, f"{HP}tr")
            for column, text in enumerate(cells):
                is_head = row < heads or (first_is_head and column == 0)
                is_number = column in numeric and row >= heads
                at = (row, column, widths[column])
                line.append(self.box(text, at, is_head=is_head, is_number=is_number))
        return around

    def box(
        self, text: str, at: tuple[int, int, int], *, is_head: bool, is_number: bool
    ) -> etree._Element:
        """One cell; `at`: its row, its column, its width."""
        row, column, width = at
        box = etree.Element(
            f"{HP}tc", name="", header="1" if is_head else "0", hasMargin="0", protect="0",
            editable="0", dirty="0",
            borderFillIDRef=self.styles["border-head" if is_head else "border-body"],
        )  # fmt: skip
        inside = etree.SubElement(
            box, f"{HP}subList", id="", textDirection="HORIZONTAL", lineWrap="BREAK",
            vertAlign="CENTER", linkListIDRef="0", linkListNextIDRef="0", textWidth="0",
            textHeight="0", hasTextRef="0", hasNumRef="0",
        )  # fmt: skip
        kind = self.cell_head if is_head else self.cell
        inside.append(self.paragraph(text, kind, "right" if is_number else "left"))
        etree.SubElement(box, f"{HP}cellAddr", colAddr=str(column), rowAddr=str(row))
        etree.SubElement(box, f"{HP}cellSpan", colSpan="1", rowSpan="1")
        etree.SubElement(box, f"{HP}cellSz", width=str(width), height=str(_ROW))
        _sides(box, "cellMargin", *_PADDING)
        return box


_ROW = 1600
"""The least height of a row, in hundredths of a point."""
_PADDING = (510, 510, 180, 180)


def _sides(parent: etree._Element, name: str, left: int, right: int, top: int, below: int) -> None:
    etree.SubElement(
        parent, f"{HP}{name}", left=str(left), right=str(right), top=str(top), bottom=str(below)
    )
