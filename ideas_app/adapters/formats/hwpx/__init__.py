"""The one door to python-hwpx: a document of plain blocks becomes a file that 한글 opens and edits.

The library gives the empty document with its styles, and reads and checks; paragraphs and tables come
from `writing`. A template of the centre may
stand in for the empty document: see `templates`. Pictures are left out, since a table stands behind each.
The same document gives the same bytes, and no name of a person stands in the file's properties.
Must not know what is written. Source: KS X 6101 (OWPML).
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from copy import deepcopy
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from ideas_app.adapters.formats import printable
from ideas_app.adapters.formats.hwpx.writing import HP, Writer
from ideas_app.core.later import later

if TYPE_CHECKING:
    from lxml import etree

    from ideas_app.adapters.formats.blocks import Document
else:
    etree = later("lxml.etree")

HH: Final = "{http://www.hancom.co.kr/hwpml/2011/head}"
HC: Final = "{http://www.hancom.co.kr/hwpml/2011/core}"
OPF: Final = "{http://www.idpf.org/2007/opf/}"
SECTION, HEADER, PROPERTIES = (
    "Contents/section0.xml",
    "Contents/header.xml",
    "Contents/content.hpf",
)
TITLE, ABOUT, BODY, FOOT = "{{제목}}", "{{소제목}}", "{{본문}}", "{{꼬리말}}"
PLACEHOLDERS: Final = (TITLE, ABOUT, BODY, FOOT)
"""What a template may hold; the body's must stand in a paragraph of its own."""
_CHARACTERS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "size": 18, "color": "#063a74"},
    "head1": {"bold": True, "size": 13, "color": "#063a74"},
    "head2": {"bold": True, "size": 11, "color": "#063a74"},
    "plain": {"size": 10, "color": "#1e2124"},
    "strong": {"bold": True, "size": 10, "color": "#1e2124"},
    "small": {"size": 9, "color": "#464c53"},
    "cell": {"size": 9, "color": "#1e2124"},
    "cell-head": {"bold": True, "size": 9, "color": "#1e2124"},
    "tiny": {"size": 7, "color": "#1e2124"},
    "tiny-head": {"bold": True, "size": 7, "color": "#1e2124"},
}
_PARAGRAPHS = {
    "left": ("LEFT", 0, 0),
    "right": ("RIGHT", 0, 0),
    "text": ("LEFT", 0, 600),
    "head": ("LEFT", 1400, 500),
}
"""Alignment, and the space before and after in hundredths of a point."""
_RANDOM = re.compile(r'(?<=\b(?:id|Id)=")\d{4,}(?=")|(?<=\bidRef=")\d{4,}(?=")')
_LEFT_OUT = ("scripts/", "preview/prvimage")
"""Parts of a template that go: what could run, and the picture of its own first page."""
_PLACEHOLDER = re.compile("|".join(re.escape(name) for name in PLACEHOLDERS))
_DAY_OF_ENTRIES = (1980, 1, 1, 0, 0, 0)


def write_hwpx(document: Document, template: bytes | None = None) -> bytes:
    """The file: in the centre's own form if a template is given that `check_template` passed."""
    parts = prepare(template) if template else dict(_blank(is_wide=document.is_wide))
    header = _parse(parts[HEADER])
    section = _parse(parts[SECTION])
    writer = Writer(_read_styles(header), _width_of(section), is_dense=document.is_wide)
    body = list(writer.write(document.blocks))
    if template:
        _fill(section, document, body, writer)
    else:
        _fill_words(section, {**_words_of(document), BODY: ""})
        section.extend([*writer.write_title(document), *body])
    parts[SECTION] = _dump(section)
    parts[PROPERTIES] = _described(parts[PROPERTIES], document)
    parts["Preview/PrvText.txt"] = printable(document.title).encode("utf-8")
    return _packed(_numbered(parts))


def read_markdown(data: bytes) -> str:
    """The text of a file with its tables as Markdown, as the library reads it."""
    from hwpx import HwpxDocument

    return str(HwpxDocument.open(data).text.markdown())


def has_place_for_body(section: bytes) -> bool:
    """Whether a paragraph of a section holds the body's placeholder."""
    root = _parse(section)
    return any(BODY in _own_text(paragraph) for paragraph in root.iter(f"{HP}p"))


def list_faults(data: bytes) -> list[str]:
    """What the library's own check says against a file; empty for a good one."""
    from hwpx import HwpxDocument

    return [str(issue) for issue in HwpxDocument.open(data).validate().issues]


@lru_cache(maxsize=2)
def _blank(*, is_wide: bool) -> dict[str, bytes]:
    """The parts of an empty document with our styles, a foot and page numbers."""
    from hwpx import HwpxDocument

    document = HwpxDocument.new()
    document.page.setup(
        orientation="landscape" if is_wide else "portrait",
        margins_mm={"left": 18, "right": 18, "top": 15, "bottom": 15},
    )
    document.page.set_footer(text=FOOT)
    return prepare(document.to_bytes())


def prepare(data: bytes) -> dict[str, bytes]:
    """The parts of a document after the kinds of characters, borders and paragraphs were added."""
    from hwpx import HwpxDocument

    document = HwpxDocument.open(data)
    characters = {name: document.styles.ensure_run(**how) for name, how in _CHARACTERS.items()}
    borders = {
        "head": document.styles.ensure_border_fill(fill_color="#E8EEF7"),
        "body": document.styles.ensure_border_fill(border_color="#BFBFBF"),
    }
    with zipfile.ZipFile(io.BytesIO(document.to_bytes())) as archive:
        parts = {
            name: archive.read(name)
            for name in archive.namelist()
            if not name.lower().startswith(_LEFT_OUT)
        }
    header = _parse(parts[HEADER])
    paragraphs = {name: _add_paragraph_kind(header, *how) for name, how in _PARAGRAPHS.items()}
    ids = {
        **{f"char-{name}": value for name, value in characters.items()},
        **{f"border-{name}": value for name, value in borders.items()},
        **{f"para-{name}": value for name, value in paragraphs.items()},
    }
    header.set("ours", " ".join(f"{name}={value}" for name, value in ids.items()))
    parts[HEADER] = etree.tostring(header, xml_declaration=True, encoding="UTF-8", standalone=True)
    return parts


def _read_styles(header: etree._Element) -> dict[str, str]:
    return dict(pair.split("=") for pair in str(header.get("ours")).split())


def _add_paragraph_kind(header: etree._Element, align: str, before: int, after: int) -> str:
    kinds = next(header.iter(f"{HH}paraProperties"))
    kind = deepcopy(kinds[0])
    kind.set("id", str(len(kinds)))
    next(kind.iter(f"{HH}align")).set("horizontal", align)
    for name, value in (("prev", before), ("next", after)):
        for place in kind.iter(f"{HC}{name}"):
            place.set("value", str(value))
    for heading in kind.iter(f"{HH}heading"):
        heading.set("type", "NONE")
    kinds.append(kind)
    kinds.set("itemCnt", str(len(kinds)))
    return str(kind.get("id"))


def _width_of(section: etree._Element) -> int:
    """The width between the margins, in hundredths of a point."""
    page = next(section.iter(f"{HP}pagePr"))
    width, height = int(page.get("width", 0)), int(page.get("height", 0))
    if page.get("landscape") == "NARROWLY":
        width = max(width, height)
    margin = next(page.iter(f"{HP}margin"))
    return width - int(margin.get("left", 0)) - int(margin.get("right", 0))


def _words_of(document: Document) -> dict[str, str]:
    return {TITLE: document.title, ABOUT: document.about, FOOT: document.foot}


def _fill(
    section: etree._Element, document: Document, body: list[etree._Element], writer: Writer
) -> None:
    """Puts the words and the body where the template says so. A working file's mark is never lost:
    a template without a foot gets it as its last line.
    """
    whole = "".join(section.itertext())
    if TITLE not in whole:
        body = [*writer.write_title(document), *body]
    if FOOT not in whole:
        body.append(writer.paragraph(document.foot, "small", "text"))
    holder = _find_innermost(section, BODY)
    # before the body comes in: what people wrote is never taken for a placeholder
    _fill_words(section, {**_words_of(document), BODY: ""})
    parent = holder.getparent()
    if parent is not None:
        place = parent.index(holder) + 1
        parent[place:place] = body


def _find_innermost(section: etree._Element, word: str) -> etree._Element:
    """The paragraph that holds a word itself, not in a table within it."""
    return next(each for each in section.iter(f"{HP}p") if word in _own_text(each))


def _own_text(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.findall(f"{HP}run/{HP}t"))


def _fill_words(section: etree._Element, words: dict[str, str]) -> None:
    for paragraph in section.iter(f"{HP}p"):
        _replace(paragraph, words)


def _replace(paragraph: etree._Element, words: dict[str, str]) -> None:
    """Replaces placeholders in a paragraph's own text; 한글 may have cut them over several runs."""
    texts = paragraph.findall(f"{HP}run/{HP}t")
    whole = _own_text(paragraph)
    if not _PLACEHOLDER.search(whole):
        return
    texts[0].text = _PLACEHOLDER.sub(lambda found: _one_line(words[found.group()]), whole)
    for text in texts[1:]:
        text.text = ""


def _one_line(text: str) -> str:
    return printable(text).replace("\n", " ")


def _described(properties: bytes, document: Document) -> bytes:
    """The properties with title, publisher and day of the data, and nothing else about anybody."""
    root = _parse(properties)
    told = {
        "creator": printable(document.author),
        "lastsaveby": printable(document.author),
        "CreatedDate": f"{document.as_of.isoformat()}T00:00:00Z",
        "ModifiedDate": f"{document.as_of.isoformat()}T00:00:00Z",
        "date": document.as_of.isoformat(),
    }
    for title in root.iter(f"{OPF}title"):
        title.text = printable(document.title)
    for language in root.iter(f"{OPF}language"):
        language.text = document.lang
    gone = {
        item.get("id")
        for item in [*root.iter(f"{OPF}item")]
        if str(item.get("href")).lower().startswith(_LEFT_OUT)
    }
    for item in [*root.iter(f"{OPF}item", f"{OPF}itemref")]:
        parent = item.getparent()
        if parent is not None and (item.get("id") in gone or item.get("idref") in gone):
            parent.remove(item)
    for meta in root.iter(f"{OPF}meta"):
        meta.text = told.get(str(meta.get("name")), "")
    return _dump(root)


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _parse(part: bytes) -> etree._Element:
    """The tree of a part: nothing it names is resolved or fetched."""
    return etree.fromstring(part, _parser())


def _dump(root: etree._Element) -> bytes:
    text = etree.tostring(root, encoding="unicode")
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        + unicodedata.normalize("NFC", text)
    ).encode()


def _numbered(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts with numbers in their order in place of the library's random ones."""
    header = _parse(parts[HEADER])
    header.attrib.pop("ours", None)
    parts[HEADER] = _dump(header)
    known: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return known.setdefault(found.group(), str(1_000_000 + len(known)))

    parts[SECTION] = _RANDOM.sub(number, parts[SECTION].decode()).encode()
    return parts


def _packed(parts: dict[str, bytes]) -> bytes:
    """The archive; its kind stands first and unpacked, as the standard asks."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != "mimetype", name)):
            entry = zipfile.ZipInfo(name, _DAY_OF_ENTRIES)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return target.getvalue()
