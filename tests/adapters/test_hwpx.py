"""HWPX files: read back with their tables, in composed Hangul, the same bytes for the same document."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import replace

import pytest

from ideas_app.adapters.formats import hwpx, templates
from ideas_app.adapters.formats.blocks import PageBreak, Paragraph
from ideas_app.adapters.formats.hwpx import list_faults, read_markdown, write_hwpx
from tests.adapters.test_pdf import DIGEST, DOCUMENT, TITLE


def part_of(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_every_word_and_the_table_can_be_read_back() -> None:
    content = write_hwpx(DOCUMENT)
    text = read_markdown(content)
    for words in (
        TITLE,
        "한 줄로 쓴 까닭",
        "머리말",
        "똠방각하 펲시콜라",
        "253명이 골랐어요.",
        DIGEST,
    ):
        assert words in text
    assert "| 모임 | 사람 |" in text
    assert "| 읍면 | 37 |" in text
    assert list_faults(content) == []


def test_the_foot_says_who_and_when_and_the_properties_name_no_person() -> None:
    content = write_hwpx(replace(DOCUMENT, mark="소라 2026-03-31 위원회"))
    section = part_of(content, hwpx.SECTION)
    assert "청년정책 제안 · 데이터기준일자 2026-03-31 · 소라 2026-03-31 위원회" in section
    properties = part_of(content, hwpx.PROPERTIES)
    assert "synthetic" not in properties
    assert "소라" not in properties
    assert "2026-03-31" in properties


def test_hangul_is_composed_and_markup_stays_text() -> None:
    taken_apart = unicodedata.normalize("NFD", "김군산 <hp:p>&lt;")
    content = write_hwpx(replace(DOCUMENT, blocks=(Paragraph(taken_apart), PageBreak())))
    section = part_of(content, hwpx.SECTION)
    assert unicodedata.is_normalized("NFC", section)
    assert "김군산 &lt;hp:p&gt;&amp;lt;" in section


def test_the_same_document_gives_the_same_bytes_across_the_page_too() -> None:
    for document in (DOCUMENT, replace(DOCUMENT, is_wide=True)):
        first = write_hwpx(document)
        hwpx._blank.cache_clear()
        assert write_hwpx(document) == first


def template_of(*paragraphs: str) -> bytes:
    """A file as the centre would upload it."""
    return write_hwpx(
        replace(
            DOCUMENT, title="양식", about="", blocks=tuple(Paragraph(one) for one in paragraphs)
        )
    )


def test_the_centres_own_form_is_kept_around_the_body() -> None:
    form = template_of("군산시 청년센터 공문", "제목: {{제목}}", "{{본문}}", "끝. {{꼬리말}}")
    templates.check_template(form)
    content = write_hwpx(replace(DOCUMENT, mark="업무용"), form)
    text = read_markdown(content)
    assert text.index("군산시 청년센터 공문") < text.index("읍면") < text.index("끝.")
    assert f"제목: {TITLE}" in text
    assert "업무용" in text
    assert "{{" not in text
    assert list_faults(content) == []


def test_a_form_without_title_and_foot_loses_neither() -> None:
    text = read_markdown(write_hwpx(replace(DOCUMENT, mark="업무용"), template_of("{{본문}}")))
    assert TITLE in text
    assert "업무용" in text


def test_what_could_run_in_a_form_is_left_out() -> None:
    form = with_part(
        template_of("{{본문}}"), "Scripts/headerScripts", b"function OnDocument_Open(){}"
    )
    templates.check_template(form)
    with zipfile.ZipFile(io.BytesIO(write_hwpx(DOCUMENT, form))) as archive:
        assert not [name for name in archive.namelist() if name.startswith("Scripts")]


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for each in source.namelist():
            if each != name:
                archive.writestr(each, source.read(each))
        archive.writestr(name, data)
    return target.getvalue()


GOOD = template_of("{{본문}}")
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04 not an archive", "not_hwpx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_hwp"),
        (b"x" * (templates.MAX_BYTES + 1), "file_too_large"),
        (with_part(GOOD, "mimetype", b"application/zip"), "not_hwpx"),
        (with_part(GOOD, "Contents/section1.xml", ENTITY), "doctype"),
        (with_part(GOOD, "Contents/section1.xml", ENTITY.decode().encode("utf-16")), "doctype"),
        (with_part(GOOD, "BinData/bomb.bin", b"\0" * 40_000_000), "unpacks_too_large"),
        (with_part(GOOD, "../escape.xml", b"<a/>"), "not_hwpx"),
        (with_part(GOOD, "Contents/deep.xml", b"<a>" * 500 + b"</a>" * 500), "not_hwpx"),
        (template_of("본문이 없는 양식"), "no_body"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_doubtful_template_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(templates.TemplateError) as fault:
        templates.check_template(content)
    assert fault.value.code == code
