"""The README of a bundle: what it is, what each table and column means, in Korean and then in English. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ideas_app.adapters.formats import Language
    from ideas_app.opendata.rules.package import About
    from ideas_app.opendata.rules.tables import Table

_LEADS: dict[Language, tuple[str, ...]] = {
    "ko": (
        "- 제공기관: {provider}",
        "- 데이터기준일자: {day}",
        "- 이용허락: {licence} <{path}>",
        "- 출처 표시 보기: {provider}, 「{title}」, {day}, {home}",
        "",
        (
            "기준일에 누구나 누리집에서 읽을 수 있던 것만 담았습니다. "
            "글쓴이의 별명, 동네, 댓글은 담지 않았습니다. "
            "거둬들였거나 싣지 않은 제안은 제목과 갈래만 있습니다. 연간 성과에서 사람 수가 5명 미만이거나 "
            "빼서 알 수 있는 값은 비어 있습니다."
        ),
        "",
        (
            "- `csv/`: UTF-8(BOM), 첫 줄은 이름, 날짜는 YYYY-MM-DD, 갈래는 말로 적음, "
            "마지막 열은 데이터기준일자. "
            "스프레드시트가 수식으로 읽을 칸은 앞에 작은따옴표(')가 붙어 있습니다."
        ),
        "- `json/`: 같은 줄이 `items`에 있습니다. 이름과 갈래의 부호는 언어가 달라도 같고 바뀌지 않습니다.",
        "- `datapackage.json`: 표와 열, 참조의 정의(datapackage.org).",
        "- `SHA256SUMS`: 파일마다의 SHA-256.",
    ),
    "en": (
        "- Published by: {provider}",
        "- Data as of: {day}",
        "- Licence: {licence} <{path}>",
        "- How to cite: {provider}, “{title}”, {day}, {home}",
        "",
        (
            "It holds only what everybody could read on the site on that day. Nicknames of authors, "
            "neighbourhoods and comments are not in it. Of ideas taken back or not published there is the title "
            "and the code. In the yearly report figures about fewer than 5 people, and those from which one could "
            "be worked out, are empty."
        ),
        "",
        (
            "- `csv/`: UTF-8 with byte order mark, one header row, dates as YYYY-MM-DD, words in place of codes, "
            "the last column is the day of the data. A cell that a spreadsheet would take for a formula begins "
            "with an apostrophe."
        ),
        "- `json/`: the same rows under `items`. Keys and codes are the same in both languages and do not change.",
        "- `datapackage.json`: tables, columns and references as a Data Package (datapackage.org).",
        "- `SHA256SUMS`: the SHA-256 of each file.",
    ),
}
_PABULIB: dict[Language, str] = {
    "ko": "- `ballots.pb`: 이름 없는 투표지(pabulib.org 형식). 이 파일로 누구나 선정 목록을 다시 셀 수 있습니다.",
    "en": "- `ballots.pb`: the anonymous ballots (pabulib.org): anybody can count the shortlist again from them.",
}
_CODES: dict[Language, str] = {"ko": "갈래의 부호와 말", "en": "Codes and their words"}


def write_readme(about: About, tables: Sequence[Table], *, has_ballots: bool) -> str:
    """The text of the file, as Markdown."""
    lines = [f"# {about.title}", ""]
    languages: tuple[Language, Language] = ("ko", "en")
    for lang in languages:
        lines += [*_part(about, tables, lang, has_ballots=has_ballots), ""]
    return "\n".join(lines).rstrip() + "\n"


def _part(
    about: About, tables: Sequence[Table], lang: Language, *, has_ballots: bool
) -> Iterator[str]:
    yield "## 한국어" if lang == "ko" else "## English"
    yield ""
    values = {
        "provider": about.provider,
        "day": about.as_of.isoformat(),
        "licence": about.licence.title(lang),
        "path": about.licence.path,
        "title": about.title,
        "home": about.home,
    }
    for line in _LEADS[lang]:
        yield line.format(**values)
    if has_ballots:
        yield _PABULIB[lang]
    for table in tables:
        yield ""
        yield f"### {table.title(lang)} (`{table.name}`)"
        yield ""
        yield f"{table.about(lang)}."
        yield ""
        for column in table.columns:
            yield f"- {column.title(lang)} (`{column.key}`): {column.definition(lang)}"
    yield ""
    yield f"### {_CODES[lang]}"
    yield ""
    words = about.words_ko if lang == "ko" else about.words_en
    used = {column.key for table in tables for column in table.columns}
    for name in sorted(words.keys() & used):
        listed = ", ".join(f"`{code}` {word}" for code, word in words[name].items())
        yield f"- `{name}`: {listed}"
