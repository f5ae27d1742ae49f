"""PDF files: tagged, in Korean, with page numbers, and nothing a person wrote becomes markup."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from ideas_app.adapters.formats import Column
from ideas_app.adapters.formats.blocks import (
    Code,
    Document,
    Entries,
    Entry,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Picture,
    describe_table,
)
from ideas_app.adapters.formats.pdf import write_pdf

AS_OF = date(2026, 3, 31)
TITLE = "2026 청년정책 선정 목록 #1 *뷁* $x$ \\ @you"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20"><text x="2" y="15">그림글</text></svg>'
DIGEST = "0123456789abcdef" * 4
DOCUMENT = Document(
    title=TITLE,
    about="한 줄로 쓴 까닭",
    author="청년정책 제안",
    lang="ko",
    as_of=AS_OF,
    blocks=(
        Heading("머리말"),
        Facts((("규칙", "균등 몫"),)),
        Paragraph("똠방각하 펲시콜라"),
        Entries((Entry("1", "막차 #let", ("253명이 골랐어요.",), "253표"),)),
        Grid("표 제목", ("모임", "사람"), (("읍면", "37"),), numeric=(1,)),
        Picture(SVG, "그림의 뜻"),
        Code(DIGEST),
    ),
)


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_every_word_can_be_read_back_as_it_was_written() -> None:
    text = text_of(read(write_pdf(DOCUMENT)))
    for words in (
        *(TITLE, "한 줄로 쓴 까닭", "머리말", "규칙 균등 몫", "똠방각하 펲시콜라"),
        *("막차 #let", "253명이 골랐어요.", "표 제목", "읍면 37", "그림글", "그림의 뜻", DIGEST),
    ):
        assert words in text


def test_the_file_is_tagged_and_says_its_language_title_and_standard() -> None:
    reader = read(write_pdf(DOCUMENT))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"].value  # type: ignore[index]
    assert root["/Lang"] == "ko"
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (TITLE, "청년정책 제안")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()  # type: ignore[attr-defined]


def test_every_font_is_embedded() -> None:
    reader = read(write_pdf(DOCUMENT))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert any("Pretendard" in str(font["/BaseFont"]) for font in fonts)
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described)


def test_the_same_document_gives_the_same_bytes() -> None:
    from ideas_app.adapters.formats import pdf

    first = write_pdf(DOCUMENT)
    pdf._compile.cache_clear()
    assert write_pdf(DOCUMENT) == first


@pytest.mark.parametrize(("lang", "word"), [("ko", "데이터기준일자"), ("en", "Data as of")])
def test_a_long_table_repeats_its_head_and_numbers_its_pages(lang: str, word: str) -> None:
    columns = [
        Column("no", "글번호", "No.", "int", width=8),
        Column("title", "제목", "Title", "text", width=40),
        Column("open", "공개", "Open", "bool"),
        Column("phone", "연락처", "Phone", "phone"),
    ]
    rows = [{"no": 1000 + n, "title": f"제안 {n}", "open": True, "phone": None} for n in range(120)]
    reader = read(
        write_pdf(
            describe_table(
                columns,
                rows,
                lang="en" if lang == "en" else "ko",
                title="제안",
                author="청년정책 제안",
                as_of=AS_OF,
                notes=["이 파일은 내부용입니다"],
                mark="Sora 2026-03-31",
            )
        )
    )
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 2
    assert "이 파일은 내부용입니다" in pages[0]
    for number, page in enumerate(pages, start=1):
        assert columns[1].title("en" if lang == "en" else "ko") in page
        assert f"{word} 2026-03-31" in page
        assert "Sora 2026-03-31" in page
        assert f"{number} / {len(pages)}" in page
    assert "1,119 제안 119 Y" in "\n".join(pages)
